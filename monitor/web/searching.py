"""The page to search: words and filters, the stories found, and what they have in common."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from monitor.errors import ConfigError
from monitor.store import browse
from monitor.store.filters import AFFILIATIONS
from monitor.store.search import Filters, Hit, Shown, find, snippets
from monitor.web.filters import tongue
from monitor.web.incidents import render
from monitor.web.site import Site, query

if TYPE_CHECKING:
    from datasette.app import Datasette
    from datasette.utils.asgi import Request, Response

# So many stories are looked at for what they have in common, and so many of them are shown on a page.
_LOOKED_AT = 300
_A_PAGE = 25
_FACET = 8
_FIELDS = tuple("q across since until lang source affiliation place actor keyword claimant incident clash".split())
_LONGEST = 400


@dataclass(frozen=True)
class Choice:
    """A value that some of the stories found have, how many, and the address of the search with only those."""

    label: str
    count: int
    href: str
    chosen: bool


async def search_page(datasette: Datasette, request: Request) -> Response:
    """Stories that have the words and meet the filters of the address."""
    site = Site.of(datasette)
    asked = {name: (request.args.get(name) or "").strip()[:_LONGEST] for name in _FIELDS}
    page = min(max(int(text), 1), _LOOKED_AT // _A_PAGE) if (text := request.args.get("page") or "1").isdecimal() else 1
    hits: list[Hit] = []
    common: Mapping[str, Mapping[str, int]] = {}
    problem = ""
    try:
        hits, common = await query(datasette, _find, asked["q"] or None, filters_of(asked), bool(asked["across"]))
    except ConfigError as error:
        problem = str(error).removeprefix("search: ")
    except sqlite3.OperationalError as error:
        if "interrupt" not in str(error):
            raise
        problem = "this took too long; add a word or a filter"
    shown = hits[(page - 1) * _A_PAGE : page * _A_PAGE]
    return await render(
        datasette,
        request,
        "search.html",
        asked=asked,
        problem=problem,
        hits=[(hit, words) for hit, words in zip(shown, await _shown(datasette, asked, shown), strict=True)],
        total=len(hits),
        full=len(hits) >= _LOOKED_AT,
        facets=facets(asked, hits, common, site),
        active=[
            (name, value, address(asked, **{name: ""}))
            for name, value in asked.items()
            if value and name not in ("q", "across")
        ],
        page=page,
        next_page=address(asked, page=str(page + 1)) if page * _A_PAGE < len(hits) else "",
        previous_page=address(asked, page=str(page - 1)) if page > 1 else "",
        languages=sorted({language for source in site.sources.values() for language in source.languages}, key=tongue),
        sources=sorted(site.sources.values(), key=lambda source: source.name.casefold()),
        affiliations=AFFILIATIONS,
        claimants=site.topic.all_sides.values(),
        page_name="search",
    )


def filters_of(asked: Mapping[str, str]) -> Filters:
    """The filters that the fields of the form stand for; raises ConfigError for a day that is none."""
    until = _midnight(asked["until"], "until")
    return Filters(
        since=_midnight(asked["since"], "since"),
        until=until + timedelta(days=1) if until else None,
        language=asked["lang"] or None,
        source=asked["source"] or None,
        place=asked["place"] or None,
        actor=asked["actor"] or None,
        keyword=asked["keyword"] or None,
        affiliation=asked["affiliation"] or None,
        claimant=asked["claimant"] or None,
        incident=asked["incident"] or None,
        clash=bool(asked["clash"]),
    )


def _midnight(text: str, name: str) -> datetime | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
        return datetime(day.year, day.month, day.day, tzinfo=UTC)
    except ValueError as error:
        raise ConfigError(f"{name}: {text!r} is no day; write it like 2025-10-11") from error


def _find(
    conn: sqlite3.Connection, words: str | None, filters: Filters, across: bool
) -> tuple[list[Hit], Mapping[str, Mapping[str, int]]]:
    hits = find(conn, words, filters, _LOOKED_AT, across=across)
    return hits, browse.common(conn, [hit.id for hit in hits])


async def _shown(datasette: Datasette, asked: Mapping[str, str], hits: Sequence[Hit]) -> Sequence[Shown | None]:
    """How to show each story of the page: with the words looked for, where there are any."""
    if not asked["q"] or not hits:
        return [None] * len(hits)
    return await query(datasette, snippets, asked["q"], hits, across=bool(asked["across"]))


def facets(
    asked: Mapping[str, str], hits: Sequence[Hit], common: Mapping[str, Mapping[str, int]], site: Site
) -> list[tuple[str, list[Choice]]]:
    """What the stories found have in common, under headings; each value leads to the stories with it."""
    counted: dict[str, tuple[str, Mapping[str, int], Any]] = {
        "lang": ("Language", Counter(hit.language for hit in hits), tongue),
        "source": ("Outlet", Counter(hit.source for hit in hits), site.outlet),
        "place": ("Place", common.get("place", {}), str),
        "actor": ("Actor", common.get("actor", {}), site.actor),
        "keyword": ("Keyword", common.get("keyword", {}), str),
        "clash": ("Reports a clash", {"1": sum(hit.is_clash for hit in hits)}, lambda _: "yes"),
    }
    found = []
    for name, (heading, counts, label) in counted.items():
        ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:_FACET]
        choices = [
            Choice(
                label(value),
                count,
                address(asked, **{name: "" if asked[name] == value else value}),
                asked[name] == value,
            )
            for value, count in ordered
            if count
        ]
        if choices:
            found.append((heading, choices))
    return found


def address(asked: Mapping[str, str], **changed: str) -> str:
    """The address of the search ``asked`` with some fields changed; it begins at the first page again."""
    fields = {name: value for name, value in {**asked, **changed}.items() if value}
    return "/search?" + urlencode(fields)
