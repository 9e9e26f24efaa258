"""The words of a search shown in a text: a stretch of it, and where in that stretch they stand."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from monitor.analysis.text import boundaries, normalise
from monitor.querytree import Term, words_of

Style = Literal["md", "html"]
_WORD = re.compile("[^ ]+")
_MD_SIGNS = re.compile(r"([\\*_`<>\[\]&])")
# No more of a text is looked through, so that a very long one costs no more than a long one.
_LOOKED_AT = 20_000


@dataclass(frozen=True, slots=True)
class Snippet:
    """A stretch of a text on one line; ``marks`` are the (start, end) offsets in it of the words looked for."""

    text: str
    marks: tuple[tuple[int, int], ...] = ()

    def pieces(self) -> Iterable[tuple[str, bool]]:
        """The text in pieces, each with whether it is marked."""
        at = 0
        for start, end in self.marks:
            yield self.text[at:start], False
            yield self.text[start:end], True
            at = end
        yield self.text[at:], False

    def marked(self, style: Style) -> str:
        """The snippet as Markdown (``**word**``) or HTML (``<mark>word</mark>``); everything of the text is escaped."""
        if style == "html":
            return "".join(
                f"<mark>{html.escape(piece)}</mark>" if mark else html.escape(piece) for piece, mark in self.pieces()
            )
        escaped = [(_MD_SIGNS.sub(r"\\\1", piece), mark) for piece, mark in self.pieces()]
        return "".join(f"**{piece}**" if mark else piece for piece, mark in escaped)


class Marker:
    """Finds the words of a query in texts, in whatever spelling they stand there."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self._begins: dict[str, list[Term]] = {}
        self._starts: list[Term] = []  # a single word of which only the start is given
        # Longer terms first: where one holds another, the longer is marked.
        for term in sorted(set(terms), key=lambda term: -sum(map(len, term.words))):
            if term.prefix and len(term.words) == 1:
                self._starts.append(term)
            else:
                self._begins.setdefault(term.words[0], []).append(term)

    def spans(self, text: str) -> list[tuple[int, int, Term]]:
        """Where terms stand in ``text``: start, end, and which term."""
        normalised = normalise(text[:_LOOKED_AT])
        places = [(match[0], *match.span()) for match in _WORD.finditer(boundaries(normalised.text))]
        words = [word for word, *_ in places]
        found: list[tuple[int, int, Term]] = []
        at = 0
        while at < len(words):
            term = self._term_at(words, at)
            if term:
                _, start, _ = places[at]
                at += len(term.words) - 1
                found.append((*normalised.original_span(start, places[at][2]), term))
            at += 1
        return found

    def kinds(self, text: str) -> int:
        """How many different terms stand in ``text``."""
        words = list(words_of(text[:_LOOKED_AT]))
        return len({self._term_at(words, at) for at in range(len(words))} - {None})

    def _term_at(self, words: list[str], at: int) -> Term | None:
        """The term that begins with the word at ``at``."""
        for term in self._begins.get(words[at], ()):
            end = at + len(term.words)
            if tuple(words[at:end]) == term.words or (
                term.prefix
                and tuple(words[at : end - 1]) == term.words[:-1]
                and words[end - 1 : end]
                and words[end - 1].startswith(term.words[-1])
            ):
                return term
        return next((term for term in self._starts if words[at].startswith(term.words[0])), None)

    def mark(self, text: str) -> Snippet:
        """The whole of ``text`` with its marks."""
        return _cut(text, 0, len(text), self.spans(text))

    def snippet(self, text: str, width: int = 160) -> Snippet:
        """About ``width`` characters of ``text`` where most different terms stand together, the first such place.

        Where no term stands in it, its beginning without marks.
        """
        spans = self.spans(text)
        if not spans:
            return _cut(text, 0, _word_end(text, width), [])
        best, most = 0, 0
        for number, (start, _, _) in enumerate(spans):
            kinds = {kind for s, e, kind in spans[number : number + 50] if e <= start + width}
            if len(kinds) > most:
                best, most = number, len(kinds)
        first = spans[best][0]
        last = max((e for s, e, _ in spans[best:] if e <= first + width), default=spans[best][1])
        room = max(0, width - (last - first))
        begin = _word_start(text, max(0, first - room // 3))
        return _cut(text, begin, _word_end(text, max(last, begin + width)), spans)


def _word_start(text: str, at: int) -> int:
    """The beginning of the first whole word from ``at`` on."""
    if at == 0:
        return 0
    match = re.compile(r"\s\S").search(text, at - 1, at + 40)
    return match.end() - 1 if match else at


def _word_end(text: str, at: int) -> int:
    """The end of the last whole word before ``at``."""
    if at >= len(text):
        return len(text)
    cut = text.rfind(" ", max(0, at - 40), at + 1)
    return cut if cut > 0 else at


def _cut(text: str, begin: int, end: int, spans: Iterable[tuple[int, int, Term]]) -> Snippet:
    lead, tail = "… " if begin else "", " …" if end < len(text) else ""
    # One character for one, so that offsets stay: line breaks and tabs become spaces.
    stretch = re.sub(r"\s", " ", text[begin:end])
    shift = len(lead) - begin
    marks = tuple((start + shift, stop + shift) for start, stop, _ in spans if begin <= start and stop <= end)
    return Snippet(lead + stretch + tail, marks)
