"""Reads our HTML back, as strictly as it was meant."""

import re
from html.parser import HTMLParser

OUR_TAGS = frozenset(
    re.findall(
        r"\w+",
        "style figure figcaption h4 p br span div small strong em code ul ol li hr dl dt dd blockquote b i pre ins del "
        "details summary iframe",
    )
)
OUR_ATTRIBUTES = frozenset(
    re.findall(
        r"[\w-]+",
        "class dir lang role start tabindex title sandbox srcdoc loading width height style aria-label aria-busy",
    )
)
VOID = {"br", "hr"}


class Reader(HTMLParser):
    """Collects tags, attributes and text, and checks that elements nest."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1:] != ["style"]:
            self.text += data
