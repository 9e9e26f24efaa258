"""One automaton that finds all words, names and numbers of a topic in one pass over a folded text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

import ahocorasick

from monitor.analysis.text import boundaries, fold

# Endings that may be glued to a word without making it another word: plurals, oblique and ezafe forms,
# possessives, the object marker. Written in folded letters.
_ENDINGS = {
    "fa": frozenset(["ہا", "ہای", "ہایی", "ہایش", "ہایشان", "ی", "ای", "ان", "شان", "ش", "را"]),
    "ps": frozenset(["و", "ونہ", "ونو", "انو", "ان", "گان", "ی", "ہ"]),
    "ur": frozenset(["وں", "یں", "ز", "ات"]),
}
_NAME_ENDINGS = {"ps": frozenset({"ہ", "و"}), "fa": frozenset({"ہا", "را"})}
# Shorter words have too many others that begin like them.
_SHORTEST_STEM = 4
_SHORTEST_JOINED = 7
_SHORTEST_NAME = 4
_ARABIC = re.compile("[\u0620-\u06ff]")
_SCRIPT = {"en": "Latn", "ur": "Arab", "ps": "Arab", "fa": "Arab", "ar": "Arab", "hi": "Deva"}
_NONE: frozenset[str] = frozenset()
NAME_KINDS = frozenset({"place", "actor"})


class Meaning(NamedTuple):
    """What a form stands for, the languages in which it does, and the endings it may take."""

    kind: str
    entry: object
    languages: frozenset[str]
    endings: frozenset[str]


class Surface:
    """A form as it stands in a text, with all its meanings."""

    __slots__ = ("_counting", "endings", "length", "meanings")

    def __init__(self, length: int) -> None:
        self.length = length
        self.meanings: list[Meaning] = []
        self.endings: frozenset[str] = frozenset()
        self._counting: dict[str, tuple[Meaning, ...]] | None = None

    def add(self, kind: str, entry: object, language: str, endings: frozenset[str]) -> None:
        """Give the form one more meaning, or a meaning it has one more language."""
        if endings:
            self.endings |= endings
        for number, old in enumerate(self.meanings):
            if old.entry is entry:
                self.meanings[number] = Meaning(kind, entry, old.languages | {language}, old.endings | endings)
                return
        self.meanings.append(Meaning(kind, entry, _one(language), endings))

    def counting(self, language: str) -> tuple[Meaning, ...]:
        """The meanings that count in a text of ``language``; longer names count in all languages."""
        if self._counting is None:
            self._counting = {}
        found = self._counting.get(language)
        if found is None:
            languages = _allowed(language)
            found = self._counting[language] = tuple(
                meaning
                for meaning in self.meanings
                if meaning.languages & languages or (meaning.kind in NAME_KINDS and self.length >= _SHORTEST_NAME)
            )
        return found


class Hit(NamedTuple):
    """A stretch of folded text, and the meanings of what stands there."""

    start: int
    end: int
    meanings: tuple[Meaning, ...]


class Matcher:
    """Finds every form in a text at word boundaries; longer and shorter overlapping forms are all reported."""

    def __init__(self, forms: Iterable[tuple[str, str, object, str]]) -> None:
        """``forms``: rows of (form, kind, entry, language)."""
        rows = list(forms)
        apart = _written_apart([row[0] for row in rows])
        surfaces: dict[str, Surface] = {}
        for (form, kind, entry, language), key in zip(rows, fold_forms([row[0] for row in rows]), strict=True):
            for spelling in (key,) if key.isascii() else _spellings(key, apart.get(form)):
                surface = surfaces.get(spelling)
                if surface is None:
                    surface = surfaces[spelling] = Surface(len(spelling))
                endings = _NONE if spelling.isascii() else _endings(spelling, kind, language)
                surface.add(kind, entry, language, endings)
        surfaces.pop("", None)
        self._known = frozenset(surfaces)
        self._automaton = ahocorasick.Automaton()
        for key, surface in surfaces.items():
            self._automaton.add_word(f" {key}" if surface.endings else f" {key} ", surface)
        if surfaces:
            self._automaton.make_automaton()

    def find(self, plain: str, language: str) -> list[Hit]:
        """Every form that counts in ``language``, the earlier first, the longer before the shorter.

        ``plain``: a folded text in which ``boundaries`` has made spaces of all that is no word.
        """
        if not len(self._automaton):
            return []
        plain = f" {plain} "
        hits = []
        for last, surface in self._automaton.iter(plain):
            meanings = surface.counting(language)
            if not meanings:
                continue
            length = surface.length
            if not surface.endings:  # the key ends in a space
                hits.append(Hit(last - length - 1, last - 1, meanings))
            elif plain[last + 1] == " ":
                hits.append(Hit(last - length, last, meanings))
            else:
                stop = plain.index(" ", last + 1)
                ending = plain[last + 1 : stop]
                if ending in surface.endings and plain[last - length + 1 : stop] not in self._known:
                    meanings = tuple(meaning for meaning in meanings if ending in meaning.endings)
                    hits.append(Hit(last - length, stop - 1, meanings))
        hits.sort(key=_by_place)
        return hits


def _by_place(hit: Hit) -> tuple[int, int]:
    return hit.start, -hit.end


def _endings(key: str, kind: str, language: str) -> frozenset[str]:
    """The endings a form may take: none for short words, whose beginnings many others share."""
    if len(key) < _SHORTEST_STEM or not _ARABIC.search(key):
        return _NONE
    return (_NAME_ENDINGS if kind in NAME_KINDS else _ENDINGS).get(language, _NONE)


def fold_forms(forms: list[str]) -> list[str]:
    """All forms folded at once, with ``boundaries`` applied: much faster than one by one."""
    if not forms:
        return []
    folded = fold("|".join(form.replace("|", " ") for form in forms))
    plain = boundaries(folded)
    keys, start = [], 0
    for piece in folded.split("|"):
        keys.append(plain[start : start + len(piece)].strip())
        start += len(piece) + 1
    return keys


def _written_apart(forms: list[str]) -> dict[str, str]:
    """The folded spelling of every form that holds a joiner, with a space in its place."""
    joined = [form for form in dict.fromkeys(forms) if "\u200c" in form]
    return dict(zip(joined, fold_forms([form.replace("\u200c", " ") for form in joined]), strict=True))


def _spellings(key: str, apart: str | None) -> set[str]:
    """The spellings under which a form that is no ASCII is looked up.

    What is written with a joiner may also be written ``apart``; what is written apart in Arabic script, together.
    """
    spellings = {key} if apart is None else {key, apart}
    if " " in key and _ARABIC.search(key):
        joined = key.replace(" ", "")
        if len(joined) >= _SHORTEST_JOINED:
            spellings.add(joined)
    return spellings


@lru_cache(maxsize=64)
def _one(language: str) -> frozenset[str]:
    return frozenset({language})


@lru_cache(maxsize=64)
def _allowed(language: str) -> frozenset[str]:
    """The languages whose words count in a text of ``language``: its own, and those of other scripts.

    An English story may embed a post in another script. Words of languages that share the script do not count,
    because they are full of false friends; for an unknown language all words do.
    """
    script = _SCRIPT.get(language)
    if script is None:
        return frozenset(_SCRIPT)
    return frozenset(code for code, other in _SCRIPT.items() if other != script or code == language)
