"""What health is judged from: what each source did in each of the last 24-hour windows, and how the runs went."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from statistics import median

# A window in which our own crawler was at work for less than this share of its usual hours is not learned from.
WELL_COVERED = 0.75


@dataclass(frozen=True, slots=True)
class Window:
    """What a source did in 24 hours.

    ``reads`` and ``unread`` count polls of its feeds and other ways in that worked or failed; ``listed`` new entries
    over all of them, before ``fetch`` chooses; ``fetched`` pages had, ``unfetched`` not had; ``extracted`` pages with
    article text, ``empty`` without; ``stored`` stories. Entries and stories per language stand in the last two.
    """

    reads: int = 0
    unread: int = 0
    listed: int = 0
    fetched: int = 0
    unfetched: int = 0
    extracted: int = 0
    empty: int = 0
    stored: int = 0
    languages: Mapping[str, int] = field(default_factory=dict)
    stored_languages: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WayIn:
    """A feed or other listing document: polls failed in a row (our own outages aside), and how it went last."""

    url: str
    failures: int = 0
    problem: str | None = None
    polled_at: datetime | None = None
    read_at: datetime | None = None
    entries: int | None = None


@dataclass(frozen=True)
class SourceHistory:
    """One source: since when it is known, what it did (newest window first), its ways in, its last new entry."""

    added_at: datetime | None = None
    windows: tuple[Window, ...] = ()
    ways_in: tuple[WayIn, ...] = ()
    listed_at: datetime | None = None

    @property
    def read_at(self) -> datetime | None:
        """When one of its ways in was last read well."""
        return max((way.read_at for way in self.ways_in if way.read_at), default=None)


@dataclass(frozen=True)
class Run:
    """One run of the crawler; ``polled`` sources were asked, ``unread`` of them could not be read."""

    id: int
    command: str
    started_at: datetime
    finished_at: datetime | None = None
    outcome: str = "running"
    note: str | None = None
    polled: int = 0
    unread: int = 0


@dataclass(frozen=True)
class History:
    """All of it. Window number k is the 24 hours that ended k days ago; all sources have as many windows.

    ``covered`` says for each window in how many hours a run over all sources did its work.
    """

    sources: Mapping[str, SourceHistory] = field(default_factory=dict)
    covered: tuple[int, ...] = ()
    last_run: Run | None = None
    last_good_run: Run | None = None

    @property
    def coverage(self) -> tuple[float, ...]:
        """For each window, the hours we were at work as a share (at most 1) of our usual hours."""
        worked = [hours for hours in self.covered if hours]
        usual = median(worked) if worked else 1
        return tuple(min(1.0, hours / usual) for hours in self.covered)

    @property
    def reach(self) -> tuple[float, ...]:
        """The part of a day's entries we can count upon having seen: the hours missed may have been the busiest."""
        return tuple(share**2 for share in self.coverage)


def own_fault(polled: int, unread: int) -> bool:
    """Whether so many sources could not be read at once that our own connection is the likelier cause."""
    return polled >= 5 and unread > polled / 2


def observed(counts: Sequence[int], reads: Sequence[int], coverage: Sequence[float]) -> list[int | None]:
    """``counts`` per window as far as anybody looked: None where we did not run or the source was not read."""
    return [count if read and share > 0 else None for count, read, share in zip(counts, reads, coverage, strict=True)]


def representative(seen: Sequence[int | None], coverage: Sequence[float]) -> list[int | None]:
    """``seen`` without the days that say nothing of a rhythm: not well covered, or catching up after a day not seen."""
    return [
        count if share >= WELL_COVERED and (ago + 1 == len(seen) or seen[ago + 1] is not None) else None
        for ago, (count, share) in enumerate(zip(seen, coverage, strict=True))
    ]


def total(windows: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """The counts of ``windows`` added up, key by key."""
    found: dict[str, int] = {}
    for window in windows:
        for key, count in window.items():
            found[key] = found.get(key, 0) + count
    return found
