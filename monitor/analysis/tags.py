"""The keywords, places and actors of a story, in one form whatever its language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from monitor.analysis.actors import Actor
from monitor.analysis.lexicon import Word
from monitor.analysis.reading import Match, Reading
from monitor.analysis.scenes import PlaceMention, scenes
from monitor.analysis.topic import Topic
from monitor.items import Keyword, Place


@dataclass(frozen=True, slots=True)
class Tags:
    """What a story is filed under; each list begins with what is most prominent."""

    keywords: list[Keyword]
    places: list[Place]
    actors: list[str]


def tag(topic: Topic, reading: Reading) -> Tags:
    """File a story under keywords (English, with category and count), places and actor ids."""
    found = scenes(topic, reading)
    actors = _actors(topic, reading)
    return Tags(
        keywords=_keywords(topic, reading, found, actors),
        places=[mention.place.item() for mention in found],
        actors=[actor.id for actor in actors],
    )


def _keywords(topic: Topic, reading: Reading, found: Iterable[PlaceMention], actors: Iterable[Actor]) -> list[Keyword]:
    spans: dict[tuple[str, str], set[tuple[str, int]]] = {}
    kept = {actor.id for actor in actors}
    for match in reading.matches:
        entry = match.entry
        if isinstance(entry, Word) and entry.keyword:
            spans.setdefault((entry.keyword, entry.tag), set()).add((match.part, match.start))
        elif isinstance(entry, Actor) and (actor := _filed_as(topic, entry)).keyword and actor.id in kept:
            spans.setdefault((str(actor.keyword), actor.tag), set()).add((match.part, match.start))
    counts = Counter({name: len(places) for name, places in spans.items()})
    for mention in found:
        if mention.place.kind != "line":
            counts[(mention.place.name, "place")] += mention.count
    titled = {name for name, places in spans.items() if any(part == "title" for part, _ in places)}
    order = sorted(counts, key=lambda name: (name not in titled, -counts[name], name))
    return [Keyword(keyword, category, counts[(keyword, category)]) for keyword, category in order]


def _actors(topic: Topic, reading: Reading) -> list[Actor]:
    """The actors a story is filed under, the most named first; a cut-down name counts for whom it is short for."""
    groups = {match.entry.id for match in reading.matches if isinstance(match.entry, Actor)}
    counts: Counter[str] = Counter()
    for match in reading.matches:
        if isinstance(match.entry, Actor) and match.entry.filed:
            actor = match.entry
            if actor.confused_with in groups and not _sure(topic, reading, actor, match):
                continue
            counts[_filed_as(topic, actor).id] += 3 if match.part == "title" else 1
    return [topic.actors[name] for name, _ in sorted(counts.items(), key=lambda row: (-row[1], row[0]))]


def _sure(topic: Topic, reading: Reading, actor: Actor, match: Match) -> bool:
    """Whether the sentence of a name that could be another's names its own side too, and the other not."""
    beside = [other.entry for other in reading.by_sentence[match.sentence] if isinstance(other.entry, Actor)]
    if any(other.id == actor.confused_with for other in beside):
        return False
    return any(other.side == actor.side and other.id != actor.id for other in beside)


def _filed_as(topic: Topic, actor: Actor) -> Actor:
    return topic.actors[actor.filed_as] if actor.filed_as else actor
