"""Restylers: any picture in the style of others. The starter's networks, a shelf of styles, and diffusers pipelines."""
