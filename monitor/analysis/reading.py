"""What stands in a story: all words, names and numbers of the topic, found in one pass."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from monitor.analysis.lexicon import Number
from monitor.analysis.places import resolve
from monitor.analysis.text import Normalised, boundaries, normalise, sentences
from monitor.analysis.topic import Topic

Part = Literal["title", "text"]
# Within a layer the longest form wins; forms of different layers may lie over one another, because "the army of
# X said" is a speaker, an army and a country at once.
_LAYERS = {
    "number": "quantity",
    "vague": "quantity",
    "qualifier": "quantity",
    "context": "outcome",
    "place": "name",
    "actor": "name",
    "weekday": "date",
    "month": "date",
    "relative_day": "date",
    "daytime": "date",
}
# A place inside a longer form of these kinds names something else: an army, a person, a river that is no topic.
_HIDES_PLACES = frozenset({"party", "actor", "speaker"})
_DIGITS = re.compile(r"\d+(?:\.\d+|(?:,\d{2,3})*,\d{3}(?!\d))?")
_LONGEST_NUMBER = 9
# No story is longer than this, in characters; what comes after it is not read, so that no text takes for ever.
_LONGEST_TITLE, _LONGEST_TEXT = 1_000, 50_000
_NOWHERE = (-1, -1)


class Match(NamedTuple):
    """A form found in a story: what it stands for, and where, in characters of the original part.

    ``kind`` is the category of a Word, or ``number``, ``place``, ``actor``; ``entry`` the Word, Number,
    GazetteerPlace or Actor; ``sentence`` the index in ``Reading.sentences``.
    """

    kind: str
    entry: object
    part: Part
    start: int
    end: int
    sentence: int


class Sentence(NamedTuple):
    """A sentence of a story, in characters of the original part. The title is one sentence."""

    part: Part
    start: int
    end: int


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """A story read by a topic. ``matches`` stand in the order of the story, title first.

    ``plain`` is the title and the text, folded, with everything between words made a space.
    """

    title: str
    text: str
    language: str
    matches: tuple[Match, ...] = field(repr=False)
    sentences: tuple[Sentence, ...] = field(repr=False)
    by_sentence: tuple[tuple[Match, ...], ...] = field(repr=False)
    plain: str = field(repr=False)

    def of(self, *kinds: str) -> list[Match]:
        """The matches of these kinds, in order."""
        return [match for match in self.matches if match.kind in kinds]

    def words(self, match: Match) -> str:
        """The very words of the story at ``match``."""
        return (self.title if match.part == "title" else self.text)[match.start : match.end]

    def sentence_text(self, index: int) -> str:
        """The sentence at ``index``, as it stands in the story."""
        part, start, end = self.sentences[index]
        return (self.title if part == "title" else self.text)[start:end]


def read(topic: Topic, title: str, text: str, language: str) -> Reading:
    """Find all that ``topic`` knows in a story.

    ``language`` is the code of the story's language (``en``, ``ur`` …); with an unknown one the words of all
    languages count. Of a title the first 1,000 characters are read, of a text the first 50,000. Never fails,
    whatever the text.
    """
    opening, body_text = title[:_LONGEST_TITLE], text[:_LONGEST_TEXT]
    spans = [Sentence("title", 0, len(opening))] if opening.strip() else []
    body = len(spans)
    spans += [Sentence("text", *span) for span in sentences(body_text)]
    head, rest = normalise(opening), normalise(body_text)
    head_plain, rest_plain = boundaries(head.text), boundaries(rest.text)
    found: list[Match] = []
    if body:
        found += _read_part(topic, head, head_plain, language, "title", spans, 0)
    found += _read_part(topic, rest, rest_plain, language, "text", spans, body)
    plain = f"{head_plain} {rest_plain}"
    matches = resolve(found, {"title": title, "text": text}, plain, language)
    grouped: list[list[Match]] = [[] for _ in spans]
    for match in matches:
        grouped[match.sentence].append(match)
    return Reading(title, text, language, tuple(matches), tuple(spans), tuple(map(tuple, grouped)), plain)


def _read_part(
    topic: Topic,
    normalised: Normalised,
    plain: str,
    language: str,
    part: Part,
    spans: Sequence[Sentence],
    first: int,
) -> list[Match]:
    """The matches of one part, in order; places may still stand for several entries at one span."""
    at, last = first, len(spans) - 1
    matches = []
    here, span = (-1, -1), (0, 0)
    for start, end, kind, entry in _longest(topic, normalised.text, plain, language):
        if (start, end) != here:
            here, span = (start, end), normalised.original_span(start, end)
            while at < last and spans[at].end <= span[0]:
                at += 1
        matches.append(Match(kind, entry, part, span[0], span[1], at))
    return matches


def _longest(topic: Topic, folded: str, plain: str, language: str) -> list[tuple[int, int, str, object]]:
    """All meanings of all forms that no longer form of their layer swallows, as (start, end, kind, entry)."""
    reached: dict[str, tuple[int, int]] = {}
    trap, hidden = _NOWHERE, _NOWHERE
    result: list[tuple[int, int, str, object]] = []
    here, met = _NOWHERE, set[int]()  # one form may be found both as itself and as a shorter one with an ending
    for start, end, meanings in topic.matcher.find(plain, language):
        span = (start, end)
        if span != here:
            here, met = span, set()
            trapped = end <= trap[1] and span != trap
            covered = end <= hidden[1] and span != hidden
        for kind, entry, _, _ in meanings:
            layer = _LAYERS.get(kind, kind)
            longer = reached.get(layer, _NOWHERE)
            if trapped or (end <= longer[1] and span != longer) or (covered and kind == "place") or id(entry) in met:
                continue
            met.add(id(entry))
            result.append((start, end, kind, entry))
            if end > longer[1]:
                reached[layer] = span
            if kind == "trap" and end > trap[1]:
                trap = span
            elif kind in _HIDES_PLACES and end > hidden[1]:
                hidden = span
    result += _digits(folded)
    result.sort(key=_by_place)
    return result


def _digits(folded: str) -> list[tuple[int, int, str, object]]:
    """The whole numbers written in digits; decimals and numbers too long to count anything are left out."""
    found: list[tuple[int, int, str, object]] = []
    for match in _DIGITS.finditer(folded):
        digits = match[0].replace(",", "")
        if digits.isdigit() and len(digits) <= _LONGEST_NUMBER:
            found.append((match.start(), match.end(), "number", Number(int(digits))))
    return found


def _by_place(row: tuple[int, int, str, object]) -> tuple[int, int]:
    return row[0], -row[1]
