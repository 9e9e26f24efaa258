"""Which places a sentence names without anything happening there: where people speak, are treated or come from."""

from __future__ import annotations

import re
from collections.abc import Sequence

from monitor.analysis.actors import Actor
from monitor.analysis.gazetteer import GazetteerPlace
from monitor.analysis.lexicon import Word
from monitor.analysis.reading import Match, Reading
from monitor.analysis.roles import is_armed, side_of

# Characters within which a verb of saying stands behind the place it was said in, and a speaker beside it.
_NEAR_SAID, _NEAR_SAID_LAST, _NEAR_SPEAKER, _NEAR_VERB, _FIRST_NAME = 16, 30, 16, 45, 24
# Small words that stand before a place, never before a family name.
_SMALL_WORDS = frozenset(
    "of in for from the at near د په له پر تر کے کی کا میں سے نے در از به ولایت ولسوالی ضلع صوبہ".split()
)
# ... within which what happened stands before a place that it happened in.
_HAPPENED_BEFORE = 45
# ... within which a word for taking people away, or for what came of it, governs a place.
_NEAR_MOVED, _NEAR_AFTERMATH, _NEAR_AFTERMATH_BEHIND = 64, 60, 30
# ... within which an earlier attack that is answered governs the places it happened in.
_NEAR_ANSWERED = 100
_VERB_LAST = frozenset({"ur", "ps", "fa", "hi"})
_SPEAKER_BEHIND = frozenset({"ur", "ps", "hi"})
_SAYING = frozenset({"claimed", "confirmed", "denied", "none"})
# A sentence that names more places than this lists where something happened.
_LIST = 3
# A name of up to three words, and the word that marks the one who does something.
_AGENT = re.compile(r"(?:\s[^\s,،؛:.۔]+){0,3}\s(?:نے|ने)(?!\w)")
_OLDER = frozenset({"-2", "-3", "-7", "month"})


def is_voice(reading: Reading, matches: Sequence[Match], place: Match) -> bool:
    """Whether a place is only where somebody speaks: "officials in X said", "told reporters in X"."""
    named = [match.entry for match in matches if isinstance(match.entry, GazetteerPlace)]
    if len(named) > _LIST:
        return False
    if _parts(matches, place.start - _HAPPENED_BEFORE, place.start):  # "a clash in X, said"
        return False
    near = _NEAR_SAID_LAST if reading.language in _VERB_LAST else _NEAR_SAID
    for match in matches:
        if match.part != place.part:
            continue
        behind = match.start - place.end
        if _says(match) and 0 <= behind <= near and not _parts(matches, place.end, match.start):
            return not any(comma in reading.text[place.end : match.start] for comma in ",،")
        speaks = match.kind == "speaker" or (isinstance(match.entry, Actor) and match.entry.actor_kind == "person")
        if speaks and reading.language in _SPEAKER_BEHIND and 0 < behind <= _NEAR_SPEAKER:
            said = any(_says(one) and 0 <= one.start - match.end <= _NEAR_VERB for one in matches)
            said = said or _AGENT.match(reading.text, match.end) is not None
            return said and not _parts(matches, place.end, match.start)
    return False


def is_surname(reading: Reading, matches: Sequence[Match], place: Match) -> bool:
    """Whether a name of a place is that of somebody: a title, a first name, and a verb of saying or a comma behind."""
    text = reading.title if place.part == "title" else reading.text
    for match in matches:
        gap = place.start - match.end
        if match.kind != "speaker" or match.part != place.part or not 2 < gap <= _FIRST_NAME:
            continue
        if any(match.end <= one.start < place.start for one in matches if one.kind in ("verb", "place")):
            continue
        between = text[match.end : place.start].split()
        if 1 <= len(between) <= 2 and not set(between) & _SMALL_WORDS and between[0][-1:].isalpha():
            behind = text[place.end : place.end + 1]
            said = _AGENT.match(text, place.end) is not None or any(
                _says(one) and 0 <= one.start - place.end <= 4 for one in matches
            )
            return (behind in (",", "،") or said) and (not text.isascii() or between[-1][:1].isupper())
    return False


def is_taken_to(matches: Sequence[Match], place: Match) -> bool:
    """Whether a place is where people are brought, not where they were hit."""
    return _governed(matches, place, "moved", _NEAR_MOVED) or _is_treated_in(matches, place)


def _is_treated_in(matches: Sequence[Match], place: Match) -> bool:
    """Whether a hospital stands in the place, and is not itself what was hit."""
    for match in matches:
        if match.kind == "context" and _means(match) == "clinic" and 0 <= place.start - match.end <= 1:
            return not any(
                match.start - _HAPPENED_BEFORE <= one.start < match.start for one in matches if is_armed(one)
            )
    return False


def _says(match: Match) -> bool:
    return match.kind == "verb" and isinstance(match.entry, Word) and match.entry.side in _SAYING


def is_aftermath(matches: Sequence[Match], place: Match) -> bool:
    """Whether a place is where something comes of the incident: a protest, a funeral."""
    if any(is_armed(match) and 0 <= match.start - place.end <= 2 for match in matches):  # "the X attack"
        return False
    return _governed(matches, place, "aftermath", _NEAR_AFTERMATH, _NEAR_AFTERMATH_BEHIND)


def is_earlier(matches: Sequence[Match]) -> bool:
    """Whether a sentence behind the lead tells of another day: "two days earlier"."""
    return any(match.kind == "relative_day" and _means(match) in _OLDER for match in matches)


def is_answered(matches: Sequence[Match], place: Match) -> bool:
    """Whether a place is where that happened which is answered: "bombed X after an attack in Y"."""
    for after in matches:
        if _means(after) != "after" or side_of(after) != "before" or after.part != place.part:
            continue
        answer = any(is_armed(one) for one in matches if one.end <= after.start)
        if answer and 0 <= place.start - after.end <= _NEAR_ANSWERED:
            return any(is_armed(one) for one in matches if after.end <= one.start and one.end <= place.start)
    return False


def _governed(matches: Sequence[Match], place: Match, means: str, near: int, near_behind: int | None = None) -> bool:
    for match in matches:
        word = match.entry
        if match.kind != "context" or not isinstance(word, Word) or word.means != means or match.part != place.part:
            continue
        before, behind = place.start - match.end, match.start - place.end
        if word.side != "after" and 0 <= before <= near and not _parts(matches, match.end, place.start):
            return True
        if (
            word.side != "before"
            and 0 <= behind <= (near_behind or near)
            and not _parts(matches, place.end, match.start)
        ):
            return True
    return False


def _parts(matches: Sequence[Match], start: int, end: int) -> bool:
    """Whether fighting or losses are told between two places of a sentence."""
    return any(start <= one.start < end for one in matches if is_armed(one) or one.kind == "outcome")


def _means(match: Match) -> str:
    return match.entry.means if isinstance(match.entry, Word) else ""
