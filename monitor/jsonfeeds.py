"""JSON Feed 1.0 and 1.1 (jsonfeed.org), which feedparser does not read."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import Any

from monitor.entries import MAX_NAME, MAX_SUMMARY, MAX_TITLE, Entry, Feed, language_tag, plain_text, usable_link
from monitor.errors import FeedError
from monitor.feeddates import read_date
from monitor.feedtree import MAX_CONTENT, MAX_CONTENTS
from monitor.xmltext import Decoded

_VERSION = "jsonfeed.org/version/"


def read_json_feed(decoded: Decoded, url: str, now: datetime, zone: tzinfo, max_entries: int) -> Feed:
    """Read a JSON Feed; arguments and result as for ``feeds.parse_feed``.

    A document without the version line is taken for one when it has items. Raises FeedError when it is another kind of
    JSON, or none.
    """
    try:
        document = json.loads(decoded.text.strip("\ufeff \t\r\n\0"))
    except RecursionError:
        raise FeedError(f"{url}: is JSON nested too deep for a feed") from None
    except ValueError as error:
        raise FeedError(f"{url}: is broken JSON and so no feed ({error})"[:300]) from None
    items = document.get("items") if isinstance(document, dict) else None
    version = document.get("version") if isinstance(document, dict) else None
    named = isinstance(version, str) and _VERSION in version
    if not isinstance(items, list) or not (named or any(_is_item(item) for item in items[:max_entries])):
        raise FeedError(f"{url}: is JSON but no JSON Feed: it names no version of jsonfeed.org and lists no items")
    found, contents_left = [], MAX_CONTENTS
    for item in items[:max_entries]:
        if isinstance(item, dict):
            found.append(_entry(item, document, url, now, zone, contents_left))
            contents_left -= len(found[-1].content_html or "")
    entries = tuple(entry for entry in found if entry.url)
    dropped = min(len(items), max_entries) - len(entries)
    problems = [*decoded.problems]
    problems += [] if named else ["names no version of JSON Feed"]
    problems += [f"{dropped} of {min(len(items), max_entries)} entries have no link"] if dropped else []
    return Feed(
        kind="json",
        title=_line(document, "title", MAX_TITLE),
        language=language_tag(document.get("language")),
        link=usable_link(document.get("home_page_url"), url),
        ttl_minutes=None,
        entries=entries,
        problem="; ".join(problems) or None,
        truncated=decoded.truncated or len(items) > max_entries,
        dropped=dropped,
    )


def _is_item(item: object) -> bool:
    return (
        isinstance(item, dict)
        and "url" in item
        and ("title" in item or "content_html" in item or "content_text" in item)
    )


def _entry(
    item: Mapping[str, Any], feed: Mapping[str, Any], url: str, now: datetime, zone: tzinfo, contents_left: int
) -> Entry:
    published = read_date(item.get("date_published") or item.get("date_modified"), now, zone)
    links = (usable_link(item.get(name), url) for name in ("url", "external_url"))
    link = next((link for link in links if link and link != url), "")
    markup, text = item.get("content_html"), item.get("content_text")
    content = markup if isinstance(markup, str) else html.escape(text, quote=False) if isinstance(text, str) else ""
    content = content[:MAX_CONTENT]
    return Entry(
        url=link,
        title=_line(item, "title", MAX_TITLE),
        summary=_line(item, "summary", MAX_SUMMARY) or plain_text(content, MAX_SUMMARY),
        published_at=published.at,
        published_precision=published.precision,
        id=_line(item, "id", MAX_TITLE) or link or "",
        content_html=content if content and len(content) <= contents_left else None,
        language=language_tag(item.get("language")) or language_tag(feed.get("language")),
        author=_author(item) or _author(feed),
        modified_at=read_date(item.get("date_modified"), now, zone).at,
    )


def _line(item: Mapping[str, Any], name: str, limit: int) -> str:
    value = item.get(name)
    # Identifiers are often numbers, though they should be strings.
    return plain_text(str(value), limit, markup=False) if isinstance(value, str | int) and value is not False else ""


def _author(item: Mapping[str, Any]) -> str | None:
    """The first named author: a list in 1.1, one in 1.0."""
    authors = item.get("authors")
    people = [*authors[:5], item.get("author")] if isinstance(authors, list) else [item.get("author")]
    for person in people:
        if isinstance(person, dict) and (name := _line(person, "name", MAX_NAME)):
            return name
    return None
