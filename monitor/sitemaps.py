"""Sitemaps: lists of URLs as XML or text, Google News sitemaps, and indexes of them."""

from __future__ import annotations

import heapq
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Literal

from lxml import etree

from monitor.entries import MAX_TITLE, Entry, language_tag, plain_text, usable_link
from monitor.errors import FeedError
from monitor.feeddates import read_date
from monitor.feedtree import local_name
from monitor.xmltext import MAX_SITEMAP, Decoded, read_text
from monitor.xmltree import FEED_ROOTS, MAX_SITEMAP_TAGS, SITEMAP_ROOTS, find_root, parse_tree

MAX_URLS = 50_000  # rows looked at: what the protocol allows one sitemap to hold
MAX_LISTED = 5_000  # rows kept, the newest
RECENT = timedelta(days=3)
_FIELDS = frozenset("loc lastmod news publication publication_date title language name".split())
_YEAR_FIRST = re.compile(r"\s*\d{4}-\d\d")
_URL_LINE = re.compile(r"https?://\S+")


@dataclass(frozen=True, slots=True)
class Child:
    """A sitemap that an index lists; ``lastmod`` is aware, None when not given or not readable."""

    url: str
    lastmod: datetime | None = None


@dataclass(frozen=True, slots=True)
class Sitemap:
    """A sitemap as read: ``children`` of an index, ``entries`` of a list of pages, in the document's order.

    ``problem``, ``dropped`` and ``truncated`` are as for a feed.
    """

    kind: Literal["index", "urlset"]
    children: tuple[Child, ...] = ()
    entries: tuple[Entry, ...] = field(default=(), repr=False)
    problem: str | None = None
    truncated: bool = False
    dropped: int = 0


def parse_sitemap(
    body: bytes,
    url: str,
    content_type: str | None = None,
    now: datetime | None = None,
    zone: tzinfo = UTC,
) -> Sitemap:
    """Read the sitemap ``body``, gzip-packed or not, that was fetched from ``url``; arguments as for ``parse_feed``.

    An entry's ``published_at`` is Google News' publication date, ``modified_at`` the ``lastmod``. Raises FeedError, one
    sentence beginning with ``url``, when the document is no sitemap.
    """
    decoded = read_text(body, content_type, MAX_SITEMAP)
    return read_sitemap(decoded, url, now or datetime.now(UTC), zone)


def is_url_list(text: str) -> bool:
    """Whether ``text`` is a sitemap in its plain form: one URL a line, and nothing else in its first lines."""
    lines = [line.strip() for line in text[:20_000].split("\n", 5)[:5]]
    return any(lines) and all(_URL_LINE.fullmatch(line) for line in lines if line)


def read_sitemap(decoded: Decoded, url: str, now: datetime, zone: tzinfo = UTC) -> Sitemap:
    """``parse_sitemap`` for a document that is decoded already."""
    if is_url_list(decoded.text.lstrip("\ufeff")):
        return _read_lines(decoded, url)
    start = find_root(decoded.text)
    if start.name not in SITEMAP_ROOTS:
        raise FeedError(f"{url}: {_refusal(decoded.text, start.name)}")
    tree = parse_tree(decoded.text, start, MAX_SITEMAP_TAGS, decoded.truncated)
    if tree is None or local_name(tree.root) not in SITEMAP_ROOTS:
        raise FeedError(f"{url}: is a sitemap too broken to be read")
    rows = list(itertools.islice(_rows(tree.root), MAX_URLS + 1))
    kept = _newest(rows[:MAX_URLS])
    linked = [(link, row) for row in kept if (link := usable_link(row.get("loc"), url))]
    dropped = len(kept) - len(linked)
    problems = [*decoded.problems, *tree.problems]
    problems += [f"{dropped} of {len(kept)} URLs cannot be followed"] if dropped else []
    is_index = local_name(tree.root) == "sitemapindex"
    return Sitemap(
        kind="index" if is_index else "urlset",
        children=tuple(Child(link, _lastmod(row, now, zone)) for link, row in linked) if is_index else (),
        entries=() if is_index else tuple(_entry(link, row, now, zone) for link, row in linked),
        problem="; ".join(problems) or None,
        truncated=tree.truncated or len(rows) > len(kept),
        dropped=dropped,
    )


