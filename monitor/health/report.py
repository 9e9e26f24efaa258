"""All judgements together, and the one sentence about what could not be seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.health.history import History
from monitor.health.languages import LanguageHealth, judge_languages
from monitor.health.runs import STALE_AFTER, RunHealth, judge_run
from monitor.health.sources import SourceHealth, judge_sources
from monitor.health.spikes import find_spikes
from monitor.phrases import many, some
from monitor.sources import Source


@dataclass(frozen=True)
class Health:
    """Everything that was judged, at ``judged_at``; ``notes`` explain what would else puzzle (a spike)."""

    judged_at: datetime
    run: RunHealth
    sources: tuple[SourceHealth, ...] = ()
    languages: tuple[LanguageHealth, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def healthy(self) -> bool:
        """Whether nobody has to look at anything."""
        states = [self.run.state, *(item.state for item in self.sources), *(item.state for item in self.languages)]
        return not {"sick", "quiet"} & set(states)


def judge(history: History, sources: Sequence[Source], now: datetime, stale_after: timedelta = STALE_AFTER) -> Health:
    """All judgements, as ``monitor status`` shows them; ``now`` is the moment that ``history`` was read for."""
    return Health(
        judged_at=now,
        run=judge_run(history, now, stale_after),
        sources=judge_sources(history, sources, now),
        languages=judge_languages(history, sources),
        notes=find_spikes(history, sources, now),
    )


def unseen(health: Health) -> str:
    """What could not be seen, in one sentence, for briefs and alerts: silence is trusted no further than this."""
    parts = [*health.run.reasons[:1], *_source_parts(health), *_language_parts(health)]
    if parts:
        text = "; ".join(parts)
        return f"{text[0].upper()}{text[1:]}."
    watched = _watched(health)
    new = sum(source.state == "new" for source in watched)
    if new:
        return f"Nothing is known to be missing, but {new} of {many(len(watched), 'source')} too new to judge."
    return f"Nothing is known to be missing: {many(len(watched), 'source')} as usual."


def _watched(health: Health) -> list[SourceHealth]:
    return [source for source in health.sources if source.state != "off"]


def _source_parts(health: Health) -> list[str]:
    watched, parts = _watched(health), []
    groups = {
        "could not be seen properly": [source.id for source in watched if source.state == "sick"],
        "much quieter than usual": [source.id for source in watched if source.state == "quiet"],
        "not read yet": [source.id for source in watched if source.state == "new" and source.read_at is None],
    }
    for words, names in groups.items():
        if names:
            parts.append(f"{len(names)} of {many(len(watched), 'source')} {words} ({some(names)})")
    return parts


def _language_parts(health: Health) -> list[str]:
    parts = []
    for language in health.languages:
        if language.state == "sick":
            parts.append(f"no source in {language.name} answered")
        elif language.state == "quiet" and language.share is not None:
            volume = "volume" if language.measure == "entries" else "stories"
            parts.append(f"{language.name} at {language.share:.0%} of its usual {volume}")
    return parts
