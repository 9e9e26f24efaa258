"""A story's text cut into pieces for the page: the sentences of its claims, and what was recognised in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from monitor.analysis.explain import Explanation
from monitor.items import Claim

# Scripts written from right to left, by the languages that we read.
_RIGHT_TO_LEFT = frozenset({"ar", "ckb", "fa", "he", "prs", "ps", "sd", "ug", "ur", "yi"})
# What is marked on the page: the rest of what is recognised would make the text unreadable.
_SHOWN = frozenset({"place", "actor"})


@dataclass(frozen=True)
class Piece:
    """A stretch of text; ``group`` and ``label`` tell what it is, where it is something."""

    text: str
    group: str = ""
    label: str = ""


@dataclass(frozen=True)
class Run:
    """Pieces that belong together: a sentence with ``claims`` (their numbers from 1), or text without any."""

    pieces: tuple[Piece, ...]
    claims: tuple[int, ...] = field(default=())


def direction(language: str) -> str:
    """``rtl`` or ``ltr``, for the HTML attribute ``dir``."""
    return "rtl" if language in _RIGHT_TO_LEFT else "ltr"


def paragraphs(text: str, explanation: Explanation | None, claims: Sequence[Claim]) -> list[list[Run]]:
    """The paragraphs of ``text`` as runs; joined, their pieces are the paragraph, whatever the marks and claims are."""
    marks = _marks(text, explanation)
    spans = [
        (claim.start, claim.end, number)
        for number, claim in enumerate(claims, 1)
        if 0 <= claim.start < claim.end <= len(text)
    ]
    found, begin = [], 0
    for line in text.split("\n"):
        end = begin + len(line)
        if line.strip():
            found.append(list(_runs(text, begin, end, marks, spans)))
        begin = end + 1
    return found


def _marks(text: str, explanation: Explanation | None) -> list[tuple[int, int, str, str]]:
    if explanation is None or explanation.text != text:
        return []
    return [
        (mark.start, mark.end, mark.group, mark.label)
        for mark in explanation.marks
        if mark.part == "text" and mark.group in _SHOWN
    ]


def _runs(
    text: str, begin: int, end: int, marks: Sequence[tuple[int, int, str, str]], spans: Sequence[tuple[int, int, int]]
) -> Iterator[Run]:
    """Cut a paragraph where a claim's sentence begins or ends."""
    cuts = sorted({begin, end, *(cut for span in spans for cut in span[:2] if begin < cut < end)})
    for start, stop in pairwise(cuts):
        numbers = tuple(number for low, high, number in spans if low <= start and stop <= high)
        yield Run(tuple(_pieces(text, start, stop, marks)), numbers)


def _pieces(text: str, start: int, stop: int, marks: Sequence[tuple[int, int, str, str]]) -> Iterator[Piece]:
    done = start
    for low, high, group, label in marks:
        low, high = max(low, done), min(high, stop)
        if low >= high:
            continue
        if low > done:
            yield Piece(text[done:low])
        yield Piece(text[low:high], group, label)
        done = high
    if done < stop:
        yield Piece(text[done:stop])
