"""Why there is so much more than usual: a spike is no fault, but it has to be explained (a source may be new)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from monitor.health.history import WELL_COVERED, History
from monitor.health.languages import language_volume
from monitor.health.rhythm import chance_of_at_least
from monitor.health.volume import Volume, volume
from monitor.phrases import language_name, many, per_day, some
from monitor.sources import Source

# Worth a note when chance would bring so much in no more than this share of cases, and it is so many times the usual.
_CHANCE, _TIMES = 1 / 10_000, 1.5
# A source added so long before the spike may explain it.
_EXPLAINS = timedelta(hours=48)


def find_spikes(history: History, sources: Sequence[Source], now: datetime) -> tuple[str, ...]:
    """A line for all entries together, and for each language, of which there are far more in the last 24 hours."""
    enabled = [source for source in sources if source.enabled and source.id in history.sources]
    days = range(len(history.covered))
    windows = [history.sources[source.id].windows for source in enabled]
    everything = volume(
        [sum(past[ago].listed for past in windows) for ago in days],
        [sum(past[ago].reads for past in windows) for ago in days],
        history.coverage,
    )
    found = [_spike("", everything, history, enabled, now)]
    for code in sorted({code for source in enabled for code in source.languages}):
        speaking = [source for source in enabled if code in source.languages]
        name = f" in {language_name(code)}"
        found.append(_spike(name, language_volume(history, enabled, code), history, speaking, now))
    return tuple(line for line in found if line)


def _spike(name: str, counts: Volume, history: History, sources: Sequence[Source], now: datetime) -> str | None:
    today, rhythm = counts.today, counts.rhythm
    if today is None or rhythm is None or today < _TIMES * rhythm.usual or not rhythm.usual:
        return None
    if chance_of_at_least(today, rhythm.usual, rhythm.spread) >= _CHANCE:
        return None
    entries = many(today, "new entry", "new entries")
    return f"spike: {entries}{name} in a day, usually {per_day(rhythm.usual)}; {_cause(history, sources, now)}"


def _cause(history: History, sources: Sequence[Source], now: datetime) -> str:
    known = {s.id: known_at for s in sources if (known_at := history.sources[s.id].added_at)}
    first = min(known.values(), default=now)
    added = [name for name, known_at in known.items() if known_at != first and now - known_at <= _EXPLAINS]
    if added:
        dates = [f"{day.day} {day:%b %Y}" for day in sorted({known[name].date() for name in added})]
        verb = "source was" if len(added) == 1 else "sources were"
        return f"{len(added)} {verb} added on {' and '.join(dates)} ({some(added)})"
    if len(history.coverage) > 1 and history.coverage[1] < WELL_COVERED:
        return "the crawler had stood still before"
    return "no source was added: an event, or a site that lists its archive anew"
