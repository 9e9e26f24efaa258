"""Clash stories nobody wrote: days of fighting, each with its incidents, told by many outlets that copy one another."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from monitor.analysis.gazetteer import GazetteerPlace
from monitor.analysis.topic import Topic
from monitor.items import Claim, Place, Story
from tests.bench.synthetic import Vocabulary

_TYPES = ("armed_clash", "shelling", "air_strike", "attack")
_OUTLETS = 60


@dataclass(frozen=True)
class _Event:
    """What really happened, as the outlets hear of it."""

    day: date
    place: GazetteerPlace
    kind: str
    actors: list[str]
    tolls: list[int]
    words: list[str]


class War:
    """Makes clash stories: ``tell`` those of one day, of so many incidents of equal size."""

    def __init__(self, topic: Topic, seed: int = 5) -> None:
        self.chance = random.Random(seed)
        self.vocabulary = Vocabulary(20_000, seed)
        self.places = sorted(
            (p for p in topic.places.values() if p.border and p.kind == "district"), key=lambda p: p.id
        )
        self.actors = sorted(a.id for a in topic.actors.values() if a.actor_kind != "person")[:30]
        self.parties = sorted(topic.parties)
        self.sides = topic.sides
        self.count = 0

    def tell(self, day: date, incidents: int, stories: int) -> list[Story]:
        """``stories`` stories about the ``incidents`` of a day, as they come in: mixed."""
        chance = self.chance
        events = [
            _Event(
                day=day,
                place=place,
                kind=chance.choice(_TYPES),
                actors=chance.sample(self.actors, 3),
                tolls=[chance.choice((3, 5, 12, 17, 23, 41, 58)), chance.randint(3, 90)],
                words=self.vocabulary.draw(chance, 25),
            )
            for place in chance.sample(self.places, incidents)
        ]
        told: dict[int, list[str]] = {number: [] for number in range(incidents)}
        return [self._story(events[at % incidents], told[at % incidents]) for at in range(stories)]

    def _story(self, event: _Event, told: list[str]) -> Story:
        chance = self.chance
        self.count += 1
        if told and chance.random() < 0.4:
            text = " ".join(w if chance.random() > 0.04 else "edit" for w in chance.choice(told).split())
        else:
            words = self.vocabulary.draw(chance, chance.randint(60, 220))
            for word in event.words:
                words[chance.randrange(len(words))] = word
            text = " ".join(words)
            told.append(text)
        when = datetime.combine(event.day, time(chance.randrange(24), chance.randrange(60)), UTC)
        url = f"https://outlet{self.count % _OUTLETS}.example/clash/{self.count}"
        dated = chance.random() < 0.7
        return Story(
            url=url,
            canonical_url=url,
            source=f"outlet-{self.count % _OUTLETS}",
            title=" ".join(chance.sample(event.words, 6)).capitalize(),
            text=text,
            fetched_at=when + timedelta(minutes=20),
            published_at=when,
            published_precision="minute",
            language=chance.choice(("en", "ur", "ps", "fa")),
            relevance=0.9,
            relevant=True,
            event_type=event.kind,
            is_clash=True,
            event_date=event.day if dated else None,
            event_date_end=event.day if dated else None,
            time_precision="day" if dated else "unknown",
            places=[_place(event.place)],
            actors=event.actors,
            claims=self._claims(event, text),
        )

    def _claims(self, event: _Event, text: str) -> list[Claim]:
        end = min(len(text), 90)
        return [
            Claim(side, None, party, "killed", None, toll, None, "exact", "claimed", text[:end], 0, end)
            for side, party, toll in zip(self.sides, self.parties, event.tolls, strict=False)
        ]


def _place(place: GazetteerPlace) -> Place:
    admin1 = "; ".join(place.admin1) or None
    country = ",".join(place.countries)
    return Place(place.name, admin1, country, place.lat, place.lon, place.geo_precision, id=place.id)
