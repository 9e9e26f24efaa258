"""Which place an ambiguous name means, judged by what else the story names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from monitor.analysis.gazetteer import NAME_LANGUAGES, GazetteerPlace
from monitor.analysis.text import boundaries, fold

if TYPE_CHECKING:
    from monitor.analysis.reading import Match

# To lie in the same province as another place named is not enough for a name that is also a word.
_ENOUGH = 2
# To be named surely elsewhere in the story, by what it is or where it lies.
_SURELY = 4


def resolve(matches: list[Match], parts: Mapping[str, str], plain: str, language: str) -> list[Match]:
    """``matches`` with one place at most at every span, and without ambiguous names that nothing supports.

    ``parts`` are the story's title and text, ``plain`` both of them folded, ``language`` its language. A name
    supports another when it is the place's province, district or facing place, or lies in the same province or
    district; a word of the place's own context list supports it too, and so does a longer form of the name, most where
    the story names the place by it elsewhere.
    """
    spans: dict[tuple[str, int, int], list[GazetteerPlace]] = {}
    for match in matches:
        if isinstance(match.entry, GazetteerPlace):
            spans.setdefault((match.part, match.start, match.end), []).append(match.entry)
    if not spans:
        return matches
    sure = {
        span: len(places) == 1 and (not _ambiguous(places[0], language) or _is_qualified(places[0], parts, span))
        for span, places in spans.items()
    }
    named = {places[0].id: places[0] for span, places in spans.items() if sure[span]}
    words = f" {plain} "
    chosen = {
        span: places[0] if sure[span] else _best(places, named, words, language) for span, places in spans.items()
    }
    named |= {place.id: place for place in chosen.values() if place is not None}
    for span in [span for span, place in chosen.items() if place is None]:
        chosen[span] = _best(spans[span], named, words, language)  # by names that have been made out meanwhile
    return [
        match
        for match in matches
        if not isinstance(match.entry, GazetteerPlace) or chosen[(match.part, match.start, match.end)] is match.entry
    ]


def _is_qualified(place: GazetteerPlace, parts: Mapping[str, str], span: tuple[str, int, int]) -> bool:
    """Whether the place is named by more than one of its names alone: with what it is, or where it lies."""
    words = f" {_plain(parts[span[0]][span[1] : span[2]])} "
    names = {_plain(name) for forms in ((place.name,), *place.names.values()) for name in forms}
    return any(f" {name} " in words and f" {name} " != words for name in names)


def _plain(text: str) -> str:
    return " ".join(boundaries(fold(text)).split())


def _ambiguous(place: GazetteerPlace, language: str) -> bool:
    """Whether the place's names mean something else in ``language``, or in any if that is unknown."""
    return language in place.ambiguous or (language not in NAME_LANGUAGES and bool(place.ambiguous))


def _best(
    places: list[GazetteerPlace], named: dict[str, GazetteerPlace], words: str, language: str
) -> GazetteerPlace | None:
    """The candidate the rest of the story speaks for most; None when it speaks for none."""
    scored = [
        (_support(place, named.values(), words), not _ambiguous(place, language), place.border, place)
        for place in places
    ]
    likely = [row for row in scored if row[0] >= _ENOUGH or row[1]]
    return max(likely, key=lambda row: row[:3])[3] if likely else None


def _support(place: GazetteerPlace, named: Iterable[GazetteerPlace], words: str) -> int:
    score = 2 * any(f" {_plain(word)} " in words for word in place.context)
    for other in named:
        if other.id == place.id:
            score += _SURELY
        elif place.name == other.name:
            continue
        elif other.id == place.faces or other.faces == place.id:
            score += 2
        elif other.kind in ("province", "state"):
            score += 2 * (other.name in place.admin1)
        elif place.kind in ("province", "state") and other.border:
            score += 2 * (place.name in other.admin1)
        elif set(other.admin2) & set(place.admin2):
            score += 3
        elif any(name.startswith(other.name) for name in place.admin2):  # a half of what was one district
            score += 2
        elif set(other.admin1) & set(place.admin1):
            score += 1
    return score
