"""Feeds: RSS 0.9 to 2.0, RDF, Atom, CDF and JSON Feed, read from whatever a server sends under that name."""

from __future__ import annotations

import html
import io
from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from typing import Any, Literal

import feedparser

from monitor.entries import (
    MAX_ENTRIES,
    MAX_NAME,
    MAX_SUMMARY,
    MAX_TITLE,
    Entry,
    Feed,
    language_tag,
    plain_text,
    usable_link,
)
from monitor.errors import FeedError
from monitor.feeddates import read_date
from monitor.feedtree import local_name, reduce_feed
from monitor.jsonfeeds import read_json_feed
from monitor.sitemaps import Sitemap, is_url_list, parse_sitemap
from monitor.xmltext import Decoded, read_text
from monitor.xmltree import FEED_ROOTS, MAX_FEED_TAGS, SITEMAP_ROOTS, find_root, parse_tree

__all__ = ["Entry", "Feed", "parse_document", "parse_feed", "sniff"]

Kind = Literal["feed", "sitemap", "html", "json", "xml", "empty", "other"]

_KINDS = {"rss": "rss", "rdf": "rdf", "feed": "atom", "channel": "cdf"}
_REFUSALS: dict[Kind, str] = {
    "sitemap": "is a sitemap and no feed; declare it under `sitemaps`",
    "html": "is a web page and no feed; give the address of the feed itself",
    "json": "is JSON but no JSON Feed: it names no version of jsonfeed.org and lists no items",
    "xml": "is XML but neither feed nor sitemap",
    "empty": "is empty where a feed should be",
    "other": "is neither XML nor JSON and so no feed",
}
_BEGINNING = 262_144  # bytes that show what a document is
_HTML_ROOTS = frozenset("html head body script style title meta frameset div p h1 table center".split())
# Shortest and longest rest that a feed may ask for, in minutes.
_TTL = (1, 7 * 24 * 60)
_PERIODS = {"hourly": 60, "daily": 1440, "weekly": 10080, "monthly": 43200, "yearly": 525600}
# Parsing is told where the document is from, so that relative links resolve, and that it is what we made of it.
_HEADERS = {"content-type": "application/xml; charset=utf-8"}


def sniff(text: str) -> Kind:
    """What kind of document ``text`` is, from its beginning alone: whatever its server calls it."""
    head = text.lstrip("\ufeff \t\r\n")
    if not head:
        return "empty"
    if head[0] in "{[":
        return "json"
    if is_url_list(head):
        return "sitemap"
    name = find_root(text).name
    if name in FEED_ROOTS:
        return "feed"
    if name in SITEMAP_ROOTS:
        return "sitemap"
    if name in _HTML_ROOTS or "<!doctype html" in head[:1024].lower():
        return "html"
    return "xml" if head.startswith("<") else "other"


def parse_feed(
    body: bytes,
    url: str,
    content_type: str | None = None,
    now: datetime | None = None,
    zone: tzinfo = UTC,
    *,
    max_entries: int = MAX_ENTRIES,
) -> Feed:
    """Read the feed ``body`` that was fetched from ``url``.

    ``content_type`` is the HTTP header, trusted only for a charset nothing contradicts; ``now`` (aware; default: now)
    decides which dates lie ahead, ``zone`` is that of clocks that name none. The first ``max_entries`` entries count.
    Entries without an http or https link are dropped and counted. Work and memory are bounded, entities are never
    expanded. Raises FeedError, one sentence beginning with ``url``, when the document is no feed.
    """
    decoded = read_text(body, content_type)
    kind = sniff(decoded.text)
    if kind == "json":
        return read_json_feed(decoded, url, now or datetime.now(UTC), zone, max_entries)
    if kind != "feed":
        raise FeedError(f"{url}: {_REFUSALS[kind]}")
    return _read_feed(decoded, url, now or datetime.now(UTC), zone, max_entries)


def parse_document(
    body: bytes,
    url: str,
    content_type: str | None = None,
    now: datetime | None = None,
    *,
    zone: tzinfo = UTC,
    max_entries: int = MAX_ENTRIES,
) -> Feed | Sitemap:
    """Read ``body`` as what it is, a feed or a sitemap; arguments and errors as for ``parse_feed``."""
    if sniff(read_text(body, content_type, _BEGINNING).text) == "sitemap":
        return parse_sitemap(body, url, content_type, now, zone=zone)
    return parse_feed(body, url, content_type, now, zone=zone, max_entries=max_entries)


