"""What a story's text goes back to: an agency it credits, an official whose word alone it gives, or its own outlet."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from monitor.analysis.lexicon import split_forms
from monitor.analysis.text import fold
from monitor.analysis.topic import Topic
from monitor.declarations import read_tables
from monitor.items import Story

FILE = "agencies.toml"
# The class of all voices of a side is called by this and the side.
SIDE = "side:"
_FIELDS = frozenset({"id", "name", "credits", "speaks_for"})
# A credit stands in the dateline or in the last line of a story.
_DATELINE, _LAST = 140, 160
_DASH = r"\s*[-–—:]"
# "TOWN (XYZ) —": an agency that no file names is known by its letters.
_UNNAMED = re.compile(r"^\W*[\w .,'’/]{2,60}\((?P<name>[A-Z]{2,6})\)" + _DASH)


@dataclass(frozen=True, slots=True)
class Agency:
    """A news agency: ``credits`` are the names that stories credit it by, ``speaks_for`` the side whose voice it is."""

    id: str
    name: str
    credits: tuple[str, ...]
    speaks_for: str = ""


class Origins:
    """Finds the origin of stories. ``speaks_for`` gives the side that an outlet is the voice of, where it is one's."""

    def __init__(self, topic: Topic, agencies: Iterable[Agency], speaks_for: Mapping[str, str]) -> None:
        self.agencies = {agency.id: agency for agency in agencies}
        self.sides = frozenset(topic.sides)
        self._names = {fold(form): a.id for a in self.agencies.values() for form in a.credits}
        self._speakers = {
            fold(name): actor.id
            for actor in topic.actors.values()
            if actor.side in self.sides and actor.actor_kind != "country"  # which stands for no official
            for names in actor.names.values()
            for name in (actor.name, *names)
        }
        known = "|".join(re.escape(name) for name in sorted(self._names, key=len, reverse=True)) or r"(?!)"
        # In brackets, or set off by a dash at either end; the word alone is only somebody who was told something.
        self._dateline = re.compile(rf"\(\s*({known})[^()]{{0,20}}\)|^\W*({known}){_DASH}|[,،]\s*({known}){_DASH}")
        self._last = re.compile(
            rf"(?:[-–—(\[]\s*|^\W*|(?:inputs?|additional reporting|text|story|source)s?\b[^.\n]{{0,20}}\s)({known})"
            r"(?:\s*(?:and|/|,|&)\s*[\w ]{2,20})?\W*$"
        )
        self.classes = self._classes(topic, speaks_for)

    @classmethod
    def load(cls, seeds: Path, topic: Topic, speaks_for: Mapping[str, str]) -> Origins:
        """The agencies of the folder ``seeds`` (a folder without the file knows none); raises SeedsError."""
        path = seeds / FILE
        return cls(topic, load_agencies(path, topic) if path.exists() else (), speaks_for)

    def _classes(self, topic: Topic, speaks_for: Mapping[str, str]) -> dict[str, str]:
        """For each origin that is a side's own voice, the class all voices of that side are one of."""
        voices = {source: side for source, side in speaks_for.items() if side in self.sides}
        voices |= {agency.id: agency.speaks_for for agency in self.agencies.values() if agency.speaks_for}
        voices |= {actor.id: actor.side for actor in topic.actors.values() if actor.side in self.sides}
        return {voice: f"{SIDE}{side}" for voice, side in voices.items()} | {s: f"{SIDE}{s}" for s in self.sides}

    def find(self, story: Story, repeated: str | None = None) -> str:
        """The id of the agency, official or outlet that the text of ``story`` goes back to.

        In this order: the agency it credits; its outlet, if that is an agency; the origin of the text it repeats
        (``repeated``); the official when every figure in it is that one's word; its outlet.
        """
        own = story.source if story.source in self.agencies else None
        return self._credited(story) or own or repeated or self._statement(story) or story.source

    def _credited(self, story: Story) -> str | None:
        byline = fold(story.byline or "").strip()
        if byline in self._names:
            return self._names[byline]
        lines = story.text.strip().splitlines() or [""]
        unnamed = _UNNAMED.match(lines[0][:_DATELINE])
        found = self._dateline.search(fold(lines[0][:_DATELINE])) or self._last.search(fold(lines[-1][-_LAST:]))
        if found:
            return self._names[next(filter(None, found.groups()))]
        return unnamed["name"].lower() if unnamed else None

    def _statement(self, story: Story) -> str | None:
        claimants = {claim.claimant for claim in story.claims}
        if len(claimants) != 1 or not claimants <= self.sides:
            return None
        speakers = {self._speakers.get(fold(claim.speaker or "").strip()) for claim in story.claims if claim.speaker}
        known = speakers - {None}
        return known.pop() if len(known) == 1 else None


def load_agencies(path: Path, topic: Topic) -> list[Agency]:
    """The agencies that the file declares; raises SeedsError naming file, line and field."""
    found: dict[str, Agency] = {}
    for table in read_tables(path, "agency", frozenset({"agency"})):
        table.check_fields(_FIELDS)
        agency = Agency(
            table.text("id"), table.text("name"), split_forms(table.text("credits")), table.text("speaks_for", "")
        )
        if agency.id in found:
            raise table.error("id", f"{agency.id!r} is declared twice")
        if agency.speaks_for and agency.speaks_for not in topic.all_sides:
            raise table.error("speaks_for", f"{agency.speaks_for!r} is no side of actors.toml")
        found[agency.id] = agency
    return list(found.values())
