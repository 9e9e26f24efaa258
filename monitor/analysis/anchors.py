"""The few names without one of which no story can be about the border; found in the topic, not written down."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import re2

from monitor.analysis.actors import Actor
from monitor.analysis.gazetteer import GazetteerPlace
from monitor.analysis.grammar import GRAMMAR
from monitor.analysis.lexicon import Word
from monitor.analysis.matcher import fold_forms

# The places large enough, or near enough to the border, to stand for their country in a story.
_PLACE_KINDS = frozenset({"country", "capital", "state", "province", "city"})
_BORDER_KINDS = frozenset({"region", "agency", "district", "town"})
# Of these a name may be one letter shorter than others.
_SHORT_KINDS = frozenset({"state", "province", "city", "town"})
_NO_ANCHOR = frozenset({"river"})
# Shorter names turn up inside too many words to be worth looking for.
_SHORTEST_LATIN, _SHORTEST = 5, 4
_ONE_SIDE, _OTHER_SIDE, _LINE, _ACROSS = range(4)
_NOTHING = rb"[^\x00-\xff]"


@dataclass(frozen=True, slots=True, eq=False)
class Anchors:
    """Folded beginnings of words.

    A story about the border holds one of each side, or one that lies on the line, or one of a side and a word for
    the other side of the border.
    """

    sides: tuple[tuple[str, ...], tuple[str, ...]]
    line: tuple[str, ...]
    across: tuple[str, ...]

    def hold(self, plain: str) -> bool:
        """Whether a story can be about the border, by its folded text (``Reading.plain``)."""
        found = set(_finder(self).Match(f" {plain}".encode()) or ())
        sides = found & {_ONE_SIDE, _OTHER_SIDE}
        return len(sides) == 2 or _LINE in found or (bool(sides) and _ACROSS in found)


@lru_cache(maxsize=4)
def _finder(anchors: Anchors) -> re2.Set:
    """All four kinds of anchors, by their numbers, where words begin; one pass over a text."""
    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1  # bytes as they are
    found = re2.Set.SearchSet(options)
    for pieces in (*anchors.sides, anchors.line, anchors.across):
        found.Add(b" (?:" + b"|".join(re2.escape(piece).encode() for piece in pieces) + b")" if pieces else _NOTHING)
    found.Compile()
    return found


def find_anchors(
    sides: tuple[str, str],
    actors: Iterable[Actor],
    places: Iterable[GazetteerPlace],
    words: Iterable[Word],
    side_of_country: Mapping[str, str],
) -> Anchors:
    """The anchors of a topic: names of each side's actors and larger places, of the line and of the crossings."""
    words = tuple(words)
    names: dict[str, list[str]] = {side: [] for side in sides}
    short: dict[str, list[str]] = {side: [] for side in sides}
    line: list[str] = []
    across: list[str] = []
    for actor in actors:
        if actor.side in names and (actor.keyword or actor.actor_kind == "country"):
            names[actor.side] += (form for forms in actor.names.values() for form in forms)
    for place in places:
        if len(place.countries) == 2:
            if place.kind not in _NO_ANCHOR:
                line += _forms(place)
            continue
        side = side_of_country.get(place.countries[0], "") if place.countries else ""
        near = place.border and place.kind in _BORDER_KINDS
        if side in names and (near or place.kind in _PLACE_KINDS):
            names[side] += _forms(place)
            short[side] += _forms(place) if place.kind in _SHORT_KINDS else []
    for word in words:
        if word.category == "cue" and word.means == "line" and word.strong:
            line += word.forms
        elif word.category == "cue" and word.means == "across":
            across += word.forms
    spoken = {side: fold_forms([f for w in words if _is_at_home(w, side) for f in w.forms]) for side in sides}
    first, second = (_shortest_pieces(names[side], short[side]) + tuple(spoken[side]) for side in sides)
    one, other = frozenset(first), frozenset(second)
    more = (
        tuple(piece for piece in _shortest_pieces(forms) if not (_holds_one(piece, one) and _holds_one(piece, other)))
        for forms in (line, across)
    )
    return Anchors((first, second), *more)


def _is_at_home(word: Word, side: str) -> bool:
    """Whether a small word of a language says that a story is written on a side, which it then need not name."""
    return word.category == GRAMMAR and word.means == "at_home" and word.side == side


def _forms(place: GazetteerPlace) -> list[str]:
    """The names of a place that mean nothing else: in a language in which they may, those of several words."""
    names = [
        form for code, forms in place.names.items() for form in forms if code not in place.ambiguous or " " in form
    ]
    return names if "en" in place.ambiguous else [place.name.split(" (")[0], *names]


def _shortest_pieces(forms: Iterable[str], short: Iterable[str] = ()) -> tuple[str, ...]:
    """The folded forms that begin with no other of the forms, nor hold one further on; ``short`` ones may be."""
    kept: dict[str, None] = {}
    known = {" ".join(form.split()) for form in fold_forms(list(short))}
    folded = {" ".join(form.split()) for form in fold_forms(list(forms))} | known
    for form in sorted(folded, key=lambda form: (len(form), form)):
        least = _SHORTEST_LATIN if form.isascii() else _SHORTEST - (form in known)
        if len(form) >= least and not _holds_one(form, kept):
            kept[form] = None
    return tuple(kept)


def _holds_one(form: str, kept: Container[str]) -> bool:
    """Whether one of ``kept`` stands in a form where a word begins."""
    starts = [0, *(at + 1 for at, letter in enumerate(form) if letter == " ")]
    return any(form[start:end] in kept for start in starts for end in range(start + _SHORTEST, len(form) + 1))