def _read_feed(decoded: Decoded, url: str, now: datetime, zone: tzinfo, max_entries: int) -> Feed:
    tree = parse_tree(decoded.text, find_root(decoded.text), MAX_FEED_TAGS, decoded.truncated)
    if tree is None or local_name(tree.root) not in FEED_ROOTS:
        raise FeedError(f"{url}: is a feed too broken to be read")
    reduced = reduce_feed(tree.root, max_entries)
    parsed = feedparser.parse(
        io.BytesIO(reduced.xml),
        response_headers=_HEADERS | {"content-location": url},
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    is_atom = reduced.root == "feed"
    found = [_entry(raw, url, now, zone, is_atom) for raw in parsed.entries]
    entries = tuple(entry for entry in found if entry.url)
    dropped = len(found) - len(entries)
    problems = [*decoded.problems, *tree.problems]
    problems += [f"{dropped} of {len(found)} entries have no link"] if dropped else []
    meta: Mapping[str, Any] = parsed.feed
    return Feed(
        kind=_KINDS[reduced.root],
        title=_line(meta, "title", MAX_TITLE, is_atom),
        language=language_tag(meta.get("language")),
        link=usable_link(meta.get("link"), url),
        ttl_minutes=_ttl(meta),
        entries=entries,
        problem="; ".join(problems) or None,
        truncated=tree.truncated or reduced.truncated,
        dropped=dropped,
    )


def _entry(raw: dict[str, Any], url: str, now: datetime, zone: tzinfo, is_atom: bool) -> Entry:
    """The entry that feedparser found; its ``url`` is "" when it has no usable link."""
    published, modified = (read_date(_first(raw, *names), now, zone) for names in _DATES)
    link = _link(raw, url)
    return Entry(
        url=link or "",
        title=_line(raw, "title", MAX_TITLE, is_atom),
        summary=_line(raw, "summary", MAX_SUMMARY, is_atom),
        published_at=published.at,
        published_precision=published.precision,
        id=str(raw.get("id") or link or "")[:MAX_TITLE],
        content_html=_content(raw),
        language=language_tag(raw.get("language") or raw.get("title_detail", {}).get("language")),
        author=_author(raw),
        modified_at=modified.at,
    )


# What feedparser calls the dates; "updated" is all that RDF and many an Atom feed give.
_DATES = (("published", "created", "updated"), ("updated",))


def _first(raw: dict[str, Any], *names: str) -> object:
    # Not raw[name]: feedparser answers "published" when asked for an "updated" that is not there.
    return next((value for name in names if (value := dict.get(raw, name))), None)


def _line(raw: Mapping[str, Any], name: str, limit: int, is_atom: bool) -> str:
    value = raw.get(name)
    if not isinstance(value, str):
        return ""
    # Atom says what is markup. RSS does not: there feedparser's guess may miss a tag, and no headline has one.
    plain = is_atom and raw.get(name + "_detail", {}).get("type") == "text/plain"
    return plain_text(value, limit, markup=not plain)


def _link(raw: Mapping[str, Any], url: str) -> str | None:
    """The entry's link: the one a counting redirect hides, its own, another alternate, or an id that is one."""
    alternates = [link.get("href") for link in raw.get("links", []) if link.get("rel") == "alternate"]
    candidates = [raw.get("feedburner_origlink"), raw.get("link"), *alternates]
    for candidate in candidates:
        # What names no place ("http://") becomes the feed's own address, which is no story's.
        if (usable := usable_link(candidate, url)) and usable != url:
            return usable
    identity = raw.get("id")
    is_address = isinstance(identity, str) and raw.get("guidislink", True) and identity.lower().startswith("http")
    return usable_link(identity, url) if is_address else None


def _content(raw: Mapping[str, Any]) -> str | None:
    """The longest content of the entry as HTML; text that is no HTML is escaped."""
    best = ""
    for content in raw.get("content", []):
        value, kind = content.get("value") or "", content.get("type") or "text/html"
        if len(value) > len(best) and kind.startswith(("text/", "application/xhtml")):
            best = html.escape(value, quote=False) if kind == "text/plain" else value
    return best or None


def _author(raw: Mapping[str, Any]) -> str | None:
    name = raw.get("author_detail", {}).get("name") or raw.get("author")
    return (plain_text(name, MAX_NAME) or None) if isinstance(name, str) else None


def _ttl(meta: Mapping[str, Any]) -> int | None:
    """Minutes between two changes of the feed, from RSS ``ttl`` or the syndication module, within reason."""
    minutes = _whole(meta.get("ttl"))
    period = _PERIODS.get(str(meta.get("sy_updateperiod", "")).strip().lower())
    if minutes is None and period is not None:
        minutes = period // max(_whole(meta.get("sy_updatefrequency")) or 1, 1)
    return None if minutes is None or minutes < _TTL[0] else min(minutes, _TTL[1])


def _whole(value: object) -> int | None:
    text = str(value).strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else None
