"""`genart publish` and `genart serve`: what is asked for in a shell, and what is told there."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from genart_nb.errors import UsageError
from genart_nb.publishing import parameters
from genart_nb.publishing.progress import tell
from genart_nb.publishing.site import build, execute, notebook
from genart_nb.publishing.site.easels import Wanted
from genart_nb.publishing.site.frames import BUDGET, size_of

_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*(k|M|G)?B?", re.IGNORECASE)
_UNITS = {"": 1, "k": 1e3, "m": 1e6, "g": 1e9}


def run(arguments: Sequence[str]) -> int:
    """Publish; returns 0. What the reader should doubt is told, and does not fail it. Raises GenartError."""
    given = _read(_publish_parser(), arguments, "genart publish --help")
    if given is None:
        return 0
    if given.set and not given.run:
        raise UsageError("--set has a meaning only with --run.", "add --run")
    books = [notebook.read(path) for path in given.notebooks]
    if given.run:
        values = parameters.read(given.set)
        books = [execute.executed(book, values, tell) for book in books]
    most = bytes_of(given.max_size) if given.single_file else None
    wanted = Wanted(given.frames, bytes_of(given.budget), painter=not given.no_painter, most=most)
    order = build.Order(
        Path(given.to), given.title, given.url, given.repo, metadata=not given.no_metadata,
        single_file=given.single_file, sign=not given.no_sign, wanted=wanted,
    )  # fmt: skip
    made = build.publish(books, order, told=tell)
    tell("")
    for line in made.reports:
        print(f"  {line}", file=sys.stderr)
    for line in made.faults:
        print(f"Careful: {line}", file=sys.stderr)
    print(f"{made.files} files, {size_of(made.nbytes)}. Open", file=sys.stderr)
    print(made.index)
    return 0


def serve(arguments: Sequence[str]) -> int:
    """Serve a site on loopback, with this machine's studio behind its sliders, until it is interrupted."""
    parser = argparse.ArgumentParser("genart serve", description="Serve a published site; its sliders use your models.")
    parser.add_argument("site", type=Path, help="the folder that genart publish wrote")
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; any free one if not given")
    parser.add_argument("--any-model", action="store_true", help="also load models that are not among yours")
    given = _read(parser, arguments, "genart serve --help")
    if given is None:
        return 0
    if not 0 <= given.port <= 65535:
        raise UsageError(f"--port {given.port} is no port.", "give one in 1024..65535, or none")
    from genart_nb.publishing.site.server import Server

    server = Server(given.site, given.port, any_model=given.any_model)
    print(f"Serving {given.site} to this machine only. Stop with Ctrl-C. Open", file=sys.stderr)
    print(server.url, flush=True)
    server.run()
    return 0


def bytes_of(text: str) -> int:
    """`4MB`, `500kB` or a plain number, as bytes; raises UsageError."""
    found = _SIZE.fullmatch(text.strip())
    count = int(float(found[1]) * _UNITS[(found[2] or "").lower()]) if found else 0
    if count < 1000:
        raise UsageError(f"{text!r} is no size.", "write --budget 4MB or --max-size 60MB")
    return count


def _publish_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "genart publish", description="Make a folder of pages that shows notebooks, offline and with live sliders."
    )
    say = parser.add_argument
    say("notebooks", nargs="+", type=Path, metavar="NOTEBOOK")
    say("--to", default="site", help="folder to write into (site)")
    say("--run", action="store_true", help="run the notebooks first; nothing is published where a cell fails")
    say("--set", action="append", default=[], metavar="NAME=VALUE", help=parameters.HELP)
    say("--frames", default="", help='pictures made ahead for every easel, "freedom=6,guidance=3"; none for none')
    say("--budget", default=f"{BUDGET // 1_000_000}MB", help="bytes that one easel's pictures may take (4MB)")
    say("--no-painter", action="store_true", help="leave out the painter that runs in the reader's browser")
    say("--single-file", action="store_true", help="one HTML file for each notebook, everything inside")
    say("--max-size", default="25MB", help="with --single-file: the painter comes along if it takes no more (25MB)")
    say("--title", default="", help="name of the site")
    say("--url", default="", help="where the folder will be served: for the feed and for pictures of shared links")
    say("--repo", default="", help="GitHub address of the notebooks, for links that open them in Binder and Colab")
    say("--no-metadata", action="store_true", help="leave the recipes out of the picture files")
    say("--no-sign", action="store_true", help="leave out the signatures (C2PA) of pictures and clips")
    return parser


def _read(parser: argparse.ArgumentParser, arguments: Sequence[str], fix: str) -> Any:
    """The arguments; None where only help was wanted."""
    try:
        return parser.parse_args(list(arguments))
    except SystemExit as leaving:
        if not leaving.code:
            return None
        raise UsageError("These arguments were not understood.", fix) from None
