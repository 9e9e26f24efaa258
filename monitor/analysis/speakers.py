"""Who can speak in a sentence, and for which side."""

from __future__ import annotations

from typing import NamedTuple

from monitor.analysis.actors import Actor
from monitor.analysis.gazetteer import GazetteerPlace
from monitor.analysis.grammar import Span, View
from monitor.analysis.lexicon import Word
from monitor.analysis.topic import Topic

UNKNOWN, OTHER = "unknown", "other"
_HOME_MEDIA = "_media"
_NO_SCENE = frozenset({"country", "capital", "line", "crossing"})
_MEDIA, _HOSPITAL, _UNNAMED = "media", "hospital", "unnamed"
# How far the words lie that tell for whom an official speaks.
_AROUND = 5


class Speaker(NamedTuple):
    """A speaker: the side, the words of the text, and whether it only passes on what others say.

    ``home`` is the side at home with a medium: when it cites sources of which nothing is said, they are of that side.
    """

    side: str
    words: str | None
    hearsay: bool = False
    home: str = ""


def speakers_in(view: View, topic: Topic) -> list[Span]:
    """The spans of a sentence that can speak, in order; of overlapping ones the longest."""
    found: list[Span] = []
    for span in view.of("speaker", "actor", "place", "party"):
        if not _can_speak(span, topic):
            continue
        if found and span.first < found[-1].last:
            if (span.last - span.first > found[-1].last - found[-1].first and not _is_better(found[-1], span)) or (
                _is_better(span, found[-1]) and span.last - span.first >= found[-1].last - found[-1].first
            ):
                found[-1] = span
            continue
        found.append(span)
    return found


def _can_speak(span: Span, topic: Topic) -> bool:
    entry = span.entry
    if isinstance(entry, GazetteerPlace):
        return entry.kind == "capital" and topic.side_of(entry) != ""
    if isinstance(entry, Word) and entry.category == "party":
        return entry.side in topic.sides
    return not (isinstance(entry, Word) and entry.means == "claim of responsibility")


def _is_better(span: Span, other: Span) -> bool:
    """Whether a span says more about who speaks than another over the same words."""
    return _rank(span) > _rank(other)


def _rank(span: Span) -> int:
    entry = span.entry
    if isinstance(entry, Actor):
        return 1 if entry.actor_kind == "country" else 4
    if isinstance(entry, Word) and entry.category == "speaker":
        return 3
    return 2 if isinstance(entry, Word) else 1


def speaker_of(view: View, span: Span, topic: Topic, home: str = "") -> Speaker:
    """The speaker at ``span``.

    An office without a country speaks for that of the names and places around it, else for ``home``, the side on
    which the story happens.
    """
    words = view.cites(span)
    entry = span.entry
    if isinstance(entry, GazetteerPlace):
        return Speaker(topic.side_of(entry), words)
    if isinstance(entry, Actor):
        media = entry.actor_kind == _MEDIA
        return Speaker(entry.side if entry.side in topic.all_sides else OTHER, words, media and entry.side == OTHER)
    assert isinstance(entry, Word)
    if entry.side in topic.sides:
        return Speaker(entry.side, words)
    if entry.means == _UNNAMED:
        return Speaker(_side_around(view, span, topic, 2) or _home_of_media(view, topic) or UNKNOWN, words, True)
    if entry.side == UNKNOWN or entry.means == _HOSPITAL:
        side = _side_around(view, span, topic, _AROUND) or place_side(view, topic) or home
        return Speaker(side or (OTHER if entry.means == _HOSPITAL else UNKNOWN), words)
    if entry.means == _MEDIA:
        local = entry.side.removesuffix(_HOME_MEDIA)
        if local in topic.sides:
            cites = any("source" in roles for roles in view.roles)
            return Speaker(local if cites else OTHER, words, not cites, local)
        return Speaker(OTHER, words, True)
    return Speaker(OTHER, words)


def _home_of_media(view: View, topic: Topic) -> str:
    """The side at home with a medium the sentence names."""
    for span in view.of("speaker"):
        if isinstance(span.entry, Word) and (local := span.entry.side.removesuffix(_HOME_MEDIA)) in topic.sides:
            if local != span.entry.side:
                return local
    return ""


def _side_around(view: View, span: Span, topic: Topic, reach: int) -> str:
    """The side named nearest to a speaker, within ``reach`` tokens and the same clause."""
    best: tuple[int, str] | None = None
    for other in view.of("actor", "party", "place"):
        side = _side(other, topic)
        if not side:
            continue
        gap = max(other.first - span.last, span.first - other.last, 0)
        low, high = (span.last, other.first) if other.first >= span.last else (other.last, span.first)
        if gap > reach or view.has("clause", low, high) or any(low <= verb.first < high for verb in view.of("verb")):
            continue
        if best is None or gap < best[0]:
            best = gap, side
    return best[1] if best else ""


def _side(span: Span, topic: Topic) -> str:
    entry = span.entry
    if isinstance(entry, GazetteerPlace):
        return topic.side_of(entry)
    side = entry.side if isinstance(entry, Actor | Word) else ""
    return side if side in topic.sides else ""


def place_side(view: View, topic: Topic) -> str:
    """The side on which all places named in a sentence lie; empty when there is none, or both."""
    sides = {
        topic.side_of(span.entry)
        for span in view.of("place")
        if isinstance(span.entry, GazetteerPlace) and span.entry.kind not in _NO_SCENE
    } - {""}
    return sides.pop() if len(sides) == 1 else ""
