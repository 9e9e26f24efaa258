"""Words of the topic, as an analyst writes them in ``seeds/lexicon/<language>.toml`` and ``numbers.csv``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from monitor.declarations import Table, read_rows, read_tables

# What a word is about. "means" and "side" say more; the folder's README lists the values of each category.
CATEGORIES = frozenset(
    [
        "event",
        "outcome",
        "party",
        "verb",
        "speaker",
        "qualifier",
        "vague",
        "unit",
        "object",
        "context",
        "topic",
        "elsewhere",
        "trap",
        "cue",
        "relative_day",
        "daytime",
        "weekday",
        "month",
        "grammar",
    ]
)
_FIELDS = frozenset(["category", "means", "forms", "keyword", "tag", "side", "strength", "note"])
_NEEDS_MEANING = CATEGORIES - {"trap"}
_STRENGTHS = frozenset({"strong", "weak"})
NUMBER_LANGUAGES = ("en", "ur", "ps", "fa", "hi")


@dataclass(frozen=True, slots=True, eq=False)
class Word:
    """One meaning with all its forms in one language.

    ``keyword`` is the tag a story gets, in English, and ``tag`` the tag's category; ``side`` is whose word it
    is, or how a verb of saying stands to what is said; ``strong`` words carry a judgement by themselves.
    """

    category: str
    means: str
    language: str
    forms: tuple[str, ...]
    keyword: str | None = None
    tag: str = ""
    side: str = ""
    strong: bool = True

    @property
    def kind(self) -> str:
        """The kind of match this word makes: its category."""
        return self.category


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number, as digits or as a word of ``language``; larger numbers are put together by the claims grammar."""

    value: int
    language: str = ""
    forms: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """The kind of match a number makes."""
        return "number"


def split_forms(text: str) -> tuple[str, ...]:
    """The forms of a field in which they are separated by ``|``."""
    return tuple(form for part in text.split("|") if (form := part.strip()))


def load_words(path: Path, language: str) -> list[Word]:
    """The words of one lexicon file; raises SeedsError naming file, line and field."""
    return [_word(table, language) for table in read_tables(path, "word")]


def _word(table: Table, language: str) -> Word:
    table.check_fields(_FIELDS)
    category = table.choice("category", CATEGORIES)
    forms = split_forms(table.text("forms"))
    if not forms:
        raise table.error("forms", "holds no form; write them separated by |")
    return Word(
        category=category,
        means=table.text("means", None if category in _NEEDS_MEANING else ""),
        language=language,
        forms=forms,
        keyword=table.text("keyword", "") or None,
        tag=table.text("tag", category),
        side=table.text("side", ""),
        strong=table.choice("strength", _STRENGTHS, "strong") == "strong",
    )


def load_numbers(path: Path) -> list[Number]:
    """The number words of ``numbers.csv``: a value and its forms in each language, separated by ``|``."""
    numbers = []
    for row in read_rows(path, ["value", *NUMBER_LANGUAGES]):
        if not row.data["value"].isdecimal():
            raise row.error("value", f"must be a whole number, not {row.data['value']!r}")
        value = int(row.data["value"])
        numbers += [Number(value, code, forms) for code in NUMBER_LANGUAGES if (forms := split_forms(row.data[code]))]
    return numbers
