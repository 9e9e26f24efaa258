"""Who can speak in a sentence, and who was named before."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from monitor.analysis.actors import Actor
from monitor.analysis.gazetteer import GazetteerPlace
from monitor.analysis.grammar import Span, View, tokens
from monitor.analysis.lexicon import Word
from monitor.analysis.topic import Topic

UNKNOWN, OTHER = "unknown", "other"
_SHORTEST_NAME = 4
# "the … claim" with an adjective before the noun, where a verb would have its subject marked.
_ADJECTIVE = frozenset({"ur", "hi"})


class Speaker(NamedTuple):
    """A speaker: the side, the words of the text, and whether it only passes on what others say.

    ``home`` is the side at home with a medium: when it cites sources of which nothing is said, they are of that side.
    ``loose`` ones are reports of nobody. ``again`` is set when the words point back to one who spoke before:
    "this army", "the same sources".
    """

    side: str
    words: str | None
    hearsay: bool = False
    home: str = ""
    again: bool = False
    loose: bool = False


@dataclass(slots=True)
class Known:
    """What a story has told of its speakers.

    ``home`` is the side it happens on, ``names`` who was named by what, ``group`` whether a group of neither side was.
    """

    topic: Topic
    home: str = ""
    names: dict[str, Speaker] = field(default_factory=dict)
    group: bool = False

    def learn(self, speaker: Speaker) -> None:
        """Remember a speaker by the last word of the name."""
        words = tokens(speaker.words or "")
        if words and speaker.side != UNKNOWN and len(words[-1][0]) >= _SHORTEST_NAME:
            self.names[words[-1][0]] = speaker

    def named(self, view: View, at: int) -> Speaker | None:
        """The speaker of whom only the last name stands before token ``at``."""
        for place in range(min(at, len(view.words)) - 1, max(at - 4, -1), -1):
            if view.words[place] in self.names:
                return self.names[view.words[place]]
        return None


def speakers_in(view: View, topic: Topic) -> list[Span]:
    """The spans of a sentence that can speak, in order; of overlapping ones the one that says most."""
    found: list[Span] = []
    for span in view.of("speaker", "actor", "place", "party"):
        if not _can_speak(span, topic):
            continue
        if found and span.kind == "party" and span.first == found[-1].last and found[-1].kind in ("speaker", "actor"):
            continue  # "the police chief, Lieutenant N"
        if not found or span.first >= found[-1].last:
            found.append(span)
        elif _rank(span) > _rank(found[-1]) and (
            span.last - span.first >= found[-1].last - found[-1].first
            or (span.kind == "actor" and found[-1].kind == "party")
        ):
            found[-1] = span
    return found


def _can_speak(span: Span, topic: Topic) -> bool:
    entry = span.entry
    if isinstance(entry, GazetteerPlace):
        return entry.kind == "capital" and topic.side_of(entry) != ""
    if isinstance(entry, Word) and entry.category == "party":
        return entry.side in topic.sides or _party_side(entry, topic) not in topic.sides
    return not (isinstance(entry, Word) and entry.means == "claim of responsibility")


def _party_side(word: Word, topic: Topic) -> str:
    party = topic.parties.get(word.means)
    return party.side if party is not None else ""


def _rank(span: Span) -> int:
    entry = span.entry
    if isinstance(entry, Actor):
        return 1 if entry.actor_kind == "country" else 4
    if isinstance(entry, Word) and entry.category == "speaker":
        return 3
    return 2 if isinstance(entry, Word) else 1


def is_possessed(view: View, claim: Span) -> int | None:
    """The token of whoever a noun "claim" belongs to, when it does: "X's claim that", "the claim of X"."""
    if view.language == "fa":
        return claim.last if claim.last == claim.first + 1 and _is_name(view, claim.last) else None
    if view.language == "ps" and claim.last > claim.first + 1:
        return None
    for at in range(claim.first - 1, max(claim.first - 6, -1), -1):
        if _is_name(view, at):
            between = range(at + 1, claim.first)
            owns = any(view.roles[place] & {"genitive", "quote"} for place in between) or (
                not between and view.language in _ADJECTIVE
            )
            before = view.language == "ps" and view.has("genitive", at - 2, at)
            # Somebody's "own people" are no one who claims.
            return at if (owns or before) and not view.has("own", at - 1, at) else None
    return None


def _is_name(view: View, at: int) -> bool:
    return any(span.first <= at < span.last for span in view.of("actor", "place", "speaker"))
