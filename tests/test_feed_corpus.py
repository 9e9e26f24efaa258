"""The shared corpus of odd, broken and hostile feeds: all are read or refused, and read as feedparser's authors expect."""

from __future__ import annotations

import ast
import calendar
import re
import time
import warnings
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from feedparser.datetimes import _parse_date

from monitor import feeds
from monitor.entries import Entry, language_tag, plain_text
from monitor.errors import FeedError
from monitor.feeds import parse_document, parse_feed
from monitor.sitemaps import parse_sitemap
from tests.paths import SHARED

CORPUS = SHARED / "data" / "feeds"
NOW = datetime(2026, 1, 1, tzinfo=UTC)
# Where the corpus was served when its expectations were written.
SERVED = "http://127.0.0.1:8097/"

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the shared feeds are not here")

# "entries[0]['title'] == 'x'", also with [0]['href'] or ['value'] behind the field; strings or UTC tuples.
EXPECTED = re.compile(
    r"(?P<of>entries\[(?P<number>\d)\]|feed)(?:\.|\[')(?P<field>[a-z_]+)(?:'\])?"
    r"(?P<part>\['value'\]|\[0\]\['href'\])?\s*==\s*"
    r"(?P<value>u?'(?:[^'\\]|\\.)*'|u?\"(?:[^\"\\]|\\.)*\"|\([\d, ]+\))"
)
TITLES = {"title", "title_detail"}
LINKS = {"link", "links"}
PUBLISHED = {"published", "created", "issued"}
UPDATED = {"updated", "modified", "date"}
# Where we differ on purpose, and why.
ON_PURPOSE = {
    "entry_link_rel_license.xml": "a licence is not where the story is",
    "item_media_title1.xml": "the caption of a picture is not the story's title",
    "entry_title_crazy.xml": "feedparser loses the text behind a malformed comment",
    "feed_title_crazy.xml": "feedparser loses the text behind a malformed comment",
    "headers_content_location-relative.xml": "the header is the fetcher's to resolve",
    "http_content_language.xml": "the header is not shown to the reader",
}


def files() -> list[Path]:
    return sorted(path for path in CORPUS.rglob("*") if path.is_file())


def test_every_file_is_read_or_refused_quickly() -> None:
    """No exception but FeedError. Each is read in well under a second: 20 s would be a hang, not a slow machine."""
    slowest, refused = (0.0, ""), []
    for path in files():
        body = path.read_bytes()
        for read in (parse_document, parse_feed, parse_sitemap):
            start = time.perf_counter()
            try:
                read(body, f"{SERVED}{path.name}", "text/xml", NOW)
            except FeedError as error:
                assert str(error).startswith(f"{SERVED}{path.name}: ")
                refused += [path.name] if read is parse_document else []
            slowest = max(slowest, (time.perf_counter() - start, path.name))
    print(f"{len(files())} files, refused {refused}, slowest {slowest[0]:.3f} s ({slowest[1]})")
    assert len(files()) > 1800
    assert slowest[0] < 20
    assert refused == ["rss_empty_document.xml"]


def test_no_entity_declared_in_a_file_is_expanded() -> None:
    declared = 0
    for path in files():
        body = path.read_bytes()
        for value in re.findall(rb'<!ENTITY\s+\w+\s+"([^"&<]{4,})"', body):
            declared += 1
            feed = parse_feed(body, SERVED, None, NOW)
            assert value.decode("ascii") not in repr(feed) + "".join(entry.summary for entry in feed.entries)
    assert declared


def expectations(text: str) -> Iterator[tuple[str, int, str, Any]]:
    """What the ``Expect:`` comment of a file says about titles, links and dates: kind, entry (-1: feed), field, value."""
    comment = re.search(r"Expect:\s*not bozo and (.*)", text)
    if not comment or re.search(r"\bor\b", comment[1]):
        return
    for found in EXPECTED.finditer(comment[1]):
        field = found["field"].removesuffix("_parsed")
        value = ast.literal_eval(found["value"])
        number = int(found["number"] or -1)
        if field in TITLES and (found["part"] or field == "title"):
            yield "title", number, field, value
        elif field in LINKS and (number >= 0 or field == "link"):
            yield "link", number, field, value
        elif field == "language":
            yield "language", number, field, value
        elif field in PUBLISHED | UPDATED and number >= 0:
            parsed = value if isinstance(value, tuple) else _parse_date(value)
            if parsed:
                yield "date", number, field, datetime.fromtimestamp(calendar.timegm(parsed), UTC)


def agrees(kind: str, field: str, value: Any, found: Any) -> bool:
    if kind == "title":
        return found.title in (plain_text(value, 500), plain_text(value, 500, markup=False))
    if kind == "link":
        return (found.url if isinstance(found, Entry) else found.link) == value
    if kind == "language":
        return found.language == language_tag(value)
    return (found.modified_at if field in UPDATED else found.published_at) == value


def test_well_formed_feeds_are_read_as_expected(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Entry] = []
    real = feeds._entry

    def noting(*args: Any) -> Entry:
        seen.append(real(*args))  # also the entries without a link, which a feed drops
        return seen[-1]

    monkeypatch.setattr(feeds, "_entry", noting)
    right: Counter[str] = Counter()
    wrong = []
    for path in sorted((CORPUS / "feedparser" / "tests" / "wellformed").rglob("*.xml")):
        body = path.read_bytes()
        text = body.replace(b"\0", b"").decode("latin-1")
        header = re.search(r"Content-Location:\s*(http\S+)", text, re.I)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            expected = list(expectations(text))
        for kind, number, field, value in expected:
            seen.clear()
            feed = parse_feed(body, header[1] if header else SERVED, None, NOW)
            if agrees(kind, field, value, feed if number < 0 else seen[number]):
                right[kind] += 1
            elif path.name not in ON_PURPOSE:
                wrong.append((path.name, field, value, feed if number < 0 else seen[number]))
    print(f"as expected: {dict(right)}")
    assert not wrong
    assert right["title"] > 200 and right["link"] > 20 and right["date"] > 20 and right["language"] > 8


def test_the_sitemaps_among_them() -> None:
    folder = CORPUS / "news-crawl"
    (story,) = parse_sitemap((folder / "sitemap-news.xml").read_bytes(), SERVED, now=NOW).entries
    assert (story.url, story.title) == (
        "http://www.example.com/business/article55.html",
        "Companies A, B in Merger Talks",
    )
    assert (story.published_at, story.published_precision) == (datetime(2008, 12, 23, tzinfo=UTC), "day")
    feed = parse_feed((folder / "feed-with-sitemap-namespace.xml").read_bytes(), SERVED, now=NOW)
    assert (len(feed.entries), feed.ttl_minutes, feed.problem) == (2, 10, None)
    assert feed.entries[0].published_at == datetime(2025, 1, 24, 20, 32, 41, tzinfo=UTC)


def test_the_large_feeds_among_them() -> None:
    for path in sorted((CORPUS / "miniflux").iterdir()):
        body = path.read_bytes()
        feed = parse_feed(body, SERVED, None, NOW)
        assert feed.entries and feed.dropped == body.count(b"<link></link>"), path.name
        dated = re.search(rb"<(pubDate|published|updated|dc:date)>", body) is not None
        assert all(entry.title and (entry.published_at is not None) == dated for entry in feed.entries), path.name
        assert "\ufffd" not in "".join(entry.title + entry.summary for entry in feed.entries), path.name
