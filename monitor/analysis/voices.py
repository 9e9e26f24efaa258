"""Who speaks from sentence to sentence, and whether the story is still about the present."""

from __future__ import annotations

import re
from collections.abc import Sequence

from monitor.analysis.actors import Actor
from monitor.analysis.background import is_current, opens_background, weekdays
from monitor.analysis.framing import NOBODY, Frame
from monitor.analysis.gazetteer import GazetteerPlace
from monitor.analysis.grammar import View
from monitor.analysis.reading import Reading
from monitor.analysis.speakers import UNKNOWN, Known, Speaker
from monitor.analysis.topic import Topic

# A speaker goes on for so many sentences that name none: within a paragraph, and over its end.
_GOES_ON, _GOES_ON_APART = 3, 2
_LEAD = 4
_DATELINE = re.compile(r"\s*(?:,[^.:\n]{0,30})?\s*(?:\([^)]{0,40}\))?\s*(?:[:–-](?=\s)|—)")
# A dateline may begin with a town that is not known, in capitals: "NTOWN, N —".
_OPENS = re.compile(r"\s*(?:[^\W\d_a-z][^\Wa-z ]*[ ]?){0,3},?\s*")
# So many tokens behind a verb of saying "no", "nothing" make it say nothing.
_SILENT = 7


class Voices:
    """The speakers of a story as it is read, sentence by sentence.

    ``heard`` are the speakers of the two sides with the sentences they speak in; ``past`` is set while a paragraph
    tells what was before, ``day`` is the first weekday told, Monday being 0.
    """

    def __init__(self, topic: Topic, reading: Reading) -> None:
        self.known = Known(topic, _home(topic, reading))
        self.heard: list[tuple[int, Speaker]] = []
        self.past = False
        self.day: int | None = None
        self._was_past = False
        self._reading = reading
        self._speaker = self._last = NOBODY
        self._named = self._apart = False
        self._age = 0

    def begin(self, seen: View) -> None:
        """Carry over, or end, what the sentences before have set."""
        self._was_past = self.past
        self.skip(seen.index)
        self._learn(seen)
        if self.day is None:
            self.day = next(weekdays(seen), None)
        current = is_current(seen)
        if current:
            self.past = False
        if seen.part == "text" and not current and opens_background(seen):
            self.past = True
        if self._was_past and any("that_event" in roles for roles, _, _ in seen.phrases):
            self.past = True

    def _learn(self, seen: View) -> None:
        """Remember the organisations of a sentence by their last word: "the board said"."""
        for span in seen.of("actor"):
            entry = span.entry
            if isinstance(entry, Actor) and entry.actor_kind == "group":
                self.known.group = True
            if isinstance(entry, Actor) and entry.actor_kind == "organisation" and entry.side in self.known.topic.sides:
                self.known.learn(Speaker(entry.side, seen.cites(span)))

    def skip(self, index: int) -> None:
        """Go over a sentence that says nothing about losses or speakers."""
        self._apart = apart = self._begins_paragraph(index)
        if apart:
            self.past = False
        self._age += 1
        known = self._speaker.side in self.known.topic.sides
        if self._age > (_GOES_ON_APART if apart else _GOES_ON) or (apart and not known) or self._begins_part(index):
            self._speaker = NOBODY

    def opens(self, index: int) -> bool:
        """Whether the sentence begins a paragraph that goes on."""
        sentences = self._reading.sentences
        return (
            index + 1 < len(sentences)
            and sentences[index].part == "text"
            and self._begins_paragraph(index)
            and not self._begins_paragraph(index + 1)
        )

    def _begins_part(self, index: int) -> bool:
        sentences = self._reading.sentences
        return index == 0 or sentences[index - 1].part != sentences[index].part

    def _begins_paragraph(self, index: int) -> bool:
        if self._begins_part(index):
            return True
        sentences = self._reading.sentences
        return "\n" in self._reading.text[sentences[index - 1].end : sentences[index].start]

    def speaker(self, frame: Frame | None) -> Speaker:
        """Who says what stands under ``frame``; of a frame without a speaker the one who spoke last."""
        if frame is not None and frame.speaker is not None:
            return self._carried(frame.speaker)
        return self._last if frame is not None and self._speaker is NOBODY else self._speaker

    def _carried(self, speaker: Speaker) -> Speaker:
        """The speaker; "these sources", "the official" of no known side are those who spoke just before."""
        if speaker.again and self._age <= _GOES_ON_APART and self._last is not NOBODY:
            return self._last._replace(words=speaker.words)
        if speaker is NOBODY and self._age <= 1 and not self._named and self._speaker.side in self.known.topic.sides:
            return self._speaker
        lasts = 1 if self._apart or speaker.loose else _GOES_ON_APART
        open_ = speaker.side == UNKNOWN and speaker.words and self._age <= lasts and not (speaker.loose and self._apart)
        if open_ and self._speaker.side in self.known.topic.sides:
            return Speaker(self._speaker.side, speaker.words)
        return speaker

    def end(self, seen: View, found: Sequence[Frame]) -> None:
        """Keep who spoke in a sentence for those after it."""
        if not found:
            return
        self._age = 0
        self._named = any(
            span.kind == "actor" and getattr(span.entry, "actor_kind", "") == "person" for span in seen.of("actor")
        )
        for frame in found:
            if frame.speaker is None:
                continue
            speaker = self._carried(frame.speaker)
            self.known.learn(speaker)
            if seen.part == "text":
                self._speaker = self._last = speaker
            silent = frame.stance == "denied" or seen.has("negation", frame.verb, frame.verb + _SILENT)
            if speaker.side in self.known.topic.sides and not silent:
                self.heard.append((seen.index, speaker))


def _home(topic: Topic, reading: Reading) -> str:
    """The side a story is datelined from, or on which the places of its opening lie; empty when on both, or none."""
    dateline = _dateline(topic, reading)
    if dateline:
        return dateline
    for matches in reading.by_sentence[:_LEAD]:
        sides = {
            topic.side_of(match.entry)
            for match in matches
            if isinstance(match.entry, GazetteerPlace) and match.entry.kind not in ("country", "capital", "line")
        } - {""}
        if sides:
            return sides.pop() if len(sides) == 1 else ""
    return ""


def _dateline(topic: Topic, reading: Reading) -> str:
    for match in reading.matches:
        if match.part == "text" and isinstance(match.entry, GazetteerPlace):
            if not _OPENS.fullmatch(reading.text, 0, match.start) or not _DATELINE.match(reading.text, match.end):
                return ""
            return topic.side_of(match.entry)
    return ""
