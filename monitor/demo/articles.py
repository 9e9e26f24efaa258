"""The articles of the demo newswire: Markdown under a TOML head, read and checked."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any

from monitor.declarations import Table
from monitor.errors import SeedsError

ENDS = frozenset(
    {
        "stored",  # fetched, found relevant, kept
        "reprint",  # kept as well, and linked to the story whose text it repeats
        "irrelevant",  # about something else, judged so from its listing or from its page
        "forbidden",  # robots.txt forbids the path: never fetched
        "failed:timeout",
        "failed:404",
        "failed:500",
        "failed:redirects",
        "failed:robots",  # robots.txt cannot be had: wait, do not go
    }
)
ANSWERS = frozenset({"page", "redirects", "loop", "stall", "busy", "404", "500"})
EMPTY_ANSWERS = frozenset({"loop", "404", "500"})
_HEAD = re.compile(r"\+\+\+\n(?P<head>.*?^)\+\+\+\n(?P<text>.*)\Z", re.S | re.M)


@dataclass(frozen=True)
class Labels:
    """The words an article's expectations may use; declared beside the outlets, since they name the topic's sides."""

    victims: frozenset[str]
    outcomes: frozenset[str]
    claimants: frozenset[str]


@dataclass(frozen=True)
class Toll:
    """A number of people in an article: how many, whose, what happened to them, and who says so."""

    count: int
    victims: str
    outcome: str
    claimant: str


@dataclass(frozen=True)
class Things:
    """A number of things in an article (posts captured, tanks destroyed), and who says so."""

    count: int
    what: str
    claimant: str


@dataclass(frozen=True)
class Article:
    """One article: what its page and listings show, how the server answers for it, and what is true of it.

    ``published`` is None on a page that shows no readable date; ``sort_at`` is always there. ``feed_date`` replaces
    the date in listings as it stands. ``wire`` names the group of articles that carry the same text.
    """

    id: str
    outlet: str
    file: Path
    path: str
    title: str
    summary: str
    text: str
    language: str
    variant: str | None
    byline: str
    section: str
    sort_at: datetime
    published: datetime | None
    feed_date: str | None
    charset: str | None
    content_type: str | None
    answer: str
    ends: str
    relevant: bool
    clash: bool
    incident: str | None
    also_incidents: tuple[str, ...]
    wire: str | None
    claims: tuple[Toll, ...]
    other_claims: tuple[Things, ...]

    @property
    def paragraphs(self) -> list[str]:
        """The body's paragraphs, in order."""
        return self.text.split("\n\n")


_FIELDS = {item.name for item in fields(Article)} - {"id", "outlet", "file", "text", "sort_at"} | {"undated"}


def read_articles(folder: Path, outlet: str, labels: Labels, letters: dict[str, str]) -> list[Article]:
    """All articles of ``outlet`` in ``folder`` (one ``*.md`` file each), oldest first.

    ``letters`` says which letter an outlet prints for which (an old encoding lacks some). Raises SeedsError with file,
    line and field for an article that cannot be used.
    """
    articles = [_read_article(path, outlet, labels, letters) for path in sorted(folder.glob("*.md"))]
    taken: dict[str, Path] = {}
    for article in articles:
        if article.path in taken:
            raise SeedsError(article.file, None, "path", f"{article.path} is taken by {taken[article.path].name}")
        taken[article.path] = article.file
    return sorted(articles, key=lambda article: article.sort_at)


