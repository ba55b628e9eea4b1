"""Media: how each kind of content is stored, identified and shown. Third parties add theirs as `genart_nb.media`."""

from __future__ import annotations

from genart_nb.media.base import Medium, Sheet, medium

__all__ = ["Medium", "Sheet", "medium"]
