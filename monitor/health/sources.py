"""How each source is: broken, quieter than it was, too new to tell, or well."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.health import symptoms
from monitor.health.history import History, SourceHistory
from monitor.health.rhythm import FEWEST_DAYS, doubt
from monitor.health.states import State
from monitor.health.volume import Volume, expectable, source_volumes
from monitor.sources import Source

# Days on which our crawler was at work for less of its usual hours say nothing of a single failure after them.
_HALF = 0.5


@dataclass(frozen=True)
class SourceHealth:
    """How a source is. Counts are of the last 24 hours, None where nobody looked; ``usual`` is its count a day.

    ``chance`` is given for a healthy one that listed little: how often that is by chance. Worth a second look.
    """

    id: str
    name: str
    languages: tuple[str, ...]
    state: State
    reasons: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    listed: int | None = None
    usual: float | None = None
    chance: float | None = None
    stored: int = 0
    failures: int = 0
    read_at: datetime | None = None
    listed_at: datetime | None = None
    added_at: datetime | None = None


def judge_sources(history: History, sources: Sequence[Source], now: datetime) -> tuple[SourceHealth, ...]:
    """How each of ``sources`` is at ``now``, in their order; ``docs/health.md`` explains the states and the rules."""
    volumes = source_volumes(history, [source for source in sources if source.enabled])
    factors = expectable(history.reach, volumes)
    return tuple(
        _Case(source, history, history.sources[source.id], volumes[source.id], factors, now).judged()
        if source.id in volumes
        else _unknown(source)
        for source in sources
    )


def _unknown(source: Source) -> SourceHealth:
    if not source.enabled:
        return SourceHealth(source.id, source.name, source.languages, "off", (source.disabled_reason or "",))
    return SourceHealth(source.id, source.name, source.languages, "new", notes=("no run has known it yet",))


@dataclass(frozen=True)
class _Case:
    """One source with all that is known of it."""

    source: Source
    history: History
    past: SourceHistory
    volume: Volume
    factors: Sequence[float]
    now: datetime

    def judged(self) -> SourceHealth:
        faults = self._faults()
        silences = [] if faults else self._silences()
        state: State = (
            "sick" if faults else "quiet" if silences else "healthy" if self.volume.rhythm is not None else "new"
        )
        return SourceHealth(
            id=self.source.id,
            name=self.source.name,
            languages=self.source.languages,
            state=state,
            reasons=(*faults, *silences),
            notes=self._notes(state),
            listed=self.volume.today,
            usual=self.volume.usual,
            chance=self._doubt() if state == "healthy" else None,
            stored=self.past.windows[0].stored if self.past.windows else 0,
            failures=min((way.failures for way in self.past.ways_in), default=0),
            read_at=self.past.read_at,
            listed_at=self.past.listed_at,
            added_at=self.past.added_at,
        )

    def _faults(self) -> list[str]:
        stood_still = any(share < _HALF for share in self.history.coverage[:2])
        if down := symptoms.unreachable(self.past, stood_still):
            return [down]
        windows = self.past.windows
        found = [
            symptoms.empty_feeds(self.source, self.past),
            *symptoms.dead_ways_in(self.past),
            symptoms.unfetched_pages(windows),
            symptoms.empty_pages(windows),
            symptoms.foreign_language(self.source.languages, windows),
            symptoms.flood(self.source, self.volume),
        ]
        return [reason for reason in found if reason]

    def _silences(self) -> list[str]:
        if self.volume.rhythm is None:
            silence = symptoms.long_silence(self.past, self.volume, self.now)
            return [silence] if silence else []
        if low := self.volume.low(self.factors):
            return [symptoms.low_words(low)]
        if below := symptoms.below_bound(self.source, self.volume, self.factors):
            return [below]
        return symptoms.lost_languages(self.source, self.past.windows, self.volume, self.factors)

    def _doubt(self) -> float | None:
        today, rhythm = self.volume.today, self.volume.rhythm
        return doubt(today, rhythm.expected(0) * self.factors[0], rhythm) if rhythm else None

    def _notes(self, state: State) -> tuple[str, ...]:
        notes = [] if state == "sick" else symptoms.failing_ways_in(self.past)
        if self.volume.rhythm is None:
            days = sum(count is not None for count in self.volume.fit)
            notes.append(f"too new to judge by its volume: seen on {days} of {FEWEST_DAYS} days")
        elif wrong := symptoms.wrong_bound(self.source, self.volume):
            notes.append(wrong)
        return tuple(notes)
