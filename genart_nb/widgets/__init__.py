"""Live widgets: one kind a file, its JavaScript beside it."""
