"""What of a story tells which incident it reports, and how strongly two stories tell of the same one."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from monitor.analysis.ground import Ground
from monitor.analysis.partialdates import PartialDate
from monitor.analysis.text import fold
from monitor.items import Claim, Story

# What comes from the air, and what is fought on the ground: a raid on a town is not the fight at a crossing.
AIR = frozenset({"air_strike", "drone_strike"})
GROUND = frozenset({"armed_clash", "shelling", "infiltration"})
# A story that does not say when was most likely published within so many days of what it reports.
_USUAL_DELAY = timedelta(days=2)
# The wording of a story is compared by its title and so many characters: the lead carries the incident.
_LEAD = 1000
_WORD = re.compile(r"\w{3,}")

# The weights are those of a log-odds score, in its usual range: each term was set by how the stories of the labelled
# sets differ between pairs of one incident and pairs of two, then left; docs/incidents.md tells what they reach.
IMPOSSIBLE, FORBIDDEN = -20.0, -1e9
# A day that is read wrongly is wrong by days: what is longer apart is never one incident, whoever stands between.
_OUT_OF_THE_QUESTION = 30
_BY_DAYS_APART = (1.2, 0.4, -4.0)
_DATE_UNKNOWN = -1.5
_GUESSED_DATE, _PER_DAY_APART, _LATEST_GUESS = 0.8, 1.2, 7
# By days between weekdays, or dates of any year; the second where the day of the other is guessed.
_BY_WEEKDAYS, _BY_DATES, _BY_GUESS = (0.8, -1.5, -4.0), (1.2, 0.4, -4.0), (-0.6, -1.2, -2.5)
_SAME_PLACE, _OTHER_PLACE, _WHOLE_LINE = 2.5, 3.0, 0.5
_PER_PLACE, _MOST_BY_MORE = 1.0, 1.5
_MOST_BY_FIGURES = 4.5
_SAME_TYPE, _AIR_AND_GROUND = 0.3, -0.6
_PER_ACTOR, _PER_PERSON, _MOST_BY_ACTORS = 0.1, 0.5, 1.2
_PER_COSINE, _USUAL_COSINE, _LEAST_BY_WORDS, _MOST_BY_WORDS = 20.0, 0.11, -0.4, 3.0
_REPEATED_TEXT = 6.0

Figure = tuple[str, str, str, int]


@dataclass(frozen=True, slots=True)
class Sighting:
    """One story as a witness of an incident.

    ``first`` and ``last`` are the days of the event or, where ``dated`` is False, those it may be of by the day of
    publication; None when nothing is known, but for what ``partial`` may tell. ``spots`` are places no larger than a
    district, ``areas`` larger ones, ``bare`` those of them in which no spot lies. ``text`` is the id of the first story
    of a group of near-duplicates. ``figures`` are (party, outcome, what, count).
    """

    story: str
    text: str
    language: str
    dated: bool
    first: date | None
    last: date | None
    partial: PartialDate | None
    published: date | None
    event_type: str
    spots: tuple[str, ...]
    bare: tuple[str, ...]
    areas: tuple[str, ...]
    along_the_line: bool
    actors: frozenset[str]
    people: frozenset[str]
    figures: frozenset[Figure]
    words: frozenset[str]

    @property
    def from_the_air(self) -> bool:
        """Whether it tells of a strike from the air."""
        return self.event_type in AIR


@dataclass(frozen=True, slots=True)
class Reason:
    """Why two stories do (positive ``weight``) or do not tell of one incident: its kind, and what it is about."""

    kind: str
    about: str
    weight: float


def sighting(story: Story, ground: Ground, people: frozenset[str]) -> Sighting:
    """The witness that ``story`` is; ``people`` are the actors who are persons."""
    ids = [place.id for place in story.places]
    spots = scene(story, ground)
    areas = tuple(place for place in ground.telling(ids) if place not in ground.spots(ids))
    bare = tuple(area for area in areas if all(ground.related(area, spot) <= 0 for spot in spots))
    published = story.published_at.date() if story.published_at and story.published_precision != "unknown" else None
    first, last = story.event_date, story.event_date_end or story.event_date
    if first is None and published is not None:
        first, last = published - _USUAL_DELAY, published
    actors = frozenset(story.actors)
    return Sighting(
        story=story.id,
        text=story.duplicate_of or story.id,
        language=story.language,
        dated=story.event_date is not None,
        first=first,
        last=last,
        partial=PartialDate.parse(story.partial_date) if story.partial_date and first is None else None,
        published=published,
        event_type=story.event_type,
        spots=spots,
        bare=bare,
        areas=areas,
        along_the_line=_is_along_the_line(ids, spots or areas, ground),
        actors=actors,
        people=actors & people,
        figures=frozenset(figures(story.claims)),
        words=frozenset(_WORD.findall(fold(f"{story.title} {story.text[:_LEAD]}"))),
    )


def scene(story: Story, ground: Ground) -> tuple[str, ...]:
    """The places of a story no larger than a district where it may have happened.

    What is fought on the ground is fought at the line: of its places those there count, if it names any. A capital is
    where somebody spoke of it.
    """
    ids = [place.id for place in story.places]
    spots = ground.spots(ids)
    if story.event_type in AIR or not ground.at_the_line(ground.telling(ids)):
        return spots
    return ground.at_the_line(spots)


def _is_along_the_line(ids: Sequence[str], places: Sequence[str], ground: Ground) -> bool:
    """Whether a story tells of the line as a whole: it names the line and no place, or places far from each other."""
    if not places:
        return any(map(ground.is_line, ids))
    return sum(ground.related(places[0], other) < 0 for other in places[1:]) >= 2


def figures(claims: Iterable[Claim]) -> Iterable[Figure]:
    """The numbers of ``claims`` that are no denials, whoever says them."""
    for claim in claims:
        count = claim.count_low if claim.count_low is not None else claim.count_high
        if count and claim.stance != "denied":
            yield claim.party, claim.outcome, claim.what or "", count


class Wording:
    """How alike stories are worded: the cosine of their words, each weighed by how rare it is among the stories."""

    def __init__(self, sightings: Sequence[Sighting]) -> None:
        counts = Counter(word for sighting in sightings for word in sighting.words)
        self.weights = {word: math.log((len(sightings) + 1) / (count + 0.5)) ** 2 for word, count in counts.items()}
        self.norms = {s.story: math.sqrt(sum(map(self.weights.__getitem__, s.words))) for s in sightings}

    def cosine(self, a: Sighting, b: Sighting) -> float:
        """Similarity of two of the stories, 0 to 1."""
        shared = sum(map(self.weights.__getitem__, a.words & b.words))
        return shared / (self.norms[a.story] * self.norms[b.story]) if shared else 0.0


def compare(a: Sighting, b: Sighting, ground: Ground, wording: Wording) -> list[Reason]:
    """The reasons for and against that ``a`` and ``b`` report the same incident; a veto stands alone."""
    dates = _dates(a, b)
    if dates.weight <= IMPOSSIBLE:
        return [dates]
    found = [dates, _places(a, b, ground), _figures(a, b), _types(a, b), _actors(a, b)]
    if a.text == b.text:
        found.append(Reason("text", "one repeats the other", _REPEATED_TEXT))
    elif a.language == b.language:
        cosine = wording.cosine(a, b)
        weight = max(_LEAST_BY_WORDS, min(_MOST_BY_WORDS, (cosine - _USUAL_COSINE) * _PER_COSINE))
        found.append(Reason("wording", f"{cosine:.2f} alike", weight))
    return [reason for reason in found if reason.weight]


def ruled_out(a: Sighting, b: Sighting) -> float | None:
    """What weighs against the two when their days alone say that they do not report the same, as of most pairs."""
    weight = _date_weight(a, b)
    return weight if weight is not None and weight <= IMPOSSIBLE else None


def days_apart(a: Sighting, b: Sighting) -> int | None:
    """Days between what the two report, 0 when they overlap; None when the day of one is not known."""
    if a.first is None or a.last is None or b.first is None or b.last is None:
        return None
    return max((b.first - a.last).days, (a.first - b.last).days, 0)


def _dates(a: Sighting, b: Sighting) -> Reason:
    weight = _date_weight(a, b)
    if weight is None:
        return Reason("date", "not known", _DATE_UNKNOWN)
    return Reason("date", " and ".join(dict.fromkeys(_days(s) for s in (a, b))), weight)


def _date_weight(a: Sighting, b: Sighting) -> float | None:
    gap = days_apart(a, b)
    if gap is None:
        return _partial_weight(a, b)
    if gap > _OUT_OF_THE_QUESTION:
        return FORBIDDEN
    if a.dated and b.dated:
        return _BY_DAYS_APART[gap] if gap < len(_BY_DAYS_APART) else IMPOSSIBLE
    if gap > _LATEST_GUESS or _before_the_event(a, b) or _before_the_event(b, a):
        return IMPOSSIBLE
    return _GUESSED_DATE - _PER_DAY_APART * gap


def _partial_weight(a: Sighting, b: Sighting) -> float | None:
    """What weekdays, or dates without a year, say of two stories of which one has no other day; None for nothing."""
    one, other = (a, b) if a.partial is not None else (b, a)
    if one.partial is None:
        return None
    if other.partial is not None:
        gap = one.partial.days_from_partial(other.partial)
    elif other.first is not None and other.last is not None:
        gap = one.partial.days_from(other.first, other.last)
    else:
        return None
    if gap is None:
        return None
    weights = _BY_WEEKDAYS if one.partial.cycle == 7 else _BY_DATES
    if other.first is not None and not other.dated:
        weights = _BY_GUESS
    return weights[min(gap, len(weights) - 1)]


def _before_the_event(dated: Sighting, other: Sighting) -> bool:
    """Whether ``other`` was published before what ``dated`` reports; a day is left for time zones."""
    if not dated.dated or dated.first is None or other.dated or other.published is None:
        return False
    return (dated.first - other.published).days > 1


def _days(s: Sighting) -> str:
    return str(s.first) if s.first == s.last else f"{s.first} to {s.last}"


def _places(a: Sighting, b: Sighting, ground: Ground) -> Reason:
    both = bool(a.spots and b.spots)
    first, second = ((s.spots + (s.bare if both else s.areas)) for s in (a, b))
    near = 0.0
    pair: tuple[str, ...] = ("along the line",)
    if first and second:
        near, *names = ground.nearest(first, second)
        pair = tuple(dict.fromkeys(names))
        if near > 0 and a.spots and b.spots:
            # The first place of a story is where it happened; one further down may be only told about.
            heads = min(ground.nearest(first[:1], second)[0], ground.nearest(first, second[:1])[0])
            near = (near + max(heads, 0.0)) / 2
    if near > 0:
        more = ground.agreeing(first, second, pair)
        about = ", ".join([" – ".join(pair), *more])
        return Reason("place", about, _SAME_PLACE * near + min(_MOST_BY_MORE, _PER_PLACE * sum(more.values())))
    gap = days_apart(a, b)
    if (a.along_the_line or b.along_the_line) and gap is not None and not (a.from_the_air or b.from_the_air):
        return Reason("place", "along the line", _WHOLE_LINE / (1 + gap))
    return Reason("place", " – ".join(pair), _OTHER_PLACE * near)


def _figures(a: Sighting, b: Sighting) -> Reason:
    weight, about = 0.0, []
    for party, outcome, what, count in sorted(a.figures):
        same = [other for other in b.figures if other[1:] == (outcome, what, count)]
        if same:
            parties = {other[0] for other in same}
            share = 1.0 if party in parties else 0.7 if party == "unknown" or "unknown" in parties else 0.4
            weight += share * _telling(count)
            about.append(f"{count} {what or outcome}")
    return Reason("figures", ", ".join(about), min(weight, _MOST_BY_FIGURES))


def _telling(count: int) -> float:
    """What it weighs that two stories share a count: little for small and for round ones."""
    if count <= 2:
        return 0.3
    if count < 10:
        return 0.8
    return 1.0 if count % 100 == 0 or count in (10, 20, 30, 50) else 1.8


def _types(a: Sighting, b: Sighting) -> Reason:
    types = {a.event_type, b.event_type}
    weight = _SAME_TYPE if len(types) == 1 else _AIR_AND_GROUND if types & AIR and types & GROUND else 0.0
    return Reason("type", " – ".join(sorted(types)).replace("_", " "), weight)


def _actors(a: Sighting, b: Sighting) -> Reason:
    shared = a.actors & b.actors
    weight = _PER_ACTOR * len(shared) + _PER_PERSON * len(a.people & b.people)
    return Reason("actors", ", ".join(sorted(shared)), min(weight, _MOST_BY_ACTORS))
