"""Checks of the lexicon that loading does not make: forms written twice, never found, or in the wrong script."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from monitor.analysis.grammar import GRAMMAR
from monitor.analysis.lexicon import split_forms
from monitor.analysis.reading import read
from monitor.analysis.text import fold
from monitor.analysis.topic import Topic
from monitor.declarations import Table, read_tables

# Letters that the other languages of the Arabic script do not have: in their files they are a slip of the keyboard.
_ONLY = {"ps": "ټډړږښځڅېۍګڼ", "ur": "ٹڈڑےں"}
_ARABIC = {"ur", "ps", "fa", "ar"}
# A word of these has several uses at once: a hospital is an office that speaks and where people are brought, and what
# shoots down a man shoots down a drone.
_SEVERAL_USES = frozenset({GRAMMAR, "context", "outcome"})


@dataclass(frozen=True)
class Problem:
    """A doubtful entry: where it stands, the form, and what is wrong. ``serious`` ones change what is found."""

    path: Path
    line: int
    form: str
    message: str
    serious: bool


def check_lexicon(topic: Topic, seeds: Path) -> list[Problem]:
    """Every doubtful form of ``seeds/lexicon``, in the order of the files. ``topic`` is that of the same folder."""
    problems: list[Problem] = []
    for path in sorted((seeds / "lexicon").glob("*.toml")):
        language = path.stem.split("-")[0]
        seen: dict[tuple[str, str], Table] = {}
        for table in read_tables(path, "word"):
            problems += _written_twice(table, seen)
            problems += _wrong_script(table, language)
            problems += _never_found(table, language, topic)
    return problems


def _forms(table: Table) -> tuple[str, ...]:
    return split_forms(table.text("forms"))


def _written_twice(table: Table, seen: dict[tuple[str, str], Table]) -> Iterator[Problem]:
    line = table.lines.get("forms", table.line)
    for form in _forms(table):
        key = (table.text("category"), fold(form))
        before = seen.setdefault(key, table)
        same = before.data.get("means") == table.data.get("means")
        if before is table or (key[0] in _SEVERAL_USES and not same):
            continue
        what = "means the same there" if same else f"means {before.data.get('means')!r} there"
        yield Problem(table.path, line, form, f"stands in line {before.line} too and {what}", serious=not same)


def _wrong_script(table: Table, language: str) -> Iterator[Problem]:
    line = table.lines.get("forms", table.line)
    foreign = {letter for other, letters in _ONLY.items() if other != language for letter in letters}
    for form in _forms(table):
        if language == "en" and not form.isascii() and any(letter.isalpha() and letter > "\u024f" for letter in form):
            yield Problem(table.path, line, form, "has letters of another script", serious=True)
        if language in _ARABIC and any("a" <= letter.lower() <= "z" for letter in form):
            yield Problem(table.path, line, form, "has Latin letters", serious=False)
        if language in _ARABIC and (slips := sorted(foreign & set(form))):
            yield Problem(table.path, line, form, f"has letters of another language: {' '.join(slips)}", serious=False)


def _never_found(table: Table, language: str, topic: Topic) -> Iterator[Problem]:
    """Forms that do not make a match of their entry even when a text holds nothing else."""
    category, means = table.text("category"), table.data.get("means")
    if category == GRAMMAR:
        return
    for form in _forms(table):
        if "…" in form:
            continue
        reading = read(topic, "", form, language)
        found = {(match.kind, getattr(match.entry, "means", None) or None) for match in reading.matches}
        if (category, means) not in found:
            instead = ", ".join(sorted({f"{kind} {name or ''}".strip() for kind, name in found})) or "nothing"
            yield Problem(
                table.path,
                table.lines.get("forms", table.line),
                form,
                f"is never found as {category} {means}: the text gives {instead}",
                serious=False,
            )
