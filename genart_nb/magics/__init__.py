"""Cell and line magics: one grammar for all."""
