"""How each language is: do its sources answer, and do as many entries and stories come in it as usual."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from monitor.health.history import History, Window
from monitor.health.states import State
from monitor.health.symptoms import low_words
from monitor.health.volume import Volume, source_volumes, volume
from monitor.phrases import language_name
from monitor.sources import Source

# Stories depend on the news: those of one language are reported only when they fall so far below what is left after
# a lull in the other languages is allowed for, and those were so many a day.
_STORIES_SHARE, _STORIES_FEWEST = 0.5, 3.0
_WEEK = 7


@dataclass(frozen=True)
class LanguageHealth:
    """How a language is: entries and stories of the last 24 hours, and how many of its sources were read.

    ``share`` is the volume as a share of the usual one, over the days that the judgement is about, and ``measure`` what
    it is the volume of: ``entries``, or ``stories`` where these alone have become few.
    """

    language: str
    name: str
    state: State
    reasons: tuple[str, ...] = ()
    listed: int | None = None
    usual: float | None = None
    share: float | None = None
    measure: str = "entries"
    stored: int = 0
    sources: int = 0
    read: int = 0


def judge_languages(history: History, sources: Sequence[Source]) -> tuple[LanguageHealth, ...]:
    """How each language is that an enabled source declares, by code, at the moment ``history`` was read for.

    Volume counts entries by the language of their titles, and stories, over the sources known for long enough, so that
    adding one hides nothing; what is switched off counts neither now nor in the past.
    """
    enabled = [source for source in sources if source.enabled]
    volumes = source_volumes(history, enabled)
    established = [source for source in enabled if source.id in volumes and volumes[source.id].rhythm]
    codes = sorted({code for source in enabled for code in source.languages})
    entries = {code: language_volume(history, established, code) for code in codes}
    stories = {code: _stories(history, established, code) for code in codes}
    return tuple(_judge(code, history, enabled, entries[code], stories) for code in codes)


def language_volume(history: History, sources: Sequence[Source], code: str) -> Volume:
    """New entries a day in language ``code`` over ``sources``."""
    pasts = [history.sources[source.id] for source in sources if source.id in history.sources]
    days = range(len(history.covered))
    counts = [sum(past.windows[ago].languages.get(code, 0) for past in pasts) for ago in days]
    return volume(counts, [sum(past.windows[ago].reads for past in pasts) for ago in days], history.coverage)


def _stories(history: History, sources: Sequence[Source], code: str) -> Volume:
    pasts = [history.sources[source.id] for source in sources]
    days = range(len(history.covered))
    counts = [sum(past.windows[ago].stored_languages.get(code, 0) for past in pasts) for ago in days]
    return volume(counts, [sum(past.windows[ago].reads for past in pasts) for ago in days], history.coverage)


def _judge(
    code: str, history: History, sources: Sequence[Source], entries: Volume, stories: Mapping[str, Volume]
) -> LanguageHealth:
    speaking = [source for source in sources if code in source.languages]
    today = _today(history, speaking)
    read = sum(window.reads > 0 for window in today)
    faults, silences = [], []
    share, measure = None, "entries"
    if not read and any(window.unread for window in today):
        faults.append(f"no source in {language_name(code)} answered")
    if entries.rhythm and entries.today is not None and (expected := entries.rhythm.expected(0)):
        share = entries.today / expected
    if low := entries.low(history.reach):
        share = low.share
        silences.append(low_words(low))
    elif (low := stories[code].low(_after_lull(code, history.reach, stories))) and low.share <= _STORIES_SHARE:
        share, measure = low.share, "stories"
        silences.append(f"stories: {low_words(low)}, though entries come as usual")
    state: State = "sick" if faults else "quiet" if silences else "healthy" if entries.rhythm else "new"
    return LanguageHealth(
        language=code,
        name=language_name(code),
        state=state,
        reasons=(*faults, *silences),
        listed=language_volume(history, sources, code).today,
        usual=entries.usual,
        share=share,
        measure=measure,
        stored=sum(window.stored_languages.get(code, 0) for window in _today(history, sources)),
        sources=len(speaking),
        read=read,
    )


def _today(history: History, sources: Sequence[Source]) -> list[Window]:
    return [past.windows[0] for s in sources if (past := history.sources.get(s.id)) and past.windows]


def _after_lull(code: str, reach: Sequence[float], stories: Mapping[str, Volume]) -> list[float]:
    """What part of the usual stories is to be expected, by what came of the other languages in the last week."""
    seen, expected = 0, 0.0
    for other, past in stories.items():
        if other == code or not past.rhythm or past.rhythm.usual < _STORIES_FEWEST:
            continue
        known = [(ago, count) for ago, count in enumerate(past.seen[:_WEEK]) if count is not None]
        seen += sum(count for _, count in known)
        expected += sum(past.rhythm.expected(ago) * reach[ago] for ago, _ in known)
    lull = min(1.0, seen / expected) if expected else 0.0
    return [share * lull for share in reach]
