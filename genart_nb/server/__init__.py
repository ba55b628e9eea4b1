"""The Jupyter server extension: REST routes under /genart for the lab extension. It loads no model and no torch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jupyter_server.serverapp import ServerApp


def _jupyter_server_extension_points() -> list[dict[str, Any]]:
    return [{"module": "genart_nb.server"}]


def _load_jupyter_server_extension(app: ServerApp) -> None:
    """Add the routes. Jupyter calls this where `jpserver_extensions` names the package."""
    from genart_nb.server.routes import routes

    base = app.web_app.settings["base_url"]
    app.web_app.add_handlers(".*$", routes(base))  # type: ignore[no-untyped-call]
