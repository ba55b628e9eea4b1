"""The painter for a page: `assets(folder, card)` once a site, `easel(recipe, desk)` once an easel."""

from genart_nb.publishing.browser.assets import write as assets
from genart_nb.publishing.browser.easels import ARRANGEMENTS, easel

__all__ = ["ARRANGEMENTS", "assets", "easel"]
