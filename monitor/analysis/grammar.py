"""The words of a sentence as the grammar of claims sees them: tokens, what was found on them, and their roles."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from monitor.analysis.lexicon import Word
from monitor.analysis.text import boundaries, fold

if TYPE_CHECKING:
    from monitor.analysis.reading import Match, Reading

# Category of lexicon words that only the grammar of claims reads; they are looked up here, not by the matcher,
# because half of a text consists of them.
GRAMMAR = "grammar"
_LONGEST_FORM = 5
# A sentence of more words than this is no prose; what follows is not read.
LONGEST_SENTENCE = 400
_TOKEN = re.compile(
    r"\d+|[^\W\d_][^\W\d_\u200c\u200d]*(?:[\u200c\u200d\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
    r"\u0900-\u0903\u093a-\u094f]+[^\W\d_]*)*|[^\w\s]"
)
_LATIN = re.compile("[A-Za-z]")


class Span(NamedTuple):
    """Something found in a sentence: tokens ``first`` up to ``last``, characters ``start`` up to ``end``."""

    kind: str
    entry: object
    first: int
    last: int
    start: int
    end: int


class Grammar:
    """The grammar words of a topic by language: what a sequence of folded words is in a sentence."""

    def __init__(self, words: Iterable[Word]) -> None:
        self._roles: dict[str, dict[tuple[str, ...], frozenset[str]]] = {}
        self._begins: dict[str, dict[str, int]] = {}
        for word in words:
            if word.category != GRAMMAR:
                continue
            roles = self._roles.setdefault(word.language, {})
            begins = self._begins.setdefault(word.language, {})
            for form in word.forms:
                key = tuple(token for token, _, _ in tokens(form))
                roles[key] = roles.get(key, frozenset()) | {word.means}
                begins[key[0]] = max(begins.get(key[0], 0), min(len(key), _LONGEST_FORM))

    def find(self, words: list[str], language: str) -> list[tuple[frozenset[str], int, int]]:
        """The longest grammar word at each position, with all its roles: (roles, first, last)."""
        roles, begins = self._roles.get(language, {}), self._begins.get(language, {})
        found: list[tuple[frozenset[str], int, int]] = []
        covered = 0
        for at, word in enumerate(words):
            longest = begins.get(word)
            if longest is None or at < covered:
                continue
            for length in range(min(longest, len(words) - at), 0, -1):
                meant = roles.get(tuple(words[at : at + length]))
                if meant is not None:
                    covered = at + length
                    found.append((meant, at, covered))
                    break
        return found


def tokens(text: str) -> list[tuple[str, int, int]]:
    """The words and signs of ``text``: each folded, with its offsets."""
    return [(_folded(match[0]), match.start(), match.end()) for match in _TOKEN.finditer(text)]


@lru_cache(maxsize=1 << 15)
def _folded(token: str) -> str:
    return boundaries(fold(token)).replace(" ", "") or fold(token) or token


@dataclass(slots=True)
class View:
    """One sentence: its tokens, the spans found on them by kind, and the grammar roles of every token."""

    index: int
    part: str
    language: str
    text: str = field(repr=False)
    words: list[str]
    starts: list[int] = field(repr=False)
    ends: list[int] = field(repr=False)
    spans: Mapping[str, list[Span]]
    roles: list[frozenset[str]] = field(repr=False)
    phrases: list[tuple[frozenset[str], int, int]] = field(repr=False)
    all_roles: frozenset[str] = field(repr=False)
    _sorted: dict[tuple[str, ...], list[Span]] = field(default_factory=dict, repr=False)

    def of(self, *kinds: str) -> list[Span]:
        """The spans of these kinds, in order."""
        if len(kinds) == 1:
            return self.spans.get(kinds[0], _NO_SPANS)
        found = self._sorted.get(kinds)
        if found is None:
            found = [span for kind in kinds for span in self.spans.get(kind, _NO_SPANS)]
            found.sort(key=_by_place)
            self._sorted[kinds] = found
        return found

    def has(self, role: str, first: int, last: int) -> bool:
        """Whether a token from ``first`` up to ``last`` has the role."""
        if role not in self.all_roles:
            return False
        for roles in self.roles[max(first, 0) : max(last, 0)]:  # noqa: SIM110 - a generator costs three times as much
            if role in roles:
                return True
        return False

    def only(self, allowed: frozenset[str], first: int, last: int) -> bool:
        """Whether every token from ``first`` up to ``last`` has one of the roles; true of none."""
        for roles in self.roles[max(first, 0) : max(last, 0)]:  # noqa: SIM110
            if allowed.isdisjoint(roles):
                return False
        return True

    def cites(self, span: Span) -> str:
        """The very words of the story at ``span``."""
        return self.text[span.start : span.end]


_NO_ROLE: frozenset[str] = frozenset()
_POSSESSIVE = frozenset({"genitive"})
_NO_SPANS: list[Span] = []


def _by_place(span: Span) -> tuple[int, int]:
    return span.first, -span.last


_SIGNS = {
    ",": frozenset({"comma"}),
    "،": frozenset({"comma"}),
    ";": frozenset({"semicolon", "clause"}),
    "؛": frozenset({"semicolon", "clause"}),
    ":": frozenset({"colon"}),
    "-": frozenset({"dash"}),
    "(": frozenset({"open"}),
    ")": frozenset({"close"}),
    '"': frozenset({"quote"}),
    "'": frozenset({"quote"}),
    ".": frozenset({"stop"}),
    "۔": frozenset({"stop"}),
    "؟": frozenset({"stop"}),
    "?": frozenset({"stop"}),
    "!": frozenset({"stop"}),
    "…": frozenset({"stop"}),
}


def view(reading: Reading, index: int, grammar: Grammar, language: str) -> View:
    """The sentence at ``index`` of a story, ready for the grammar of claims; ``language`` names its rules."""
    part, start, end = reading.sentences[index]
    text = reading.title if part == "title" else reading.text
    cut = list(islice(_TOKEN.finditer(text, start, end), LONGEST_SENTENCE))
    words = [_folded(token[0]) for token in cut]
    starts = [token.start() for token in cut]
    ends = [token.end() for token in cut]
    roles = [_SIGNS.get(word, _NO_ROLE) for word in words]
    for at in range(len(words) - 1):
        if words[at] == "'" and words[at + 1] == "s" and starts[at + 1] == ends[at] == starts[at] + 1:
            roles[at] = roles[at + 1] = _POSSESSIVE
    phrases = grammar.find(words, language)
    for found, first, last in phrases:
        for at in range(first, last):
            roles[at] = roles[at] | found if roles[at] else found
    spans = _spans(reading.by_sentence[index], starts, ends)
    return View(index, part, language, text, words, starts, ends, spans, roles, phrases, _NO_ROLE.union(*roles))


def _spans(matches: Iterable[Match], starts: list[int], ends: list[int]) -> dict[str, list[Span]]:
    """The matches as spans by kind; a form inside a longer one of its kind and entry type is dropped."""
    found: dict[str, list[Span]] = {}
    for match in matches:
        first = bisect_right(ends, match.start)
        last = bisect_right(starts, match.end - 1)
        if first >= len(starts) or first >= last:
            continue
        found.setdefault(match.kind, []).append(Span(match.kind, match.entry, first, last, match.start, match.end))
    return found


def rules(language: str, text: str) -> str:
    """The language whose order of words a text follows, when its own has no rules here: told by the script."""
    if language in ("en", "ur", "ps", "fa", "hi"):
        return language
    return "en" if len(_LATIN.findall(text[:400])) > len(text[:400]) / 3 else "ur"
