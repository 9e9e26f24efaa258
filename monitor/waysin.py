"""Ways in to an outlet: an address asked for, what came back, and what it turned out to be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

from monitor.entries import Entry, Feed
from monitor.errors import FeedError
from monitor.feeds import parse_document, parse_feed
from monitor.language import detect_language
from monitor.sections import parse_section
from monitor.sitemaps import Sitemap, parse_sitemap, recent_children
from monitor.telegram import as_story, parse_channel
from monitor.urls import canonical_url

Way = Literal["feeds", "sitemaps", "sections", "telegram"]
Robots = Literal["allowed", "forbidden", "unreachable"]

# Entries whose language is told, and the share of them that a language must have to be named.
_READ, _SHARE = 40, 0.15
# What is dated further ahead than the clocks of the world differ is no news.
_AHEAD = timedelta(hours=14)
# An index may point at indexes; deeper than this is a trap.
_DEEPEST = 2


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of asking for ``url``: a document from ``final_url``, or the ``problem`` that there is none.

    ``moved`` says that every redirect on the way was for good. A status of 400 or more is a problem too.
    """

    url: str
    final_url: str
    status: int | None = None
    body: bytes = field(default=b"", repr=False)
    content_type: str = ""
    moved: bool = False
    robots: Robots = "allowed"
    problem: str | None = None


# How addresses are asked for; never raises for what a server or network does.
Fetch = Callable[[str], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Finding:
    """A way in that works, as read once.

    ``kind`` is what it is: ``rss``, ``atom``, ``json`` …; ``news``, ``urlset``, ``index`` or ``news index`` of
    sitemaps; ``page``; ``channel``. ``newest`` is the date of its newest entry, None when it gives none. ``languages``
    are those its entries are in, the most frequent first. ``links`` are the entries in canonical form; ``part`` is the
    newest part of an index.
    """

    url: str
    way: Way
    kind: str
    entries: int
    newest: datetime | None = None
    languages: tuple[str, ...] = ()
    title: str = ""
    homepage: str | None = None
    links: frozenset[str] = field(default=frozenset(), repr=False)
    part: str | None = None


async def examine(
    fetch: Fetch, url: str, now: datetime, way: Way | None = None, depth: int = 0
) -> tuple[Answer, Finding | None]:
    """Ask for ``url`` and read what comes as ``way`` (None: whatever it is); of an index, its newest part as well.

    The finding is None when nothing of that kind came; then the answer's ``problem`` says why.
    """
    answer = await fetch(url)
    if answer.problem is not None:
        return answer, None
    try:
        finding = inspect(answer, now, way)
    except FeedError as error:
        return replace(answer, problem=without_address(str(error))), None
    if finding.part is None or depth >= _DEEPEST:
        return answer, finding
    part_answer, part = await examine(fetch, finding.part, now, "sitemaps", depth + 1)
    if part is None:
        problem = f"its newest part {finding.part}: {part_answer.problem}"
        return replace(answer, status=part_answer.status, robots=part_answer.robots, problem=problem), None
    newest = max(filter(None, (part.newest, finding.newest)), default=None)
    kind = "news index" if part.kind.startswith("news") else "index"
    return answer, replace(part, url=finding.url, kind=kind, newest=newest, part=None)


def inspect(answer: Answer, now: datetime, way: Way | None = None) -> Finding:
    """What the document of ``answer`` is; raises FeedError when it is not what ``way`` says (None: feed or sitemap)."""
    body, url, content_type = answer.body, answer.final_url, answer.content_type
    if way == "sections":
        section = parse_section(body, url, content_type)
        return _finding(url, way, "page", section.entries, now)
    if way == "telegram":
        messages = [as_story(message) for message in parse_channel(body, url, content_type)]
        return _finding(url, way, "channel", messages, now)
    document: Feed | Sitemap
    if way == "feeds":
        document = parse_feed(body, url, content_type, now)
    elif way == "sitemaps":
        document = parse_sitemap(body, url, content_type, now)
    else:
        document = parse_document(body, url, content_type, now)
    if isinstance(document, Feed):
        found = _finding(url, "feeds", document.kind, document.entries, now)
        return replace(found, title=document.title, homepage=document.link)
    if document.kind == "index":
        return _index(url, document, now)
    is_news = any(entry.title for entry in document.entries[:_READ])
    return _finding(url, "sitemaps", "news" if is_news else "urlset", document.entries, now)


def _index(url: str, sitemap: Sitemap, now: datetime) -> Finding:
    newest = _newest((child.lastmod for child in sitemap.children), now)
    part = next(iter(recent_children(sitemap, 1)), None)
    return Finding(url, "sitemaps", "index", len(sitemap.children), newest, part=part.url if part else None)


def _finding(url: str, way: Way, kind: str, entries: Sequence[Entry], now: datetime) -> Finding:
    return Finding(
        url=url,
        way=way,
        kind=kind,
        entries=len(entries),
        newest=_newest((entry.published_at or entry.modified_at for entry in entries), now),
        languages=languages_of(entries),
        links=frozenset(canonical_url(entry.url) for entry in entries),
    )


def _newest(moments: Iterable[datetime | None], now: datetime) -> datetime | None:
    return max((moment for moment in moments if moment is not None and moment <= now + _AHEAD), default=None)


def languages_of(entries: Iterable[Entry]) -> tuple[str, ...]:
    """The languages that titles and summaries of ``entries`` are in, the most frequent first; odd ones are left out."""
    counts: Counter[str] = Counter()
    for entry, _ in zip(entries, range(_READ), strict=False):
        language = detect_language(f"{entry.title}\n{entry.summary}").language
        if language != "und":
            counts[language] += 1
    return tuple(name for name, count in counts.most_common() if count >= _SHARE * counts.total())


def without_address(message: str) -> str:
    """What a FeedError says, without the address that it begins with."""
    head, _, said = message.partition(": ")
    return said if said and "://" in head else message
