"""Publishing: notebooks that are checked, and pages that are shared."""
