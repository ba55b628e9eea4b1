"""`genart publish`: a folder that shows notebooks of generated art, works offline, and keeps its sliders alive."""
