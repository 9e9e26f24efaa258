"""One normaliser for matching, deduplication and search, and the splitting of a text into sentences."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

# One spelling for letters that print alike or are typed for one another in Arabic-script languages.
_LETTERS = {
    **dict.fromkeys("يىېۍئێ", "ی"),
    **dict.fromkeys("ۓ", "ے"),
    **dict.fromkeys("كڪ", "ک"),
    **dict.fromkeys("ګڰ", "گ"),
    **dict.fromkeys("هۀةۃۂەھ", "ہ"),
    **dict.fromkeys("أإآٱ", "ا"),
    **dict.fromkeys("ؤ", "و"),
}
_SIGNS = {
    **dict.fromkeys("‘’‚‛`´ʼʻ′＇", "'"),
    **dict.fromkeys("“”„‟«»″＂", '"'),
    **dict.fromkeys("‐‑‒–—―−﹘－", "-"),
    "،": ",",
    "٬": ",",
    "٫": ".",
    "٪": "%",
    "؟": "?",
    "؛": ";",
    "ـ": "",
    "ء": "",
}
# Hamza and vowel signs, marks of recitation, Latin accents, the Devanagari nukta, variation selectors.
_DROPPED_MARKS = re.compile(
    "[\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u08d3-\u08ff\u093c\ufe00-\ufe0f]"
)
_MARK_LIKE = ("L", "M", "N")


def _fold_char(char: str) -> str:
    """What one character becomes; applied until nothing changes, so that folding twice is folding once."""
    if char in _LETTERS or char in _SIGNS:
        return _LETTERS.get(char, _SIGNS.get(char, ""))
    if char.isspace():
        return " "
    category = unicodedata.category(char)
    if category == "Cf" or _DROPPED_MARKS.match(char):  # joiners, bidi marks, soft hyphens
        return ""
    if category == "Cc":
        return " "
    if category == "Nd":
        return str(unicodedata.decimal(char))
    plain = unicodedata.normalize("NFKD", char)
    if char < "\u0370" or "\u1e00" <= char <= "\u1eff":
        return _DROPPED_MARKS.sub("", plain).casefold()
    composed = unicodedata.normalize("NFKC", char)
    return composed.lower() if "\u0370" <= char <= "\u058f" else composed.casefold()


def _settle(char: str) -> str:
    """``_fold_char`` repeated on its own result until it is stable."""
    result = _fold_char(char)
    for _ in range(4):
        again = "".join(_fold_char(part) for part in result)
        if again == result:
            break
        result = again
    return result


class _FoldTable(dict[int, str]):
    """A translation table that works out each character the first time it is met."""

    def __missing__(self, code: int) -> str:
        self[code] = value = _settle(chr(code))
        return value


class _BoundaryTable(dict[int, str]):
    """Maps everything that is no part of a word to a space, one character for one."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        self[code] = value = char if unicodedata.category(char)[0] in _MARK_LIKE else " "
        return value


_FOLD = _FoldTable()
_BOUNDARY = _BoundaryTable()
_JOINING = "\u0620-\u064a\u066e-\u06d3\u06d5\u06fa-\u06ff\u0900-\u0963\u0971-\u097f"
# Runs of spaces, and places where a digit is glued to a letter of a script that never writes them joined.
_SPACING = re.compile(r" {2,}|(?<=[0-9])(?=[@])|(?<=[@])(?=[0-9])".replace("@", _JOINING))


def fold(text: str) -> str:
    """``text`` as it is compared: compatibility forms, letter variants, digits, quotes, dashes and case made one.

    Vowel signs, tatweel, joiners and direction marks are dropped; white space becomes single spaces; a digit
    glued to an Arabic or Devanagari letter is set apart. Folding twice changes nothing more.
    """
    return _SPACING.sub(" ", text.translate(_FOLD))


@lru_cache(maxsize=4)
def fold_whole(text: str) -> str:
    """``fold`` for the text of a story, which several stages need folded one soon after the other."""
    return fold(text)


def boundaries(folded: str) -> str:
    """A folded text of the same length in which everything between words is spaces."""
    return folded.translate(_BOUNDARY)


@dataclass(frozen=True, slots=True)
class Normalised:
    """A folded text that knows where each of its characters stood in the original."""

    original: str = field(repr=False)
    text: str
    _folded_at: list[int] = field(repr=False)
    _original_at: list[int] = field(repr=False)

    def original_index(self, index: int) -> int:
        """The offset in the original of the folded character at ``index``."""
        segment = bisect_right(self._folded_at, index) - 1
        return self._original_at[segment] + index - self._folded_at[segment]

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """The offsets in the original of the folded characters from ``start`` up to ``end``."""
        if start >= end:
            at = self.original_index(start) if start < len(self.text) else len(self.original)
            return at, at
        first, last = self.original_index(start), self.original_index(end - 1)
        return first, min(last + 1, len(self.original))


def normalise(text: str) -> Normalised:
    """Fold ``text`` and keep the way back: ``normalise(text).text == fold(text)``."""
    translated = text.translate(_FOLD)
    odd = {char for char in set(text) if len(_FOLD[ord(char)]) != 1}
    first = _translate_segments(text, odd)
    folded_at, original_at = [0], [0]
    parts: list[str] = []
    at = copied = 0
    for gap in _SPACING.finditer(translated):
        start, end = gap.span()
        parts += (translated[copied:start], " ")
        at += start - copied + 1
        folded_at += (at - 1, at)
        original_at += (start, end)
        copied = end
    parts.append(translated[copied:])
    return Normalised(text, "".join(parts), *_compose((folded_at, original_at), first))


