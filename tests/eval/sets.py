"""The labelled sets that accuracy is measured on: where they lie, what they hold, and a hash of each."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from monitor.demo.outlets import read_outlets
from tests.eval.scoring import rows_of
from tests.paths import ROOT, SHARED

HERE = Path(__file__).parent
LONG = HERE / "articles"
YEARS = HERE / "years"
JUDGED = frozenset({"relevance", "clash", "language"})
CLAIMED = frozenset({"claims", "things"})
_HEAD = re.compile(r"\A\+\+\+\n(?P<head>.*?^)\+\+\+\n(?P<text>.*)\Z", re.S | re.M)
_HELD_OUT_ONE_IN = 3


@dataclass(frozen=True)
class Article:
    """A story with its labels. ``relevant``, ``clash`` and ``places`` are None where the set does not label them."""

    id: str
    language: str
    title: str
    text: str
    relevant: bool | None = None
    clash: bool | None = None
    places: tuple[str, ...] | None = None
    claims: tuple[Mapping[str, Any], ...] = ()
    other_claims: tuple[Mapping[str, Any], ...] = ()
    held_out: bool = False

    def canonical(self) -> dict[str, Any]:
        """Everything a measurement depends on, in a form that serialises the same way every time."""
        places = None if self.places is None else list(self.places)
        lists = {"claims": [dict(c) for c in self.claims], "other_claims": [dict(c) for c in self.other_claims]}
        return {**vars(self), "places": places, **lists}


@dataclass(frozen=True)
class EvalSet:
    """A labelled set: its articles, what can be measured on it, and where it comes from."""

    name: str
    what: str
    tasks: frozenset[str]
    articles: tuple[Article, ...] = field(repr=False)

    @cached_property
    def sha256(self) -> str:
        """Hash of texts and labels: it changes when, and only when, what is measured on changes."""
        rows = [article.canonical() for article in sorted(self.articles, key=lambda article: article.id)]
        return hashlib.sha256(json.dumps(rows, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def held_out(identifier: str) -> bool:
    """Whether an article belongs to the third that rules are not developed on: by the hash of its id alone."""
    return int(hashlib.sha256(identifier.encode()).hexdigest(), 16) % _HELD_OUT_ONE_IN == 0


def head_of(path: Path) -> tuple[dict[str, Any], str]:
    """The TOML head and the body of a Markdown file; ValueError where there is no head."""
    parts = _HEAD.match(path.read_text(encoding="utf-8"))
    if not parts:
        raise ValueError(f"{path}: no head between two lines of +++")
    return tomllib.loads(parts["head"]), parts["text"].strip()


def _long() -> EvalSet:
    found, retold, invented = [], 0, 0
    for path in sorted(LONG.rglob("*.md")):
        if path.name == "README.md":
            continue
        head, text = head_of(path)
        found.append(_article({**head, "id": path.stem, "lang": head["language"], "text": text}))
        retold += path.stem.startswith("r")
        invented += head.get("invented", False)
    what = (
        f"full articles by us, `tests/eval/articles`: {retold} retell the set `shared`, {len(found) - retold} are on "
        f"other events, {invented} of these invented"
    )
    return EvalSet("long", what, JUDGED | CLAIMED | {"places"}, tuple(found))


def _article(row: Mapping[str, Any]) -> Article:
    places = row.get("places")
    return Article(
        id=row["id"],
        language=row["lang"],
        title=row.get("title") or "",
        text=row["text"],
        relevant=row.get("relevant"),
        clash=row.get("clash"),
        places=None if places is None else tuple(places),
        claims=tuple(row.get("claims", ())),
        other_claims=tuple(row.get("other_claims", ())),
        held_out=row.get("held_out", row.get("set") == "held"),
    )


def articles_of(path: Path) -> list[Article]:
    """The articles of a file of JSON lines."""
    return [_article(row) for row in rows_of(path)]


def _newswire() -> list[Article]:
    outlets = read_outlets(ROOT / "seeds" / "newswire")
    return [
        Article(
            id=f"{outlet.id}/{article.id}",
            language=article.language,
            title=article.title,
            text=article.text,
            relevant=article.relevant,
            clash=article.clash,
            claims=tuple(vars(claim) for claim in article.claims),
            other_claims=tuple(vars(claim) for claim in article.other_claims),
        )
        for outlet in outlets
        for article in outlet.articles
        if article.text  # pages that answer with an error have none
    ]


def load_sets() -> list[EvalSet]:
    """All sets that are present; the shared one only where it lies beside the project."""
    sets = [
        _long(),
        EvalSet(
            "claims",
            "short texts by us about claims, `tests/eval/claims_own.jsonl`",
            CLAIMED | {"language"},
            tuple(articles_of(HERE / "claims_own.jsonl")),
        ),
        EvalSet(
            "relevance",
            "short texts by us about relevance and places, `tests/eval/relevance_own.jsonl`",
            JUDGED | {"places"},
            tuple(articles_of(HERE / "relevance_own.jsonl")),
        ),
        EvalSet(
            "years",
            "short renditions by us of coverage of 2011 to 2026, half of them without a date, `tests/eval/years`",
            JUDGED | CLAIMED | {"places"},
            tuple(article for path in sorted(YEARS.glob("*.jsonl")) for article in articles_of(path)),
        ),
        EvalSet("newswire", "the demo newswire, `seeds/newswire/articles`", JUDGED | CLAIMED, tuple(_newswire())),
    ]
    shared = SHARED / "eval" / "articles.jsonl"
    if shared.is_file():
        what = "short renditions of published coverage, not part of the project"
        sets.append(EvalSet("shared", what, JUDGED | CLAIMED | {"places"}, tuple(articles_of(shared))))
    return [chosen for chosen in sets if chosen.articles]
