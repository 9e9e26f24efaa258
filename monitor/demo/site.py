"""What the server of one demo outlet answers: every path with its status, headers, bytes and misbehaviour."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlsplit

from monitor.demo.articles import Article
from monitor.demo.listings import CONTENT_TYPES, listed_path, render_listing
from monitor.demo.outlets import Listing, Outlet
from monitor.demo.pages import amp_page, article_page, front_page, link, print_page, twin_path

RETRY_AFTER = 2
"""Seconds a busy page asks its first visitor to wait."""


@dataclass(frozen=True)
class Answer:
    """An HTTP answer. ``stall``: the headers and the first half of the body come, then nothing for a while.

    ``first`` is given instead to the first request for the path.
    """

    status: int = 200
    content_type: str = "text/html; charset=utf-8"
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    compress: bool = False
    stall: bool = False
    first: Answer | None = None

    @property
    def etag(self) -> str:
        """A strong validator of the body (RFC 9110)."""
        return f'"{hashlib.sha256(self.body).hexdigest()[:20]}"'


NOT_FOUND = Answer(404, body=b"<!doctype html><title>404</title><h1>Not found</h1>")
_BROKEN = Answer(500, body=b"<!doctype html><title>500</title><h1>Internal server error</h1>")


def route(target: str) -> str:
    """The key of a request target: percent-decoded, without the parameters that only track the reader."""
    parts = urlsplit(target)
    kept = [(key, value) for key, value in parse_qsl(parts.query, keep_blank_values=True) if not _tracks(key)]
    query = "&".join(f"{key}={value}" for key, value in kept)
    return unquote(parts.path) + (f"?{query}" if query else "")


def _tracks(key: str) -> bool:
    return key.startswith("utm_") or key in ("fbclid", "gclid", "ref")


def build_site(outlet: Outlet, base: str) -> dict[str, Answer]:
    """Every path ``outlet`` answers when it is served at ``base`` (``http://host:port``), keyed by ``route``."""
    site = {
        "/": Answer(body=front_page(outlet, base).encode()),
        "/robots.txt": Answer(outlet.robots_status, "text/plain; charset=utf-8", outlet.robots.encode()),
    }
    for listing in outlet.listings:
        site[listing.path] = _listing_answer(outlet, listing, base)
    for article in outlet.articles:
        site |= _article_answers(outlet, article, base)
    return site


def _listing_answer(outlet: Outlet, listing: Listing, base: str) -> Answer:
    body = render_listing(outlet, listing, base).encode(listing.charset, "xmlcharrefreplace")
    kind = listing.content_type or CONTENT_TYPES[listing.kind]
    if listing.path.endswith(".gz"):
        return Answer(content_type="application/gzip", body=gzip.compress(body, mtime=0))
    return Answer(content_type=kind, body=body, compress=outlet.gzip)


def _article_answers(outlet: Outlet, article: Article, base: str) -> dict[str, Answer]:
    """The answers of an article's own paths: its page, its twins, and the detours to it."""
    if article.answer == "404":
        return {article.path: NOT_FOUND}
    if article.answer == "500":
        return {article.path: _BROKEN}
    if article.answer == "loop":
        return _loop(article, base)
    answers = {article.path: _page_answer(outlet, article, base)}
    if article.answer == "redirects":
        answers |= _redirects(article, base)
    if outlet.amp:
        answers[twin_path(article, "amp")] = Answer(body=amp_page(outlet, article, base).encode())
    if outlet.print:
        answers[twin_path(article, "print")] = Answer(body=print_page(outlet, article, base).encode())
    return answers


def _page_answer(outlet: Outlet, article: Article, base: str) -> Answer:
    body = article_page(outlet, article, base).encode(article.charset or outlet.charset, "xmlcharrefreplace")
    kind = article.content_type or outlet.content_type
    busy = Answer(503, headers=(("Retry-After", str(RETRY_AFTER)),), body=b"<!doctype html><h1>Try again soon</h1>")
    return Answer(
        content_type=kind,
        body=body,
        compress=outlet.gzip,
        stall=article.answer == "stall",
        first=busy if article.answer == "busy" else None,
    )


def _redirects(article: Article, base: str) -> dict[str, Answer]:
    """A chain of three: moved, found, moved for good, and only then the page."""
    start = listed_path(article)
    steps = [start, f"/go/2{article.path}", f"/go/3{article.path}", article.path]
    statuses = (301, 302, 308)
    return {
        here: Answer(status, headers=(("Location", link(base, there)),))
        for status, here, there in zip(statuses, steps, steps[1:], strict=False)
    }


def _loop(article: Article, base: str) -> dict[str, Answer]:
    """Two addresses that send the visitor to each other."""
    start, other = listed_path(article), article.path
    return {
        start: Answer(302, headers=(("Location", link(base, other)),)),
        other: Answer(302, headers=(("Location", link(base, start)),)),
    }
