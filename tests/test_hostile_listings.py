"""Whatever bytes come where a listing page, a channel or an answer should be: a FeedError at most, and in time."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.discovery import read_front, sitemaps_in_robots
from monitor.errors import FeedError
from monitor.gdelt import parse_article_list
from monitor.reliefweb import parse_reports
from monitor.sections import parse_section
from monitor.storyshape import shape_of
from monitor.telegram import parse_channel
from monitor.waysin import Answer
from tests.paths import SHARED

URL = "https://paper.example/border/"
READERS: dict[str, Callable[[bytes], object]] = {
    "section": lambda body: parse_section(body, URL, "text/html"),
    "channel": lambda body: parse_channel(body, URL, "text/html; charset=nonsense"),
    "articles": lambda body: parse_article_list(body, URL),
    "reports": lambda body: parse_reports(body, URL),
    "front": lambda body: read_front(Answer(URL, URL, 200, body)),
    "robots": lambda body: list(sitemaps_in_robots(Answer(URL, URL, 200, body))),
}
PIECES = [
    b"<a href='", b"/2025/10/12/a-long-story-of-the-day", b"'>", b"Soldiers killed at the gate", b"</a>", b"<div", b">", b"<nav>", b"<h2>",
    b"<base href='//[", b"http://[::1", b"data-post='gazette/1'", b" class='tgme_widget_message_text'", b"<time datetime='x'>", b"\0", b"\xff\xfe",
    b"{", b'"articles": [', b'"data": [{"fields": {"title": 7, "body-html": "<p>', b'"url": "https://a.example/"', b"}]", b"\\u", b"<!--", b"&#x110000;",
    "ط".encode(), b"<link rel=alternate type=application/rss+xml href='", b"Sitemap: ", b"\n", b"<br>", b"<svg><style>", b"</body>",
]  # fmt: skip


def read(reader: str, body: bytes) -> None:
    try:
        READERS[reader](body)
    except FeedError as error:
        assert "\n" not in str(error)


@pytest.mark.parametrize("reader", READERS)
@settings(max_examples=150, deadline=None)
@given(body=st.one_of(st.binary(max_size=300), st.lists(st.sampled_from(PIECES), max_size=40).map(b"".join)))
def test_any_bytes_are_read_or_refused(reader: str, body: bytes) -> None:
    read(reader, body)


@given(st.text(max_size=200))
def test_any_text_has_a_shape(text: str) -> None:
    assert isinstance(shape_of(f"https://a.example/{text}").score, float)


LARGE = {
    "anchors": b"<a href=/2025/10/12/story-of-the-day>Story of the day in full length</a>" * 90_000,
    "nested": b"<div class=nav>" * 400_000,
    "nested anchors": b"<a href=/2025/10/12/story-of-the-day>Story of the" * 120_000,
    "messages": b"<div data-post='gazette/1' class='tgme_widget_message_text'>text" * 90_000,
    "one line": b"<p>" + b"word " * 1_500_000,
    "classes": b"<div class='"
    + b"menu-item " * 400_000
    + b"'><a href=/2025/10/12/a-story-of-the-day>A story of the day</a>",
    "blanks": b"<a href=/2025/10/12/a-story-of-the-day>" + b" " * 6_000_000 + b"A story of the day</a>",
    "json": b'{"articles": [' + b'{"url": "https://a.example/1", "title": "x"},' * 100_000 + b"{}]}",
    "lines": b"Sitemap:\n" * 500_000,
}


@pytest.mark.parametrize("name", LARGE)
@pytest.mark.parametrize("reader", READERS)
def test_large_documents_are_read_in_bounded_time(reader: str, name: str) -> None:
    """As a ratio: none takes more than so many times what it takes to read 6 MB of plain HTML."""
    started = time.process_time()
    read(reader, LARGE[name])
    assert time.process_time() - started < 25 * plain_seconds() + 2


@functools.cache
def plain_seconds() -> float:
    started = time.process_time()
    parse_section(b"<p>word</p>" * 600_000, URL)
    return time.process_time() - started


@pytest.mark.skipif(
    not (SHARED / "data" / "feeds").exists(), reason="the corpus of odd feeds is not part of the project"
)
def test_no_document_of_the_corpus_breaks_a_reader() -> None:
    files = [path for path in (SHARED / "data" / "feeds").rglob("*") if path.is_file()]
    assert len(files) > 1_500
    for file in files:
        for reader in READERS:
            read(reader, file.read_bytes())
