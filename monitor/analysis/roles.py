"""Who does what to whom within a sentence: who strikes, whose losses are told, and when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from monitor.analysis.actors import Actor
from monitor.analysis.lexicon import Number, Word
from monitor.analysis.reading import Match
from monitor.analysis.topic import Topic

ARMED = frozenset({"armed_clash", "shelling", "air_strike", "drone_strike", "infiltration", "attack", "ied"})
BOMBARDED = frozenset({"shelling", "air_strike", "drone_strike"})
# Characters within which a word belongs to another: the one who strikes before the word for it (or right after
# it), a third country likewise, two that stand side by side, a day and its month, victims and what became of
# them, what something comes after.
_NEAR_AGENT, _NEXT, _NEAR_FOREIGN, _PAIRED, _NEAR_DAY, _NEAR_LOSS, _NEAR_AFTER = 5, 1, 22, 25, 4, 60, 45


def is_armed(match: Match) -> bool:
    """Whether a match is a word for fighting of any kind."""
    return isinstance(match.entry, Word) and match.entry.category == "event" and match.entry.means in ARMED


def side_of(match: Match) -> str:
    """The ``side`` of a word or actor; empty for all else."""
    return match.entry.side if isinstance(match.entry, Word | Actor) else ""


def strikers(topic: Topic, matches: Sequence[Match], events: Iterable[Match]) -> set[str]:
    """The sides named as those who strike: right before the word for it, or right after it."""
    strikes = [event for event in events if is_armed(event) and _means(event) != "ied"]
    return {
        side_of(match)
        for match in matches
        if side_of(match) in topic.sides and any(_does(match, event) for event in strikes if event is not match)
    }


def third_strikes(matches: Sequence[Match], events: Iterable[Match]) -> bool:
    """Whether a country of neither side is named as the one who strikes."""
    strikes = list(filter(is_armed, events))
    return any(0 <= event.start - other.end <= _NEAR_FOREIGN for event in strikes for other in outsiders(matches))


def third_beside(topic: Topic, matches: Sequence[Match]) -> bool:
    """Whether a country of neither side stands beside one of a side, as the two of another border do."""
    ours = [match for match in matches if isinstance(match.entry, Actor) and match.entry.side in topic.sides]
    return any(gap(one, other) <= _PAIRED for one in ours for other in outsiders(matches))


def victims(topic: Topic, matches: Sequence[Match], losses: Sequence[Match]) -> set[str]:
    """The sides whose people are named beside a loss."""
    return {
        side_of(match)
        for match in matches
        if match.kind == "party"
        and side_of(match) in topic.sides
        and any(gap(match, loss) <= _NEAR_LOSS for loss in losses)
    }


def is_dated(matches: Sequence[Match]) -> bool:
    """Whether a day of a month is named: the month alone may be another word."""
    days = [match for match in matches if isinstance(match.entry, Number) and _is_day(match.entry)]
    months = [match for match in matches if match.kind == "month"]
    return any(0 < gap(day, month) <= _NEAR_DAY for day in days for month in months)


def _is_day(number: Number) -> bool:
    """Whether a number can be a day; "a" and other words for one stand before months that are no dates."""
    return 0 < number.value <= 31 and not (number.value == 1 and number.language)


def follows(event: Match, after: Match) -> bool:
    """Whether an event is what something comes after."""
    between = event.start - after.end if side_of(after) == "before" else after.start - event.end
    return 0 <= between <= _NEAR_AFTER


def outsiders(matches: Sequence[Match]) -> list[Match]:
    """The countries of neither side, but for those inside a longer word ("backed by X")."""
    words = [match for match in matches if isinstance(match.entry, Word)]
    return [
        match
        for match in matches
        if isinstance(match.entry, Actor)
        and match.entry.actor_kind == "country"
        and match.entry.side == "other"
        and not any(
            word.start <= match.start and match.end <= word.end and word.end - word.start > match.end - match.start
            for word in words
        )
    ]


def _does(agent: Match, event: Match) -> bool:
    return 0 <= event.start - agent.end <= _NEAR_AGENT or 0 <= agent.start - event.end <= _NEXT


def gap(one: Match, other: Match) -> int:
    """Characters between two matches; below 0 where they overlap."""
    return max(one.start - other.end, other.start - one.end)


def _means(match: Match) -> str:
    return match.entry.means if isinstance(match.entry, Word) else ""


def is_within(match: Match, others: Iterable[Match]) -> bool:
    """Whether one of ``others`` covers all of a match."""
    return any(other.start <= match.start and match.end <= other.end for other in others)
