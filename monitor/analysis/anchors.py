"""The few names without one of which no story can be about the border; found in the topic, not written down."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from monitor.analysis.actors import Actor
from monitor.analysis.gazetteer import GazetteerPlace
from monitor.analysis.lexicon import Word
from monitor.analysis.text import boundaries, fold

_ACTOR_KINDS = frozenset({"country", "government", "force"})
_PLACE_KINDS = frozenset({"country", "capital", "province"})
# Shorter names turn up inside too many words to be worth looking for.
_SHORTEST_LATIN, _SHORTEST = 5, 4


@dataclass(frozen=True, slots=True)
class Anchors:
    """Folded pieces of text: a story about the border holds one of each side, or one that names the line."""

    sides: tuple[tuple[str, ...], tuple[str, ...]]
    line: tuple[str, ...]

    def hold(self, folded: str) -> bool:
        """Whether a folded text (``boundaries`` applied) can be about the border."""
        return all(any(piece in folded for piece in side) for side in self.sides) or any(
            piece in folded for piece in self.line
        )


def find_anchors(
    sides: tuple[str, str],
    actors: Iterable[Actor],
    places: Iterable[GazetteerPlace],
    words: Iterable[Word],
    side_of_country: Mapping[str, str],
) -> Anchors:
    """The anchors of a topic: names of the sides' countries, governments, forces and provinces, and of the line."""
    names: dict[str, list[str]] = {side: [] for side in sides}
    line: list[str] = []
    for actor in actors:
        if actor.side in names and actor.actor_kind in _ACTOR_KINDS:
            names[actor.side] += (form for forms in actor.names.values() for form in forms)
    for place in places:
        side = side_of_country.get(place.countries[0], "") if len(place.countries) == 1 else ""
        if place.kind == "line":
            line += _forms(place)
        elif place.kind in _PLACE_KINDS and side in names:
            names[side] += _forms(place)
    for word in words:
        if word.category == "cue" and word.means == "line" and word.strong:
            line += word.forms
    first, second = (_shortest_pieces(names[side]) for side in sides)
    anchors = Anchors((first, second), ())
    return Anchors((first, second), tuple(piece for piece in _shortest_pieces(line) if not anchors.hold(piece)))


def _forms(place: GazetteerPlace) -> list[str]:
    return [place.name.split(" (")[0], *(form for forms in place.names.values() for form in forms)]


def _shortest_pieces(forms: Iterable[str]) -> tuple[str, ...]:
    """The folded forms that hold no other of the forms."""
    kept: list[str] = []
    for form in sorted(
        {" ".join(boundaries(fold(form)).split()) for form in forms}, key=lambda form: (len(form), form)
    ):
        if len(form) >= (_SHORTEST_LATIN if form.isascii() else _SHORTEST) and not any(piece in form for piece in kept):
            kept.append(form)
    return tuple(kept)
