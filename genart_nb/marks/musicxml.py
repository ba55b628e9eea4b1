"""MusicXML: the record as a miscellaneous field (https://www.w3.org/2021/06/musicxml40/)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from genart_nb.marks.base import READ_MAX, Found, text_of

if TYPE_CHECKING:
    from genart_nb.marks.mark import Mark

_PLACE = b"<part-list"
_OURS = re.compile(
    rb'<identification><encoding><software>(genart_nb [^<]*)</software></encoding><miscellaneous>'
    rb'<miscellaneous-field name="genart">([^<]*)</miscellaneous-field></miscellaneous></identification>'
)  # fmt: skip
_SOFTWARE = re.compile(rb"<software>([^<]{1,200})</software>")


class MusicXml:
    """A MusicXML score, not packed."""

    suffixes = (".musicxml", ".xml")

    def knows(self, content: bytes) -> bool:
        """Its root element."""
        return b"<score-partwise" in content[:4096]

    def put(self, content: bytes, mark: Mark) -> bytes:
        """Where the standard has it, before the list of parts; raises ValueError where another program was first."""
        at = content.find(_PLACE)
        if at < 0 or b"<identification" in content[:at]:
            raise ValueError("the score has no parts, or another program's identification is in the way")
        told = (
            b"<identification><encoding><software>" + mark.software.encode() + b"</software></encoding>"
            b"<miscellaneous>"
            b'<miscellaneous-field name="genart">' + mark.json
            + b"</miscellaneous-field></miscellaneous></identification>"
        )
        return content[:at] + told + content[at:]

    def find(self, content: bytes) -> Found:
        """Our field, and the program that wrote the score."""
        ours = _OURS.search(content, 0, READ_MAX)
        software = _SOFTWARE.search(content, 0, READ_MAX)
        return Found(ours[2] if ours else None, software=text_of(software[1]) if software else "")

    def strip(self, content: bytes) -> bytes:
        """Without our field."""
        ours = _OURS.search(content, 0, READ_MAX)
        return content[: ours.start()] + content[ours.end() :] if ours else content
