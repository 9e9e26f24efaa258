"""The topic: everything the seeds folder knows, loaded once, with one automaton over all of it."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from monitor.analysis.actors import Actor, Party, Side, load_actors
from monitor.analysis.anchors import Anchors, find_anchors
from monitor.analysis.gazetteer import GazetteerPlace, load_gazetteer
from monitor.analysis.grammar import GRAMMAR, Grammar
from monitor.analysis.lexicon import Number, Word, load_numbers, load_words
from monitor.analysis.matcher import Matcher
from monitor.declarations import Table, read_table, read_toml
from monitor.errors import SeedsError

_TABLES = frozenset({"topic", "relevance"})
_NUMBERS = "numbers.csv"


@dataclass(frozen=True, slots=True, eq=False)
class Topic:
    """A border and all that is known about it; made by ``Topic.load`` and never changed."""

    name: str
    sides: tuple[str, str]
    threshold: float
    words: tuple[Word, ...] = field(repr=False)
    numbers: tuple[Number, ...] = field(repr=False)
    places: Mapping[str, GazetteerPlace] = field(repr=False)
    actors: Mapping[str, Actor] = field(repr=False)
    all_sides: Mapping[str, Side] = field(repr=False)
    parties: Mapping[str, Party] = field(repr=False)
    side_of_country: Mapping[str, str] = field(repr=False)
    matcher: Matcher = field(repr=False)
    anchors: Anchors = field(repr=False)
    grammar: Grammar = field(repr=False)

    @classmethod
    def load(cls, seeds: Path) -> Topic:
        """The topic of the folder ``seeds``; raises SeedsError naming file, line and field."""
        with _uncollected():
            return cls._load(seeds)

    @classmethod
    def _load(cls, seeds: Path) -> Topic:
        table, threshold = _settings(seeds / "topic.toml")
        all_sides, parties, actors = load_actors(seeds / "actors.toml")
        places = load_gazetteer(seeds / "gazetteer.csv")
        words, numbers = _lexicon(seeds / "lexicon")
        sides = _two_sides(table, all_sides)
        side_of_country = {side.country: side.id for side in all_sides.values() if side.country}
        return cls(
            name=table.text("name"),
            sides=sides,
            threshold=threshold,
            words=tuple(words),
            numbers=tuple(numbers),
            places={place.id: place for place in places},
            actors={actor.id: actor for actor in actors},
            all_sides=all_sides,
            parties=parties,
            side_of_country=side_of_country,
            matcher=Matcher(_forms(words, numbers, places, actors)),
            anchors=find_anchors(sides, actors, places, words, side_of_country),
            grammar=Grammar(words),
        )

    def side_of(self, place: GazetteerPlace) -> str:
        """The side a place lies on; empty when it lies on the line or elsewhere."""
        if len(place.countries) != 1:
            return ""
        return self.side_of_country.get(place.countries[0], "")


@contextmanager
def _uncollected() -> Iterator[None]:
    """No garbage collection meanwhile: what is loaded stays, and looking through it costs a third of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _settings(path: Path) -> tuple[Table, float]:
    data, _ = read_toml(path)
    for name in data:
        if name not in _TABLES:
            raise SeedsError(path, None, name, f"unknown table; known are {', '.join(sorted(_TABLES))}")
    table, relevance = (read_table(path, name) for name in ("topic", "relevance"))
    table.check_fields({"name", "sides"})
    relevance.check_fields({"threshold"})
    threshold = _share(relevance, "threshold", 0.5)
    return table, threshold


def _share(table: Table, name: str, default: float) -> float:
    """A number from 0 to 1."""
    value = table.data.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise table.error(name, f"must be a number from 0 to 1, not {value!r}")
    return float(value)


def _two_sides(table: Table, known: Mapping[str, Side]) -> tuple[str, str]:
    names = table.texts("sides")
    for name in names:
        if name not in known:
            raise table.error("sides", f"{name!r} is the id of no side in actors.toml")
    if len(set(names)) != 2:
        raise table.error("sides", "must name the two sides of the border")
    return names[0], names[1]


def _lexicon(folder: Path) -> tuple[list[Word], list[Number]]:
    """The words of all ``<language>.toml`` and ``<language>-<part>.toml`` files, and the numbers."""
    files = sorted(folder.glob("*.toml"))
    if not files:
        raise SeedsError(folder, None, None, "holds no lexicon: one <language>.toml is needed at least")
    words = [word for path in files for word in load_words(path, path.stem.split("-")[0])]
    numbers = load_numbers(folder / _NUMBERS) if (folder / _NUMBERS).exists() else []
    return words, numbers


def _forms(
    words: list[Word], numbers: list[Number], places: list[GazetteerPlace], actors: list[Actor]
) -> Iterator[tuple[str, str, object, str]]:
    """All forms of the topic as the matcher takes them: form, kind, entry, language."""
    for word in words:
        for form in word.forms if word.category != GRAMMAR else ():
            yield form, word.category, word, word.language
    for number in numbers:
        for form in number.forms:
            yield form, "number", number, number.language
    for place in places:
        yield place.name.split(" (")[0], "place", place, "en"
        for language, names in place.names.items():
            for form in names:
                yield form, "place", place, language
    for actor in actors:
        for language, names in actor.names.items():
            for form in names:
                yield form, "actor", actor, language