def recent_children(sitemap: Sitemap, limit: int = 5) -> tuple[Child, ...]:
    """The parts of an index that can hold news, at most ``limit``, newest first.

    Dated ones are those that changed within three days of the newest. Undated ones go by the numbers in their names
    (years, months, pages), the highest first, behind those that are named for being new.
    """
    children = sitemap.children
    dated = [child for child in children if child.lastmod is not None]
    if dated:
        newest = max(child.lastmod for child in dated if child.lastmod)
        fresh = [child for child in dated if child.lastmod and child.lastmod >= newest - RECENT]
        fresh.sort(key=lambda child: child.lastmod or newest, reverse=True)
        return tuple(fresh[:limit])
    return tuple(sorted(children, key=lambda child: _newness(child.url), reverse=True)[:limit])


def recent_entries(sitemap: Sitemap, limit: int = 500) -> tuple[Entry, ...]:
    """The pages that can be news, at most ``limit``, newest first.

    Dated ones are those published or changed within three days of the newest; where none is dated, the first listed.
    """
    dated = [(moment, entry) for entry in sitemap.entries if (moment := entry.published_at or entry.modified_at)]
    if not dated:
        return sitemap.entries[:limit]
    newest = max(moment for moment, _ in dated)
    fresh = [pair for pair in dated if pair[0] >= newest - RECENT]
    fresh.sort(key=lambda pair: pair[0], reverse=True)
    return tuple(entry for _, entry in fresh[:limit])


def _newness(url: str) -> tuple[bool, list[int]]:
    named = re.search(r"news|latest|recent|today", url.rpartition("/")[2], re.I) is not None
    return named, [int(number[:9]) for number in re.findall(r"\d+", url)]


def _refusal(text: str, root: str) -> str:
    if not text.strip():
        return "is empty where a sitemap should be"
    if root in FEED_ROOTS:
        return "is a feed and no sitemap; declare it under `feeds`"
    if root == "html" or "<!doctype html" in text[:1024].lower():
        return "is a web page and no sitemap; give the address of the sitemap itself"
    return "is no sitemap: neither <urlset>, <sitemapindex> nor one URL a line"


def _read_lines(decoded: Decoded, url: str) -> Sitemap:
    lines = [line for line in decoded.text.splitlines() if line.strip()]
    links = [usable_link(line, url) for line in lines[:MAX_LISTED]]
    entries = tuple(Entry(link, id=link) for link in links if link)
    dropped = len(links) - len(entries)
    problems = [*decoded.problems]
    problems += [f"{dropped} of {len(links)} lines are no URL"] if dropped else []
    truncated = decoded.truncated or len(lines) > len(links)
    return Sitemap("urlset", (), entries, "; ".join(problems) or None, truncated, dropped)


def _rows(root: etree._Element) -> Iterator[dict[str, str]]:
    """What each ``url`` or ``sitemap`` element holds of the fields that are read, the first of each name."""
    for element in root.iterchildren():
        if local_name(element) not in ("url", "sitemap"):
            continue
        row: dict[str, str] = {}
        for child in element.iterchildren():
            name = local_name(child)
            if name == "news":
                for part in child.iterdescendants():
                    if (name := local_name(part)) in _FIELDS and not len(part):
                        row.setdefault(name, part.text or "")
            elif name in _FIELDS and not len(child):
                row.setdefault(name, child.text or "")
        yield row


def _newest(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """The ``MAX_LISTED`` rows with the newest dates as they are written, in the document's order; undated ones last."""
    if len(rows) <= MAX_LISTED:
        return rows
    dates = [row.get("publication_date") or row.get("lastmod") or "" for row in rows]
    written = [date.strip()[:19] if _YEAR_FIRST.match(date) else "" for date in dates]
    best = heapq.nlargest(MAX_LISTED, range(len(rows)), key=lambda place: (written[place], -place))
    return [rows[place] for place in sorted(best)]


def _lastmod(row: dict[str, str], now: datetime, zone: tzinfo) -> datetime | None:
    return read_date(row.get("lastmod"), now, zone).at


def _entry(link: str, row: dict[str, str], now: datetime, zone: tzinfo) -> Entry:
    published = read_date(row.get("publication_date"), now, zone)
    return Entry(
        url=link,
        title=plain_text(row.get("title", ""), MAX_TITLE),
        published_at=published.at,
        published_precision=published.precision,
        id=link,
        language=language_tag(row.get("language")),
        modified_at=_lastmod(row, now, zone),
    )