def _translate_segments(text: str, odd: set[str]) -> tuple[list[int], list[int]]:
    """Where the straight runs of the translated text begin: in it, and in ``text``."""
    here, there = [0], [0]
    if not odd:
        return here, there
    shift = 0
    for match in re.finditer("[" + "".join(map(re.escape, odd)) + "]", text):
        at = match.start()
        width = len(_FOLD[ord(text[at])])
        for step in range(width):
            here.append(at + shift + step)
            there.append(at)
        shift += width - 1
        here.append(at + 1 + shift)
        there.append(at + 1)
    return here, there


def _compose(outer: tuple[list[int], list[int]], inner: tuple[list[int], list[int]]) -> tuple[list[int], list[int]]:
    """The map that goes first through ``outer``, then through ``inner``; both are lists of straight runs."""
    if len(inner[0]) == 1:
        return outer
    folded_at, original_at = [], []
    for number, (start, middle) in enumerate(zip(*outer, strict=True)):
        end = outer[0][number + 1] if number + 1 < len(outer[0]) else None
        segment = bisect_right(inner[0], middle) - 1
        folded_at.append(start)
        original_at.append(inner[1][segment] + middle - inner[0][segment])
        segment += 1
        while segment < len(inner[0]) and (end is None or inner[0][segment] - middle + start < end):
            folded_at.append(inner[0][segment] - middle + start)
            original_at.append(inner[1][segment])
            segment += 1
    return folded_at, original_at


class Span(NamedTuple):
    """A stretch of a text by its character offsets."""

    start: int
    end: int


_STOPS = re.compile(
    r"""(?:[.!?؟۔।॥…]+|\.\.\.)["'”’»)\]]*(?=\s|$|[\u0600-\u06ff])   # the end of a sentence, with what closes it
      | \n                                                           # lines of a page are paragraphs
    """,
    re.VERBOSE,
)
# Longer stretches without a stop are tables, lists of tags or noise; they are cut so that nothing grows with them.
_LONGEST_SENTENCE = 2000
_ABBREVIATION = re.compile(
    r"""(?:^|[\s("'“‘])(?:
        [A-Za-z]                                                     # an initial
      | (?:[A-Za-z]\.)+[A-Za-z]                                      # U.S, a.m
      | (?i:mr|mrs|ms|dr|prof|st|gen|maj|col|lt|capt|sgt|brig|cpl|cdr|adm|rev|hon|sen|rep|gov|pres|supt|insp
          |no|nos|vs|etc|approx|dept|est|govt|inc|ltd|jr|sr|km|sq|ft|fig|vol|pp|art|sec
          |jan|feb|mar|apr|jun|jul|aug|sep|sept|oct|nov|dec|mon|tue|tues|wed|thu|thurs|fri)
    )$""",
    re.VERBOSE,
)


def sentences(text: str) -> list[Span]:
    """The sentences of ``text`` as spans without surrounding white space, for Latin, Arabic and Devanagari scripts.

    Full stops of abbreviations, initials, decimals and times do not end a sentence; line breaks do. What runs on for
    more than 2,000 characters is cut between words.
    """
    spans: list[Span] = []
    begin = 0
    for stop in _STOPS.finditer(text):
        if stop.start() < begin:
            continue
        if text[stop.start()] == "." and _goes_on(text, begin, stop):
            continue
        _append(spans, text, begin, stop.end())
        begin = stop.end()
    _append(spans, text, begin, len(text))
    return spans


def _goes_on(text: str, begin: int, stop: re.Match[str]) -> bool:
    """Whether the full stop at ``stop`` belongs to an abbreviation or a number inside the sentence."""
    if stop.end() - stop.start() > 1:
        return False
    before = text[max(begin, stop.start() - 12) : stop.start()]
    after = text[stop.end() : stop.end() + 3]
    if before[-1:].isdigit() and after[:1].isdigit():
        return True
    if _ABBREVIATION.search(before):
        # "at 2 p.m. The gunfire": an abbreviation of lower-case letters may also end the sentence
        letters = before.rsplit(None, 1)[-1]
        return not ("." in letters and letters.islower() and after.lstrip()[:1].isupper())
    return "a" <= after.lstrip(" ")[:1] <= "z"


def _append(spans: list[Span], text: str, start: int, end: int) -> None:
    """Add the span, in pieces if it is longer than any sentence, unless nothing but signs is in it."""
    while end - start > _LONGEST_SENTENCE:
        cut = text.rfind(" ", start + 1, start + _LONGEST_SENTENCE)
        cut = cut if cut > start else start + _LONGEST_SENTENCE
        _append_one(spans, text, start, cut)
        start = cut
    _append_one(spans, text, start, end)


def _append_one(spans: list[Span], text: str, start: int, end: int) -> None:
    piece = text[start:end]
    stripped = piece.strip()
    if any(char.isalnum() for char in stripped):
        start += len(piece) - len(piece.lstrip())
        spans.append(Span(start, start + len(stripped)))