def _read_article(path: Path, outlet: str, labels: Labels, letters: dict[str, str]) -> Article:
    table, text = _split(path)
    table.check_fields(_FIELDS)
    respelled = str.maketrans(letters)
    sort_at = _moment(table, "published")
    relevant, answer = table.flag("relevant", False), table.choice("answer", ANSWERS, "page")
    article = Article(
        id=f"{outlet}/{path.stem}",
        outlet=outlet,
        file=path,
        path=table.text("path"),
        title=table.text("title").translate(respelled),
        summary=table.text("summary").translate(respelled),
        text=text.translate(respelled),
        language=table.text("language"),
        variant=table.data.get("variant"),
        byline=table.text("byline", "").translate(respelled),
        section=table.text("section", "").translate(respelled),
        sort_at=sort_at,
        published=None if table.flag("undated", False) else sort_at,
        feed_date=table.data.get("feed_date"),
        charset=table.data.get("charset"),
        content_type=table.data.get("content_type"),
        answer=answer,
        ends=table.choice("ends", ENDS, "stored" if relevant else "irrelevant"),
        relevant=relevant,
        clash=table.flag("clash", False),
        incident=table.data.get("incident"),
        also_incidents=tuple(table.texts("also_incidents", [])),
        wire=table.data.get("wire"),
        claims=tuple(_toll(table, row, labels) for row in _rows(table, "claims", Toll)),
        other_claims=tuple(_things(table, row, labels) for row in _rows(table, "other_claims", Things)),
    )
    _check(article, table)
    return article


def _split(path: Path) -> tuple[Table, str]:
    """The head of an article file as a table that knows its lines, and the body with one blank line a paragraph."""
    try:
        match = _HEAD.match(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise SeedsError(path, None, None, f"cannot be read: {error}") from error
    if not match:
        raise SeedsError(path, 1, None, "must begin with a TOML head between two lines of +++")
    try:
        data = tomllib.loads(match["head"])
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        raise SeedsError(path, int(line[1]) + 1 if line else 1, None, f"is not valid TOML: {error}") from error
    keys = {row.split("=")[0].strip(): number for number, row in enumerate(match["head"].splitlines(), 2)}
    paragraphs = [" ".join(part.split()) for part in re.split(r"\n\s*\n", match["text"])]
    return Table(path, 1, data, keys), "\n\n".join(part for part in paragraphs if part)


def _moment(table: Table, name: str) -> datetime:
    value = table.data.get(name)
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise table.error(name, f"must be a time with its zone like 2025-10-12T09:40:00+05:00, not {value!r}")
    return value


def _rows(table: Table, name: str, kind: type[Toll] | type[Things]) -> list[dict[str, Any]]:
    """The list of inline tables under ``name``, each with exactly the fields of ``kind``."""
    wanted = {item.name for item in fields(kind)}
    rows = table.data.get(name, [])
    for row in rows:
        if not isinstance(row, dict) or set(row) != wanted or not isinstance(row["count"], int):
            raise table.error(name, f"each must be {{ {', '.join(sorted(wanted))} }}, not {row!r}")
    return list(rows)


def _toll(table: Table, row: dict[str, Any], labels: Labels) -> Toll:
    for name, options in (
        ("victims", labels.victims),
        ("outcome", labels.outcomes),
        ("claimant", labels.claimants),
    ):
        if row[name] not in options:
            raise table.error("claims", f"{name} {row[name]!r} is not one of {', '.join(sorted(options))}")
    return Toll(**row)


def _things(table: Table, row: dict[str, Any], labels: Labels) -> Things:
    if row["claimant"] not in labels.claimants:
        raise table.error(
            "other_claims", f"claimant {row['claimant']!r} is not one of {', '.join(sorted(labels.claimants))}"
        )
    return Things(**row)


def _check(article: Article, table: Table) -> None:
    """Refuse an article whose expectations contradict one another."""
    if not article.path.startswith("/"):
        raise table.error("path", f"must begin with /, not {article.path!r}")
    if not article.text and article.answer not in EMPTY_ANSWERS:
        raise table.error(None, "has no text")
    if article.clash and not (article.relevant and article.incident):
        raise table.error("clash", "a clash must be relevant and name its incident")
    if not article.clash and (article.incident or article.claims or article.other_claims):
        raise table.error("clash", "without a clash there is no incident and there are no claims")
    if article.ends == "reprint" and not article.wire:
        raise table.error("ends", "a reprint must name its wire group")
    if article.ends == "irrelevant" and article.relevant:
        raise table.error("ends", "a relevant article cannot end as irrelevant")
