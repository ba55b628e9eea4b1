"""Generative art, native to Jupyter."""

__version__ = "0.1.0"
