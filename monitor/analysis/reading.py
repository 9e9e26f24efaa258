"""What stands in a story: all words, names and numbers of the topic, found in one pass."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from monitor.analysis.lexicon import Number
from monitor.analysis.matcher import Hit
from monitor.analysis.places import resolve
from monitor.analysis.text import Normalised, normalise, sentences
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
_SWALLOWED_BY = {kind: (layer, "trap") for kind, layer in _LAYERS.items()} | {"place": ("name", "hides", "trap")}
_DIGITS = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?|\d+")


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


@dataclass(frozen=True, slots=True)
class Reading:
    """A story read by a topic. ``matches`` stand in the order of the story, title first."""

    title: str
    text: str
    language: str
    matches: tuple[Match, ...] = field(repr=False)
    sentences: tuple[Sentence, ...] = field(repr=False)
    by_sentence: tuple[tuple[Match, ...], ...] = field(repr=False)

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
    languages count. Never fails, whatever the text.
    """
    spans = [Sentence("title", 0, len(title))] if title.strip() else []
    spans += [Sentence("text", *span) for span in sentences(text)]
    found: list[Match] = []
    if title.strip():
        found += _read_part(topic, normalise(title), language, "title", spans, 0)
    found += _read_part(topic, normalise(text), language, "text", spans, len(spans) and spans[0].part == "title")
    matches = resolve(topic, found, title, text)
    grouped: list[list[Match]] = [[] for _ in spans]
    for match in matches:
        grouped[match.sentence].append(match)
    return Reading(title, text, language, tuple(matches), tuple(spans), tuple(map(tuple, grouped)))


def _read_part(
    topic: Topic, normalised: Normalised, language: str, part: Part, spans: Sequence[Sentence], first: int
) -> Iterator[Match]:
    """The matches of one part, in order; places may still stand for several entries at one span."""
    at = first
    for start, end, kind, entry in _longest(topic, normalised.text, language):
        begin, stop = normalised.original_span(start, end)
        while at + 1 < len(spans) and (spans[at].end <= begin):
            at += 1
        yield Match(kind, entry, part, begin, stop, at)


def _longest(topic: Topic, folded: str, language: str) -> list[tuple[int, int, str, object]]:
    """All meanings of all forms that no longer form of their layer swallows, as (start, end, kind, entry)."""
    reached: dict[str, Hit] = {}
    result: list[tuple[int, int, str, object]] = []
    here, met = (0, 0), set[int]()  # one form may be found both as itself and as a shorter one with an ending
    for hit in topic.matcher.find(folded, language):
        start, end, meanings = hit
        if (start, end) != here:
            here, met = (start, end), set()
        for kind, entry, _, _ in meanings:
            if id(entry) in met or any(
                (longer := reached.get(layer)) is not None
                and end <= longer.end
                and (longer.start, longer.end) != hit[:2]
                for layer in _SWALLOWED_BY.get(kind, (kind, "trap"))
            ):
                continue
            met.add(id(entry))
            result.append((start, end, kind, entry))
            layer = _LAYERS.get(kind, kind)
            if layer not in reached or end > reached[layer].end:
                reached[layer] = hit
            if kind in _HIDES_PLACES and ("hides" not in reached or end > reached["hides"].end):
                reached["hides"] = hit
    for match in _DIGITS.finditer(folded):
        result.append((match.start(), match.end(), "number", Number(int(float(match[0].replace(",", ""))))))
    result.sort(key=lambda row: (row[0], -row[1]))
    return result
