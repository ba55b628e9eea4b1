"""Training of the small models that ship with the package: `genart train NAME`."""
