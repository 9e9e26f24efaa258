"""What the program sees in a text: everything recognised, the judgement and its evidence, the claims."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from monitor.analysis.actors import Actor
from monitor.analysis.claims import extract_claims
from monitor.analysis.gazetteer import GazetteerPlace
from monitor.analysis.keypoints import choose_key_points
from monitor.analysis.lexicon import Number, Word
from monitor.analysis.reading import Match, Part, Reading, read
from monitor.analysis.relevance import Judgement, judge
from monitor.analysis.topic import Topic
from monitor.items import Claim

# The groups of kinds that a reader tells apart, in the order of the legend.
GROUPS = {
    "place": ("place",),
    "actor": ("actor", "party"),
    "event": ("event", "cue", "topic"),
    "loss": ("outcome", "object"),
    "number": ("number", "vague", "qualifier", "unit"),
    "saying": ("verb", "speaker"),
    "time": ("weekday", "month", "relative_day", "daytime"),
    "against": ("trap", "elsewhere"),
}
_GROUP_OF = {kind: group for group, kinds in GROUPS.items() for kind in kinds}


class Mark(NamedTuple):
    """A stretch of the title or the text that was recognised: its group, and what it stands for in words."""

    part: Part
    start: int
    end: int
    group: str
    label: str


@dataclass(frozen=True)
class Explanation:
    """A text as the program sees it. ``marks`` of one part do not overlap and stand in order."""

    title: str
    text: str
    language: str
    marks: tuple[Mark, ...]
    judgement: Judgement
    claims: tuple[Claim, ...]
    key_points: tuple[str, ...]
    reading: Reading = field(repr=False)

    def pieces(self, part: Part) -> list[tuple[str, Mark | None]]:
        """The title or the text cut into marked and unmarked pieces; joined they are the original."""
        text = self.title if part == "title" else self.text
        found: list[tuple[str, Mark | None]] = []
        done = 0
        for mark in self.marks:
            if mark.part != part:
                continue
            if mark.start > done:
                found.append((text[done : mark.start], None))
            found.append((text[mark.start : mark.end], mark))
            done = mark.end
        if done < len(text):
            found.append((text[done:], None))
        return found


def explain(topic: Topic, title: str, text: str, language: str) -> Explanation:
    """Read a text and keep everything that was recognised in it. Never fails, whatever the text."""
    reading = read(topic, title, text, language)
    judgement = judge(topic, reading)
    return Explanation(
        title=title,
        text=text,
        language=language,
        marks=tuple(_marks(reading)),
        judgement=judgement,
        claims=tuple(extract_claims(topic, reading, language)),
        key_points=tuple(choose_key_points(topic, reading, language)),
        reading=reading,
    )


def _marks(reading: Reading) -> list[Mark]:
    """The matches as marks; where several lie over one another the longest is shown, with all their meanings."""
    chosen: list[tuple[Match, list[str]]] = []
    shown = [match for match in reading.matches if match.kind in _GROUP_OF]
    for match in sorted(shown, key=lambda found: (found.part != "title", found.start, found.start - found.end)):
        if chosen and chosen[-1][0].part == match.part and match.start < chosen[-1][0].end:
            if match.end <= chosen[-1][0].end:
                chosen[-1][1].append(_label(match))
            continue
        chosen.append((match, [_label(match)]))
    return [
        Mark(match.part, match.start, match.end, _GROUP_OF[match.kind], "; ".join(dict.fromkeys(labels)))
        for match, labels in chosen
    ]


def _label(match: Match) -> str:
    entry = match.entry
    if isinstance(entry, GazetteerPlace):
        return f"place: {entry.name}"
    if isinstance(entry, Actor):
        return f"{entry.actor_kind}: {entry.name}"
    if isinstance(entry, Number):
        return f"number: {entry.value}"
    if isinstance(entry, Word):
        return f"{entry.category}: {entry.keyword or entry.means}"
    return match.kind
