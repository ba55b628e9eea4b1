"""Art forms: the Options and the `make` of each, one file apiece."""
