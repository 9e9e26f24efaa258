"""Stories and incidents as an Atom feed (RFC 4287), piece by piece, so that its length costs no memory."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import NAMESPACE_URL, uuid5
from xml.sax.saxutils import escape, quoteattr

# Characters that no XML 1.0 document may hold, however they are written.
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Entry:
    """One entry: ``kind`` and ``id`` make an identifier that never changes; times are ISO 8601 with a zone."""

    kind: str
    id: str
    title: str
    updated: str
    published: str | None
    content: str
    links: tuple[str, ...] = ()
    rel: str = "alternate"
    author: str = ""
    language: str = ""
    categories: tuple[str, ...] = ()


def feed(title: str, updated: str, entries: Iterable[Entry]) -> Iterator[str]:
    """The feed, in pieces: its head, each entry, its end. ``updated`` is when it last changed."""
    yield (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n'
        f"<title>{_text(title)}</title>\n<id>{_urn('feed', title)}</id>\n<updated>{_text(updated)}</updated>\n"
        "<author><name>Border Monitor</name></author>\n<generator>border-monitor</generator>\n"
    )
    for entry in entries:
        yield _entry(entry)
    yield "</feed>\n"


def _entry(entry: Entry) -> str:
    lines = [
        f"<entry{f' xml:lang={_attribute(entry.language)}' if entry.language else ''}>",
        f"<title>{_text(entry.title)}</title>",
        f"<id>{_urn(entry.kind, entry.id)}</id>",
        f"<updated>{_text(entry.updated)}</updated>",
        *([f"<published>{_text(entry.published)}</published>"] if entry.published else []),
        *([f"<author><name>{_text(entry.author)}</name></author>"] if entry.author else []),
        *(
            f"<link rel={_attribute(entry.rel)} href={_attribute(link)}/>"
            for link in entry.links
            if link.startswith(("http://", "https://"))
        ),
        *(f"<category term={_attribute(category)}/>" for category in entry.categories),
        f'<content type="text">{_text(entry.content)}</content>',
        "</entry>",
    ]
    return "\n".join(lines) + "\n"


def _urn(kind: str, identifier: str) -> str:
    """An identifier that is the same on every machine and for all time (RFC 4122, version 5)."""
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'border-monitor:{kind}:{identifier}')}"


def _text(text: str) -> str:
    return escape(_ILLEGAL.sub("", text))


def _attribute(text: str) -> str:
    return quoteattr(_ILLEGAL.sub("", text))
