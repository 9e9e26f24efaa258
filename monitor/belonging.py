"""Which incident a number belongs to: a story tells of its own, and may tell of another beside it or behind it."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from monitor.analysis.claims import is_vague
from monitor.analysis.gazetteer import GazetteerPlace
from monitor.analysis.ground import Ground
from monitor.analysis.reading import read
from monitor.analysis.sightings import scene
from monitor.analysis.tally import Report, Statement, statement
from monitor.analysis.topic import Topic
from monitor.items import Claim, Story
from monitor.reading import Rejection, event_days, rejection, report
from monitor.store import waiting

# A number larger than this that few stories of an incident tell (so many, or a tenth), and at least so many (times
# more) of another incident within these weeks, is told of that one.
_SMALL, _FEW, _MANY, _WEEKS = 2, 2, 3, timedelta(days=14)
# A number as large as this is so rare that one story of so many that has it recalls it, whoever it says gave it.
_LARGE, _LARGE_GROUP = 20, 5
# The scene of an incident is where this share of its stories begin.
_SCENE_SHARE = 0.2
# A sentence that names no place is of the one named so many sentences before it, in the same paragraph; not where it
# names a day, or the line.
_SENTENCES_BACK = 2
_SCENE_OF_ITS_OWN = frozenset({"weekday", "month", "relative_day", "cue"})

Groups = Mapping[str, Sequence[Story]]


@dataclass
class Belonging:
    """What gives each incident the claims that are told of it; ``rejected`` are those that a person struck out."""

    conn: sqlite3.Connection
    topic: Topic
    ground: Ground
    classes: Mapping[str, str]
    rejected: frozenset[Rejection] = frozenset()
    _where: dict[str, list[tuple[str, ...]]] = field(default_factory=dict)

    def reports(self, groups: Groups, until: datetime) -> dict[str, list[Report]]:
        """For each incident of ``groups`` what its stories, and stories of the others, claim of it.

        A claim whose sentence lies elsewhere, at the scene of another incident of those days, is told of that one. A
        number of few stories that many stories of another incident told before ``until`` is told of that one too, and
        left out.
        """
        guests = self._guests(groups)
        gone = {(story.id, claim) for told in guests.values() for story, claim in told}
        found = {}
        for identifier, stories in groups.items():
            recalled = self._recalled(identifier, stories, until)
            told = [
                (story, claim)
                for story in stories
                for claim in story.claims
                if (story.id, claim) not in gone and (_is_title(claim) or statement(claim) not in recalled)
            ]
            found[identifier] = self._reports([*told, *guests.get(identifier, ())])
        return found

    def _reports(self, told: Sequence[tuple[Story, Claim]]) -> list[Report]:
        """A report for each story of ``told``, without what a person struck out."""
        stories = {story.id: story for story, _ in told}
        claims: dict[str, list[Claim]] = {}
        for story, claim in told:
            if rejection(story.id, claim) not in self.rejected:
                claims.setdefault(story.id, []).append(claim)
        return [report(stories[story], said, self.classes) for story, said in claims.items()]

    # ---- told beside: another place in the same story

    def _guests(self, groups: Groups) -> dict[str, list[tuple[Story, Claim]]]:
        """The claims that a story of one incident makes of another, by that other incident."""
        found: dict[str, list[tuple[Story, Claim]]] = {}
        scenes = {identifier: self._scene(stories) for identifier, stories in groups.items()}
        for identifier, stories in groups.items():
            for story in stories:
                for claim, where in self._told_far_off(story, scenes[identifier]):
                    other = self._incident_at(where, story, identifier, groups, scenes)
                    if other is not None:
                        found.setdefault(other, []).append((story, claim))
        return found

    def _scene(self, stories: Sequence[Story]) -> tuple[str, ...]:
        """Where an incident happened: the first places of enough of its stories."""
        heads = Counter(head for story in stories for head in scene(story, self.ground)[:1])
        least = _SCENE_SHARE * sum(heads.values())
        return tuple(sorted(place for place, count in heads.items() if count >= least))

    def _told_far_off(self, story: Story, scenes: Sequence[str]) -> Iterator[tuple[Claim, tuple[str, ...]]]:
        """The claims of a story that are told of places far from the scene of its incident, with these places."""
        if not scenes or not any(self._is_far((place.id,), scenes) for place in story.places):
            return
        if story.id not in self._where:
            self._where[story.id] = places_of_claims(self.topic, self.ground, story)
        for claim, where in zip(story.claims, self._where[story.id], strict=True):
            if where and self._is_far(where, scenes):
                yield claim, where

    def _is_far(self, places: Sequence[str], scenes: Sequence[str]) -> bool:
        told = self.ground.telling(places)
        return bool(told) and self.ground.nearest(told, scenes)[0] < 0

    def _incident_at(
        self, where: Sequence[str], story: Story, own: str, groups: Groups, scenes: Mapping[str, Sequence[str]]
    ) -> str | None:
        """The other incident whose scene is at ``where``: the last of those that had happened when it was told."""
        near = [
            (happened, self.ground.nearest(where, scenes[other])[0], other)
            for other, stories in groups.items()
            if other != own and scenes[other] and (happened := _first_day(stories)) is not None
        ]
        told = _published(story)
        there = [row for row in near if row[1] > 0 and told is not None and row[0] <= told]
        return max(there)[2] if there else None

    # ---- told behind: numbers of another incident, recalled

    def _recalled(self, identifier: str, stories: Sequence[Story], until: datetime) -> frozenset[Statement]:
        """Statements of few stories of an incident that many told of another of those weeks: they are background."""
        told: dict[Statement, set[str]] = {}
        few = max(_FEW, len(stories) // 10)
        for story in stories:
            for claim in story.claims:
                told.setdefault(statement(claim), set()).add(story.id)
        told = {said: ids for said, ids in told.items() if said[3] > _SMALL and len(ids) <= few}
        days = [day for story in stories for day in event_days(story)]
        if not days or not told:
            return frozenset()
        span = (min(days) - _WEEKS, max(days) + _WEEKS)
        others = waiting.told_elsewhere(self.conn, identifier, span, until)
        anybody: dict[tuple[str, str | None, int], int] = {}
        for said, count in others.items():
            anybody[said[1:]] = max(count, anybody.get(said[1:], 0))
        many = len(stories) >= _LARGE_GROUP
        return frozenset(
            said
            for said, ids in told.items()
            if others.get(said, 0) >= _MANY * len(ids)
            or (many and len(ids) == 1 and said[3] >= _LARGE and anybody.get(said[1:], 0) >= _MANY)
        )


def _is_title(claim: Claim) -> bool:
    """Whether a claim is a number in a title: that is what the story itself tells, no background."""
    return claim.start < 0 and not is_vague(claim)


def _first_day(stories: Sequence[Story]) -> date | None:
    return min((day for story in stories for day in event_days(story)[:1]), default=None)


def _published(story: Story) -> date | None:
    return story.published_at.date() if story.published_at else next(iter(event_days(story)[-1:]), None)


def places_of_claims(topic: Topic, ground: Ground, story: Story) -> list[tuple[str, ...]]:
    """For each claim of ``story`` the places its sentence names, or the one before it in the same paragraph.

    A claim of the title, and one whose paragraph names no place so far, has none. A whole country, a capital (its name
    stands for the government) and the line say nothing of where it was.
    """
    reading = read(topic, story.title, story.text, story.language)
    starts = {sentence.start: at for at, sentence in enumerate(reading.sentences) if sentence.part == "text"}
    found: list[tuple[str, ...]] = []
    for claim in story.claims:
        last = starts.get(claim.start, -1)
        places: tuple[str, ...] = ()
        for at in range(last, max(last - _SENTENCES_BACK, 0) - 1, -1):
            sentence = reading.sentences[at]
            if places or sentence.part != "text" or "\n" in story.text[sentence.end : claim.start].strip(" "):
                break
            named = [match.entry for match in reading.by_sentence[at] if isinstance(match.entry, GazetteerPlace)]
            places = ground.telling(place.id for place in named if place.kind != "capital")
            if any(match.kind in _SCENE_OF_ITS_OWN for match in reading.by_sentence[at]):
                break
        found.append(places)
    return found
