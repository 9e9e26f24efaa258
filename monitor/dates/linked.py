"""The JSON-LD data of a page: read once, bounded, and gone through breadth first."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_SCRIPTS, _SCRIPT_CHARS, _DEPTH = 20, 500_000, 12  # bounds: pages are hostile
_NODES = 2_000
# schema.org types of a story; those of a page or site are others.
STORY_TYPE = re.compile(r"(?:Article|Posting|BlogPost|Report|Blog)$")
# Members that hold other things than the story itself.
_OTHERS = frozenset(
    {
        *("author", "citation", "comment", "hasPart", "image", "isBasedOn", "isPartOf", "itemListElement", "mentions"),
        *("publisher", "relatedLink", "review", "subjectOf", "thumbnail", "video", "audio", "associatedMedia"),
    }
)
_BLEMISHES = re.compile(r"/\*.*?\*/|<!--|-->|<!\[CDATA\[|\]\]>|,(?=\s*[}\]])", re.S)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """The text of a script that is no JSON, however kindly it is read."""

    text: str


def linked_data(tree: HtmlElement) -> list[Any]:
    """The value of each JSON-LD script of the page, in order; an ``Unreadable`` for one that cannot be read."""
    scripts = tree.xpath("//script[contains(translate(@type, 'LDJSON', 'ldjson'), 'ld+json')]")
    return [_json((script.text or "")[:_SCRIPT_CHARS]) for script in scripts[:_SCRIPTS]]


def _json(text: str) -> Any:
    """The value of a JSON text with the blemishes usual on pages."""
    for attempt in (text, _BLEMISHES.sub(" ", text)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return Unreadable(text)


def nodes(linked: Sequence[Any]) -> Iterator[tuple[dict[str, Any], list[str]]]:
    """The nodes of JSON-LD values with their types, breadth first; other things than the story are left out."""
    waiting: deque[tuple[Any, int]] = deque((value, 0) for value in linked)
    seen = 0
    while waiting and seen < _NODES:
        seen += 1
        node, depth = waiting.popleft()
        if depth >= _DEPTH:
            continue
        if isinstance(node, list):
            waiting += [(item, depth + 1) for item in node]
        elif isinstance(node, dict):
            types = node.get("@type")
            yield node, [str(name) for name in (types if isinstance(types, list) else [types])]
            waiting += [(value, depth + 1) for key, value in node.items() if key not in _OTHERS]
