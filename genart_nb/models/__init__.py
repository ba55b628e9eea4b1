"""Weights: what they are, where they come from, and how they are loaded and kept."""
