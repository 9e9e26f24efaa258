"""Whether the ways in to a source work, and where a dead one has gone."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Literal
from urllib.parse import urlsplit

from monitor.discovery import discover, is_of_comments
from monitor.items import isoformat
from monitor.sources import Source
from monitor.telegram import preview_url
from monitor.waysin import Answer, Fetch, Finding, Way, examine

Verdict = Literal[
    "ok",
    "moved",  # works, but every redirect on the way says that its address is another for good
    "repaired",  # was dead; another address was found in its place
    "gone",  # 404 or 410
    "other kind",  # something else came than was declared
    "empty",
    "stale",  # nothing new for longer than the source's own rhythm allows
    "other language",
    "forbidden",  # by robots.txt
    "refused",  # any other status of 400 or more
    "unreachable",
    "failed",  # the program itself could not cope with what came
]
WELL: frozenset[Verdict] = frozenset({"ok", "moved", "repaired"})
# What may be looked for at another address: not what may be well again tomorrow.
_DEAD: frozenset[Verdict] = frozenset({"gone", "other kind", "empty", "stale"})
_WAYS: tuple[Way, ...] = ("feeds", "sitemaps", "sections", "telegram")
# Silence of so many times the usual gap between two entries, within these bounds, makes a way in stale.
_GAPS = 20
_STALE_BOUNDS = (timedelta(days=3), timedelta(days=30))
_STALE_WHEN_RARE = timedelta(days=120)


@dataclass(frozen=True, slots=True)
class Checked:
    """One way in to a source, as found on one look. ``moved_to`` is the address to declare instead, if any."""

    source: Source
    way: Way
    address: str  # as declared
    verdict: Verdict
    answer: Answer
    finding: Finding | None = field(default=None, repr=False)
    problem: str | None = None
    moved_to: str | None = None

    @property
    def well(self) -> bool:
        """Whether it works."""
        return self.verdict in WELL

    def record(self) -> dict[str, Any]:
        """The row of a report."""
        found = self.finding
        return {
            "source": self.source.id,
            "way": self.way,
            "address": self.address,
            "verdict": self.verdict,
            "status": self.answer.status,
            "kind": found.kind if found else None,
            "entries": found.entries if found else None,
            "newest": isoformat(found.newest) if found else None,
            "robots": self.answer.robots,
            "languages": list(found.languages) if found else [],
            "declared": list(self.source.languages),
            "problem": self.problem,
            "moved_to": self.moved_to,
        }


async def check_source(fetch: Fetch, source: Source, now: datetime, telegram_base: str) -> list[Checked]:
    """Look once at each way in to ``source``, one after the other."""
    return [await _check(fetch, source, way, address, now, telegram_base) for way, address in _ways(source)]


def failed(source: Source, error: Exception) -> list[Checked]:
    """The rows of a source at which the program itself failed."""
    problem = f"{type(error).__name__}: {error}"
    return [
        Checked(source, way, address, "failed", Answer(address, address), problem=problem)
        for way, address in _ways(source)
    ]


def _ways(source: Source) -> Iterator[tuple[Way, str]]:
    for way in _WAYS:
        for address in getattr(source, way):
            yield way, address


async def _check(fetch: Fetch, source: Source, way: Way, address: str, now: datetime, telegram_base: str) -> Checked:
    url = preview_url(telegram_base, address) if way == "telegram" else address
    answer, finding = await examine(fetch, url, now, way)
    verdict, problem = _judge(source, answer, finding, now)
    moved = verdict == "ok" and answer.moved and way != "telegram"
    return Checked(
        source=source,
        way=way,
        address=address,
        verdict="moved" if moved else verdict,
        answer=answer,
        finding=finding,
        problem=problem,
        moved_to=answer.final_url if moved else None,
    )


def _judge(source: Source, answer: Answer, finding: Finding | None, now: datetime) -> tuple[Verdict, str | None]:
    """What is to be said of a way in, and why if it is nothing good."""
    if finding is None:
        return _failure(answer), answer.problem
    if not finding.entries:
        return "empty", "lists nothing"
    patience = stale_after(source)
    if finding.newest is not None and now - finding.newest > patience:
        return "stale", f"its newest entry is of {finding.newest.date()}; {patience.days} days are the most expected"
    if finding.languages and not set(finding.languages) & set(source.languages):
        said, declared = ", ".join(finding.languages), ", ".join(source.languages)
        return "other language", f"is in {said}, where {declared} is declared"
    return "ok", None


def _failure(answer: Answer) -> Verdict:
    if answer.robots == "forbidden":
        return "forbidden"
    if answer.status is None:
        return "unreachable"
    if answer.status in (404, 410):
        return "gone"
    return "refused" if answer.status >= 400 else "other kind"


def stale_after(source: Source) -> timedelta:
    """How long ``source`` may be silent: a multiple of the gap between two entries on a slow day, within bounds."""
    fewest = source.expected_per_day[0] if source.expected_per_day else 0
    if not fewest:
        return _STALE_WHEN_RARE
    low, high = _STALE_BOUNDS
    return min(max(timedelta(days=_GAPS) / fewest, low), high)


async def repair(fetch: Fetch, source: Source, rows: list[Checked], now: datetime) -> list[Checked]:
    """``rows`` with ``moved_to`` set where another address was found for a dead feed or sitemap.

    It is one that works, is in a declared language, and not declared already: the verdict is ``repaired``. Where all
    that is found is old, it still takes the place of one that is gone, but stays ``stale``.
    """
    if not any(_is_dead(row) for row in rows):
        return rows
    found = await discover(fetch, source.homepage, now)
    usable = [one.finding for one in found.tried if one.finding and not one.problem and not is_of_comments(one.finding)]
    taken = set(source.ways_in) | {row.moved_to for row in rows}
    repaired = []
    for row in rows:
        fit = [one for one in usable if _is_dead(row) and one.way == row.way and one.url not in taken]
        best = max((_replaced(row, one, now) for one in fit), key=_merit, default=row)
        best = best if _merit(best)[0] > _merit(row)[0] else row
        taken.add(best.moved_to)
        repaired.append(best)
    return repaired


def _is_dead(row: Checked) -> bool:
    return row.verdict in _DEAD and row.way in ("feeds", "sitemaps")


def _replaced(row: Checked, finding: Finding, now: datetime) -> Checked:
    """``row`` as it is with ``finding`` in the place of its address."""
    verdict, problem = _judge(row.source, row.answer, finding, now)
    verdict = "repaired" if verdict == "ok" else verdict
    return replace(row, verdict=verdict, problem=problem, finding=finding, moved_to=finding.url)


def _merit(row: Checked) -> tuple[int, float]:
    """How good a way in is; of equally good addresses the one more like the old one is better."""
    rank = {"repaired": 2, "stale": 1}.get(row.verdict, 0)
    return rank, _alike(row.moved_to, row.address) if row.moved_to and rank else 0.0


def _alike(first: str, second: str) -> float:
    """How much two addresses look alike behind the host."""
    one, other = (f"{parts.path}?{parts.query}" for parts in map(urlsplit, (first, second)))
    return difflib.SequenceMatcher(None, one, other).ratio()
