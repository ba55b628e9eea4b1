"""XMP packets: the one block of metadata that every picture and film format has a place for.

ISO 16684-1; where it goes in each file: https://developer.adobe.com/xmp/docs/XMPSpecifications/ (part 3). Packets are
searched by their bytes, not parsed as XML, so that a hostile one has no parser to attack.
"""

from __future__ import annotations

import functools
import html
import re
from collections.abc import Mapping

from genart_nb.marks.base import READ_MAX

NAMESPACE = "urn:genart-nb:record:1#"
"""Names our properties; a name, not a place."""

_BEGIN = '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
_END = '<?xpacket end="r"?>'
_SPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "xmpNote": "http://ns.adobe.com/xmp/note/",
    "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
    "genart": NAMESPACE,
}
escape = functools.partial(html.escape, quote=False)
_RECORD = re.compile(rb"<genart:record>([^<]*)</genart:record>")
_NOTE = re.compile(rb"<genart:note>([^<]*)</genart:note>")
_TOOL = re.compile(rb"""(?:<xmp:CreatorTool>|xmp:CreatorTool=["'])([^<"']{1,200})""")


def packet(prompt: str, tool: str, source: str, record: str, *, note: str = "", extra: Mapping[str, str]) -> bytes:
    """A packet in UTF-8; `prompt` has no control characters, `record` is our JSON or empty."""
    spaces = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in _SPACES.items())
    properties = {
        "genart:note": escape(note),  # first: the reader of clips takes the first rate that it finds
        "xmp:CreatorTool": escape(tool),
        "Iptc4xmpExt:DigitalSourceType": escape(source),
        "dc:description": f'<rdf:Alt><rdf:li xml:lang="x-default">{escape(prompt)}</rdf:li></rdf:Alt>',
        **{name: escape(value) for name, value in extra.items()},
        "genart:record": record,
    }
    body = "".join(f"<{name}>{value}</{name}>\n" for name, value in properties.items() if value)
    text = (
        f'{_BEGIN}\n<x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n'
        f'<rdf:Description rdf:about="" {spaces}>\n{body}</rdf:Description></rdf:RDF></x:xmpmeta>\n{_END}'
    )
    return text.encode()


def inner(content: bytes) -> bytes:
    """A packet without its wrapper, as it goes into a file that is XML itself."""
    return content.removeprefix(_BEGIN.encode()).removesuffix(_END.encode()).strip()


def is_ours(content: bytes) -> bool:
    """Whether we wrote the packet."""
    return NAMESPACE.encode() in content


def record(content: bytes) -> bytes | None:
    """Our JSON in a packet."""
    found = _RECORD.search(content, 0, READ_MAX)
    return found[1] if found else None


def note(content: bytes) -> bytes:
    """The note that the packet took the place of."""
    found = _NOTE.search(content, 0, READ_MAX)
    return html.unescape(found[1].decode("utf-8", "replace")).encode() if found else b""


def tool(content: bytes) -> str:
    """The program that a packet says it was written by."""
    found = _TOOL.search(content, 0, READ_MAX)
    return html.unescape(found[1].decode("utf-8", "replace")) if found else ""
