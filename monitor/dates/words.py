"""The words of dates in all languages, and a text cut into the pieces that a date can be made of."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

LONGEST = 200  # characters; a longer text is a paragraph, and its dates are of what it tells


class Month(NamedTuple):
    """A month by calendar and number; a ``wary`` one needs a year beside it, for its name is also another word."""

    solar: bool
    number: int
    wary: bool


@dataclass(frozen=True, slots=True)
class Piece:
    """A number, word, phrase or sign of a text, where it stands, and all that it may mean by kind."""

    text: str
    start: int
    end: int
    means: dict[str, Any]

    @property
    def number(self) -> int | None:
        return int(self.text) if self.text.isdecimal() else None


_MARKS = "\u0300-\u036f\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962\u0963"
_PIECE = re.compile(rf"\d+|[^\W\d_][^\W\d_{_MARKS}]*(?:[{_MARKS}]+[^\W\d_]*)*(?:\.[^\W\d_]\b)*|[^\s\w]")
_DROPPED = re.compile(
    "[\u0610-\u061a\u064b-\u0653\u0655-\u065f\u0670\u0640\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]"
)
_FOLD = str.maketrans("يىئےۓېۍكګہۀةۃۂھأإآؤۇ−–—‐‑،٬؛", "یییییییکگهههههه" + "ااا" + "وو-----,,;", "\u0654")
_NUMERIC = re.compile(r"\d[-/.]\d{1,2}[-/.]\d")
_DOTTED_HALF = re.compile(r"\b([ap])\s?\.\s?m\b\.?")


def fold(text: str) -> str:
    """``text`` in the form in which words of dates are compared: digits ASCII, letters folded, spaces single."""
    text = unicodedata.normalize("NFKC", text)
    text = _DROPPED.sub("", text).casefold().translate(_FOLD)
    text = "".join(str(unicodedata.decimal(c)) if c > "9" and c.isdecimal() else c for c in text)
    return " ".join(_DOTTED_HALF.sub(r"\1m", text).split())


def pieces(text: str) -> list[Piece]:
    """Cut a folded ``text``; of the phrases that start at a word the longest is taken."""
    known, longest = _vocabulary()
    matches = list(_PIECE.finditer(text))
    found: list[Piece] = []
    index = 0
    while index < len(matches):
        for size in range(min(longest, len(matches) - index), 0, -1):
            phrase = " ".join(match[0] for match in matches[index : index + size])
            if size == 1 or phrase in known:
                found.append(
                    Piece(phrase, matches[index].start(), matches[index + size - 1].end(), known.get(phrase, {}))
                )
                index += size
                break
    return found


def may_hold_date(text: str) -> bool:
    """Whether a short ``text`` has a number and something that makes numbers a date."""
    kinds = {"month", "ago", "days"}
    folded = fold(text)
    return bool(_NUMERIC.search(folded)) or any(kinds & piece.means.keys() for piece in pieces(folded))


def zones() -> dict[str, list[int]]:
    """Names of time zones, each with its meanings in minutes east of Greenwich."""
    return _data()["zones"]  # type: ignore[no-any-return]


def short_units() -> dict[str, str]:
    """Units by the letter that is written to a number: ``h`` in ``5h``."""
    return {letter: unit for unit, letter in _data()["short_units"].items()}


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    import tomllib  # read late, like the file: commands that only query do not wait for either
    from importlib import resources

    text = (resources.files("monitor") / "data" / "dates.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@lru_cache(maxsize=1)
def _vocabulary() -> tuple[dict[str, dict[str, Any]], int]:
    """What each phrase may mean, by kind; and the number of words of the longest phrase."""
    data = _data()
    known: dict[str, dict[str, Any]] = defaultdict(dict)
    wary = set(_forms(data["months"]["wary"]))
    for calendar in ("gregorian", "solar"):
        for number, listed in data["months"][calendar].items():
            for form in _forms(listed):
                known[form]["month"] = Month(calendar == "solar", int(number), form in wary)
    for table, kind, value in (
        ("weekdays", "weekday", int),
        ("units", "unit", str),
        ("pairs", "pair", str),
        ("counts", "count", int),
        ("days", "days", int),
        ("halves", "half", str),
    ):
        for key, listed in data[table].items():
            for form in _forms(listed):
                known[form][kind] = value(key)
    for kind, listed in (
        ("ago", data["ago"]["words"]),
        ("now", data["now"]["words"]),
        ("oclock", data["oclock"]["words"]),
        ("glue", data["glue"]["words"]),
        ("updated", data["markers"]["updated"]),
        ("published", data["markers"]["published"]),
    ):
        for form in _forms(listed):
            known[form][kind] = True
    return dict(known), max(len(form.split()) for form in known)


def _forms(listed: str) -> list[str]:
    """Folded forms of a list: single words parted by spaces, then phrases of several words parted by commas."""
    first, *phrases = listed.split(",")
    return [" ".join(piece[0] for piece in _PIECE.finditer(fold(form))) for form in [*first.split(), *phrases]]
