"""From what discovery found to a source that can be declared, with an account of what was looked at."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date
from urllib.parse import urlsplit

from monitor.discovery import FRESH, Discovery, Tried
from monitor.entries import language_tag
from monitor.fields import LANGUAGES
from monitor.sources import Affiliation, Source
from monitor.urlparts import ascii_host, registrable
from monitor.waysin import Finding

UNKNOWN_COUNTRY = "ZZ"  # ISO 3166 leaves this code to users; it is read as "unknown"
# Top-level domains of countries that are sold to all the world.
_FOR_SALE = frozenset("ad ai as bz cc cd co dj fm gg io la ly me ms nu sc sh sr st su tk to tv vc ws".split())
_TITLE_END = re.compile(r"\s+[|\-–—:•·»]+\s+|\s*[|»•]\s*")
_NAMES = {"feeds": "feed", "sitemaps": "sitemap", "sections": "listing page", "telegram": "Telegram channel"}


def draft(
    found: Discovery,
    today: date,
    *,
    id: str | None = None,
    name: str | None = None,
    country: str | None = None,
    languages: Collection[str] = (),
    affiliation: Affiliation | None = None,
) -> Source:
    """The source that ``found`` makes, with what is given instead of what would be guessed.

    What nobody gave and nothing says, country, languages and affiliation, is filled in so that the declaration can be
    used, and ``notes`` name it to be looked at by a person. ``added`` is ``today``; nothing is marked as checked.
    """
    told = tuple(languages) or _languages(found)
    guessed = (country or "").upper() or _country(found.homepage)
    unsure = [] if affiliation else ["affiliation"]
    unsure += [] if guessed else ["country"]
    unsure += [] if told else ["languages"]
    notes = [f"Not known when it was added, and to be set: {', '.join(unsure)}."] if unsure else []
    notes += [
        f"{finding.url} had nothing newer than {finding.newest.date()} when it was added."
        for finding in found.taken
        if finding.newest and finding.newest.date() < today - FRESH
    ]
    return Source(
        id=id or _id(found.homepage),
        name=name or _name(found),
        country=guessed or UNKNOWN_COUNTRY,
        languages=told or ("en",),
        homepage=found.homepage,
        affiliation=affiliation or "independent",
        feeds=tuple(finding.url for finding in found.of("feeds")),
        sitemaps=tuple(finding.url for finding in found.of("sitemaps")),
        sections=tuple(finding.url for finding in found.of("sections")),
        notes=tuple(notes),
        added=today,
    )


def account(found: Discovery, today: date) -> str:
    """Lines of comment for a declaration file: each address that was looked at, and what became of it."""
    lines = [f"Looked at on {today} by `monitor sources discover`:"]
    lines += [f"  {_outcome(tried, found.taken)}" for tried in found.tried]
    if found.problem:
        lines.append(f"  {found.homepage}: {found.problem}")
    if found.front.channels:
        lines.append(f"The page links to Telegram channels, not looked at: {', '.join(found.front.channels)}")
    return "".join(f"# {_printable(line)}\n" for line in lines)


def _outcome(tried: Tried, taken: Collection[Finding]) -> str:
    if tried.finding is None or tried.problem is not None:
        return f"left   {tried.url} ({tried.how}): {(tried.problem or 'nothing')[:200]}"
    return f"{'taken' if tried.finding in taken else 'left '}  {tried.url} ({tried.how}): {describe(tried.finding)}"


def describe(finding: Finding) -> str:
    """A finding in a few words: ``feed (rss), 20 entries, newest 2026-11-22, en ur``."""
    parts = [f"{_NAMES[finding.way]} ({finding.kind})", f"{finding.entries} entries"]
    parts.append(f"newest {finding.newest.date()}" if finding.newest else "undated")
    return ", ".join([*parts, " ".join(finding.languages) or "language unknown"])


def _printable(text: str) -> str:
    """``text`` as it may stand in a comment or a value: one line, no control characters."""
    return "".join(char if char.isprintable() else " " for char in text)


def _languages(found: Discovery) -> tuple[str, ...]:
    told = [name for finding in found.taken for name in finding.languages]
    declared = (language_tag(found.front.language) or "")[:2]
    return tuple(dict.fromkeys(name for name in (*told, *([] if told else [declared])) if name in LANGUAGES))


def _country(homepage: str) -> str | None:
    """The country whose top-level domain the host has, unless that is sold to all the world."""
    from babel import Locale

    ending = ascii_host(urlsplit(homepage).hostname or "").rpartition(".")[2]
    code = {"uk": "GB"}.get(ending, ending.upper())
    known = len(code) == 2 and code in Locale("en").territories and ending not in _FOR_SALE
    return code if known else None


def _name(found: Discovery) -> str:
    """What the outlet calls itself: its page, or its first feed, or what its page is headed, up to a separator."""
    feeds = (finding.title for finding in found.taken if finding.title)
    for title in (found.front.name, *feeds, found.front.title):
        for piece in _TITLE_END.split(title):
            if piece.strip() and len(piece) <= 80:
                return _printable(piece).strip()
    return urlsplit(found.homepage).hostname or found.homepage


def _id(homepage: str) -> str:
    """An id from the host: the site's name, then the edition; of an address without a name, the address."""
    parts = urlsplit(homepage)
    host = ascii_host(parts.hostname or "")
    site = registrable(host)
    labels = [site.split(".")[0], *host[: -len(site) - 1].split(".")] if site else [host, str(parts.port or "")]
    words = [re.sub(r"[^a-z0-9]+", "-", label.lower()).strip("-") for label in labels]
    return "-".join(word for word in words if word and word not in ("www", "m", "mobile", "amp")) or "outlet"
