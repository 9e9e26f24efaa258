"""GDELT's index of the world's news (DOC 2.0 API, article list): what to ask it about the topic, and its answers."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import zip_longest
from typing import Any
from urllib.parse import quote

from monitor.analysis.topic import Topic
from monitor.entries import MAX_TITLE, Entry, plain_text, usable_link
from monitor.errors import FeedError
from monitor.extract import decode

# A longer query is refused; so is a word or phrase that is too short.
_LONGEST, _SHORTEST = 245, 5
_MOST_NAMES = 2  # of each side
_MOST_ARTICLES = 250  # the most the service gives
# The index is searched as often as the crawl runs; what a run missed, another finds within this time.
_SPAN = "1d"
_TERM = re.compile(r"[A-Za-z][A-Za-z '’-]*")
_BAD_ESCAPE = re.compile(r'\\(?!["\\/bfnrtu])')
_LIMIT = re.compile(r"limit requests|too many requests|rate limit", re.I)


class TooManyRequests(FeedError):
    """The service asks for fewer requests."""


def build_queries(topic: Topic) -> tuple[str, ...]:
    """One query for each language of ``topic``, in the language of the API.

    The index holds English translations of what it read in 65 languages: so the words are the English ones of the
    topic, and the operator ``sourcelang`` asks for stories that were written in one language. A story must name both
    sides, and the line, one of the topic's events, or a crossing; a query has room for the first of each.
    """
    sides = [_any(list(_terms(_names_of(topic, side)))[:_MOST_NAMES]) for side in topic.sides]
    matter = list(_terms(_in_turn(_line(topic), _events(topic), _crossings(topic))))
    if not all(sides) or not matter:
        return ()
    return tuple(_query(sides, matter, language) for language in _languages(topic))


def _query(sides: list[str], matter: list[str], language: str) -> str:
    """The query with as much of ``matter`` as fits, the first first."""
    end = f"sourcelang:{language}"
    kept: list[str] = []
    for term in matter:
        if len(" ".join([*sides, _any([*kept, term]), end])) <= _LONGEST:
            kept.append(term)
    return " ".join([*sides, _any(kept), end])


def _any(terms: list[str]) -> str:
    """A term that one of ``terms`` fulfils; brackets may stand around alternatives only."""
    quoted = [term if term.isalpha() else f'"{term}"' for term in terms]
    return f"({' OR '.join(quoted)})" if len(quoted) > 1 else "".join(quoted)


def _terms(forms: Iterable[str]) -> Iterator[str]:
    """The forms that the service takes, each once whatever its case."""
    seen = set()
    for form in forms:
        if len(form) >= _SHORTEST and _TERM.fullmatch(form) and form.lower() not in seen:
            seen.add(form.lower())
            yield form


def _names_of(topic: Topic, side: str) -> Iterator[str]:
    for actor in topic.actors.values():
        if actor.side == side and actor.actor_kind == "country":
            yield from actor.names.get("en", ())
    yield from (
        place.name for place in topic.places.values() if place.kind == "country" and topic.side_of(place) == side
    )


def _line(topic: Topic) -> Iterator[str]:
    """The names of the line, and the tags of the words that speak of it."""
    yield from (place.name for place in topic.places.values() if place.kind == "line")
    for word in topic.words:
        if word.category == "cue" and word.strong and word.keyword:
            yield word.keyword


def _events(topic: Topic) -> Iterator[str]:
    """For each kind of event the tag that most of its words give a story."""
    tags: dict[str, Counter[str]] = {}
    for word in topic.words:
        if word.category == "event" and word.strong and word.keyword:
            tags.setdefault(word.means, Counter())[word.keyword] += 1
    yield from (counts.most_common(1)[0][0] for counts in tags.values())


def _crossings(topic: Topic) -> Iterator[str]:
    """The places where the line is crossed, by their shortest name, without ambiguous ones."""
    for place in topic.places.values():
        if place.kind == "crossing" and len(place.countries) == 2 and "en" not in place.ambiguous:
            yield min(_terms([place.name.split(" (")[0], *place.names.get("en", ())]), key=len, default="")


def _in_turn(*forms: Iterable[str]) -> Iterator[str]:
    """The first of each of ``forms``, then the second …"""
    yield from (form for row in zip_longest(*forms) for form in row if form)


def _languages(topic: Topic) -> list[str]:
    """The languages of the topic as the service calls them: their English names in one word."""
    from babel import Locale

    names = Locale("en").languages
    codes = sorted({word.language for word in topic.words})
    return [names[code].lower().replace(" ", "") for code in codes if code in names]


def article_list_url(base: str, query: str) -> str:
    """The address that answers ``query`` with the newest articles, as JSON."""
    return (
        f"{base}?query={quote(query, safe='')}&mode=ArtList&format=json&maxrecords={_MOST_ARTICLES}"
        f"&sort=DateDesc&timespan={_SPAN}"
    )


def parse_article_list(body: bytes, url: str) -> tuple[Entry, ...]:
    """The articles in an answer; undated: when GDELT saw a story (``modified_at``) is not when it was published.

    Raises FeedError, one sentence beginning with ``url``, for what is no list: the service refuses a query in plain
    text, also with status 200; TooManyRequests when it asks for fewer requests.
    """
    text = decode(body).strip()
    try:
        data = _loads(text)
    except ValueError as error:
        said = plain_text(text, 200) or "nothing"
        kind = TooManyRequests if _LIMIT.search(said) else FeedError
        raise kind(f"{url}: answers no list but: {said}") from error
    articles = data.get("articles", []) if isinstance(data, dict) else None
    if not isinstance(articles, list):
        raise FeedError(f"{url}: answers JSON that is no list of articles")
    found = (_entry(article, url) for article in articles[:_MOST_ARTICLES] if isinstance(article, dict))
    return tuple({entry.url: entry for entry in found if entry}.values())


def _loads(text: str) -> Any:
    """Read the JSON of the service, which lets control characters and stray backslashes of headlines through."""
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        try:
            return json.loads(_BAD_ESCAPE.sub(r"\\\\", text), strict=False)
        except RecursionError as error:
            raise ValueError("nested too deeply") from error


def _entry(article: dict[str, Any], url: str) -> Entry | None:
    link = usable_link(article.get("url"), url)
    if link is None:
        return None
    title = article.get("title")
    return Entry(
        url=link,
        title=_untokenised(plain_text(title, MAX_TITLE)) if isinstance(title, str) else "",
        id=link,
        modified_at=_seen_at(article.get("seendate")),
    )


def _untokenised(title: str) -> str:
    """``title`` without the blanks that the service puts around signs."""
    title = re.sub(r"\s+([,.;:!?%)\]’”،؛؟۔])", r"\1", title)
    return re.sub(r"([(\[‘“])\s+", r"\1", title)


def _seen_at(value: object) -> datetime | None:
    try:
        return datetime.strptime(str(value), "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None
