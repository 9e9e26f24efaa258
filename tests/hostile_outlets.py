"""The outlets of the hostile web that behave: half of it, of every size, format, packing and kind of validator."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import cycle, islice
from typing import Literal

from tests.hostile import PACKERS, Answer, Asked, End, Outlet, Steps, head, reply
from tests.hostile_documents import (
    TYPES,
    List,
    Tale,
    atom,
    index,
    json_feed,
    news_sitemap,
    page,
    rdf,
    rss,
    section,
    sitemap,
    sport,
    text_sitemap,
)

Validators = Literal["etag", "modified", "both", "none", "stuck", "repeated"]
_WAYS = {sitemap: "sitemaps", news_sitemap: "sitemaps", text_sitemap: "sitemaps", section: "sections"}


@dataclass
class Press(Outlet):
    """An outlet with ``tales``, listed in the format ``form`` at ``list_path``; ``more`` are further pages it lists.

    ``validators`` of the list: the usual ones; ``stuck`` is an ETag that stays though the list changes, and is
    believed by the server; ``repeated`` one that stays but is never answered with 304.
    """

    tales: list[Tale] = field(default_factory=list)
    form: List = rss
    validators: Validators = "etag"
    packed: str = ""
    chunked: bool = False
    indexed: bool = False
    more: dict[str, Answer] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
    list_path: str = "/feed"
    kind: str = ""
    version: int = 1

    def __post_init__(self) -> None:
        way = _WAYS.get(self.form, "feeds")
        self.feeds = self.sitemaps = self.sections = ()
        setattr(self, way, ("/index.xml",) if self.indexed else (self.list_path,))
        self.others = self._other

    def rows(self) -> list[tuple[str, str]]:
        """What it lists: addresses and headlines."""
        more = [(path, self.titles.get(path, "Clash at the Karst Gate, more to follow")) for path in self.more]
        return [(tale.path, tale.title) for tale in reversed(self.tales)] + more

    def publish(self, *tales: Tale) -> set[str]:
        """Add stories; return their URLs."""
        self.tales += tales
        self.version += 1
        return {self.url + tale.path for tale in tales}

    def stories(self) -> set[str]:
        """The URLs of its stories."""
        return {self.url + tale.path for tale in self.tales}

    def _other(self, path: str) -> Answer | None:
        if path == self.list_path:
            return self._list
        if path == "/index.xml" and self.indexed:
            return reply(index(self.url, [self.list_path]), type="application/xml")
        if path in self.more:
            return self.more[path]
        tale = next((tale for tale in self.tales if tale.path == path), None)
        if tale is None:
            return None
        return reply(page(tale), packed=self.packed)

    def _list(self, asked: Asked) -> Steps:
        body = self.form(self.url, self.rows()).encode()
        etag = '"one"' if self.validators in ("stuck", "repeated") else f'"{hashlib.sha1(body).hexdigest()[:12]}"'
        modified = f"Sun, 12 Oct 2025 08:00:{self.version:02d} GMT"
        lines = [f"ETag: {etag}"] if self.validators not in ("none", "modified") else []
        lines += [f"Last-Modified: {modified}"] if self.validators in ("modified", "both") else []
        same = asked.headers.get("if-none-match") == etag or asked.headers.get("if-modified-since") == modified
        if same and self.validators not in ("none", "repeated"):
            return [head(304, *lines, type=""), End.KEEP]
        if self.packed:
            body, lines = PACKERS[self.packed](body), [*lines, f"Content-Encoding: {self.packed}"]
        kind = self.kind or TYPES[self.form]
        if self.chunked:
            half = len(body) // 2
            parts = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (body[:half], body[half:]))
            return [head(200, "Transfer-Encoding: chunked", *lines, type=kind), parts + b"0\r\n\r\n", End.KEEP]
        return [head(200, f"Content-Length: {len(body)}", *lines, type=kind) + body, End.KEEP]


def tales(start: int, count: int, paragraphs: int = 5) -> list[Tale]:
    """So many stories, numbered from ``start``."""
    return [Tale(number, paragraphs) for number in range(start, start + count)]


def good_outlets(count: int = 50) -> list[Press]:
    """Outlets that do nothing wrong, each unlike its neighbours."""
    forms: Sequence[List] = (rss, atom, news_sitemap, json_feed, rss, sitemap, rdf, section, rss, text_sitemap)
    validators: Sequence[Validators] = ("etag", "modified", "both", "none")
    packings = ("", "gzip", "", "br", "zstd", "", "deflate")
    sizes = (1, 12, 4, 7, 2, 25, 5)
    lengths = (3, 6, 30, 4, 10, 60)
    outlets = []
    given = zip(*(cycle(kinds) for kinds in (forms, validators, packings, sizes, lengths)), strict=False)
    for number, (form, validator, packed, size, length) in enumerate(islice(given, count), 1):
        # A listing page is told by its many links that look alike.
        several = max(size, 6) if form is section else size
        outlet = Press(
            f"good-{number}",
            tales=tales(number * 100, several, length),
            form=form,
            validators=validator,
            packed=packed,
            chunked=number % 3 == 0,
            indexed=form is news_sitemap and number % 2 == 0,
        )
        if form not in (section, text_sitemap):
            outlet.more = {f"/2025/10/12/six-wickets-for-the-home-side-{number}": reply(sport(number))}
        outlets.append(outlet)
    return outlets
