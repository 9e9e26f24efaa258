"""docs/accuracy.md: the numbers of a measurement, what they were measured on, and what is known to be wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from monitor import __version__
from tests.eval.firsts import first_readings
from tests.eval.floors import MARGIN
from tests.eval.kinds import KINDS, kinds
from tests.eval.measures import Outcome, values
from tests.eval.scoring import Key
from tests.eval.sets import EvalSet

LANGUAGES = ("all", "en", "ur", "ps", "fa", "hi")
_LABELS = {
    "relevance_f1": "relevance F1",
    "clash_f1": "clash F1",
    "language_accuracy": "language",
    "place_precision": "places, precision",
    "place_recall": "places, recall",
    "claim_precision": "claims, precision",
    "claim_recall": "claims, recall",
    "thing_precision": "things, precision",
    "thing_recall": "things, recall",
}
_WORST = 25
_SHOWN = 3


@dataclass(frozen=True)
class Measured:
    """A set and what was made of each of its articles."""

    set: EvalSet
    outcomes: tuple[Outcome, ...]

    def summary(self) -> str:
        """One line: every measure over all languages."""
        found = values(self.set, self.outcomes)
        told = " · ".join(f"{_LABELS[name]} {by['all'][0]:.3f}" for name, by in found.items() if "all" in by)
        return f"{self.set.name} ({len(self.outcomes)}): {told}"


def write_report(path: Path, results: Sequence[Measured], today: date) -> None:
    """Write the page at ``path``."""
    parts = [_head(today), _sets(results), _RULES, _numbers(results), first_readings(), _failures(results)]
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n\n".join(parts) + "\n", encoding="utf-8")


def _head(today: date) -> str:
    return (
        "# Accuracy\n\n"
        f"Measured on {today.isoformat()} with version {__version__} by `python -m tests.eval`, which writes this page; "
        "no number on it is written by hand. `tests/eval/test_accuracy.py` holds every number of a whole set above a floor "
        f"(`tests/eval/floors.toml`: what was measured less {MARGIN:.2f}, or less one label where a set is small), knows "
        "the sets by their hash, and lets no floor go down without a reason in writing."
    )


def _sets(results: Sequence[Measured]) -> str:
    lines = [
        "## The sets\n",
        "Texts and labels are ours (save those of `shared`), on incidents that were reported or, where an article says so, invented for the "
        "test; outlets and bylines do not exist. Articles that are held out are not looked at when rules are written. "
        "A set is known by the hash of its texts and labels.\n",
        "| set | what | articles | by language | held out | sha256 |",
        "|---|---|---|---|---|---|",
    ]
    for result in results:
        articles = result.set.articles
        counts = Counter(article.language for article in articles)
        languages = ", ".join(f"{name} {counts[name]}" for name in LANGUAGES if counts[name])
        held = sum(article.held_out for article in articles)
        told = f"{len(articles)} | {languages} | {held or '–'} | `{result.set.sha256[:12]}`"
        lines.append(f"| {result.set.name} | {result.set.what} | {told} |")
    return "\n".join(lines)


_RULES = """## What is counted

- *relevance*: is the story about security on or across the border? *clash*: does it report an incident of about the last
  three days, with a place and with actors or a toll? F1 over yes and no.
- *language*: share of articles whose language is told right.
- *places*: of articles that report a clash, the places found against the places of that clash, in whatever spelling.
- *claims*: figures of people. One is right when count, whose losses, outcome and who says so are all right. Vague words
  (dozens) and denials are not counted. *things*: posts, tanks and the like, in the same way.
- Every story goes through the stages of a crawl: claims in a story wrongly taken for a clash count as wrong, and those of
  a clash that was overlooked as missed. The texts of the set `claims` are read as reports of a clash.
- Labels: only the incident reported counts, not older ones told as background; "at least N", "more than N" and "N to M"
  are N; parts of a total are left out; parts without a total are summed; contradicting figures are all listed."""


def _numbers(results: Sequence[Measured]) -> str:
    return "## The numbers\n\nBeside each value: how many labels it rests on (of precision: how many findings).\n\n" + (
        "\n\n".join(_tables(result) for result in results)
    )


def _tables(result: Measured) -> str:
    parts = [f"### {result.set.name}", _table(result.set, result.outcomes)]
    held = tuple(outcome for outcome in result.outcomes if outcome.article.held_out)
    if held:
        parts += [f"The {len(held)} held out alone:", _table(result.set, held)]
    return "\n\n".join(parts)


def _table(chosen: EvalSet, outcomes: Iterable[Outcome]) -> str:
    found = values(chosen, outcomes)
    shown = [name for name in LANGUAGES if any(name in by for by in found.values())]
    lines = ["| | " + " | ".join(shown) + " |", "|---|" + "---|" * len(shown)]
    for name, by in found.items():
        cells = [f"{by[lang][0]:.3f} ({by[lang][1]})" if lang in by else "–" for lang in shown]
        lines.append(f"| {_LABELS[name]} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _failures(results: Sequence[Measured]) -> str:
    """The worst articles. Those held out are counted and not shown: they are not to be looked at."""
    wrong = [(result, outcome) for result in results for outcome in result.outcomes if outcome.faults()]
    shown = [pair for pair in wrong if not pair[1].article.held_out]
    worst = sorted(shown, key=lambda pair: (-pair[1].faults(), pair[0].set.name, pair[1].article.id))[:_WORST]
    total = sum(len(result.outcomes) for result in results)
    head = (
        f"{len(wrong)} of {total} articles have at least one fault, {len(wrong) - len(shown)} of them held out and not "
        "shown. The worst (+ found and not there, − there and not found):\n"
    )
    told = [f"- {result.set.name} `{outcome.article.id}`: {_told(outcome)}" for result, outcome in worst]
    return "\n".join(["## Known failures\n", _kinds(results), "", head, *told])


def _kinds(results: Sequence[Measured]) -> str:
    shown = [result for result in results if "claims" in result.set.tasks]
    found = [kinds(result.outcomes) for result in shown]
    lines = [
        "What is wrong with claims about people, by number:\n",
        "| | " + " | ".join(result.set.name for result in shown) + " |",
        "|---|" + "---|" * len(shown),
    ]
    lines += [f"| {kind} | " + " | ".join(str(counts[kind]) for counts in found) + " |" for kind in KINDS]
    return "\n".join(lines)


def _told(outcome: Outcome) -> str:
    told = []
    for task in outcome.found:
        if task == "language" and outcome.extra(task):
            told.append(f"language {_items(outcome.extra(task), '')} for {outcome.article.language}")
        elif task in ("relevance", "clash"):
            said = ("+" if outcome.extra(task) else "−") if outcome.extra(task) or outcome.missed(task) else ""
            told += [f"{said}{task}"] if said else []
        else:
            told += [_items(outcome.extra(task), "+"), _items(outcome.missed(task), "−")]
    return "; ".join(part for part in told if part)


def _items(keys: Counter[Key], sign: str) -> str:
    items = [sign + " ".join(str(part) for part in key) for key in keys.elements()]
    more = f" and {len(items) - _SHOWN} more" if len(items) > _SHOWN else ""
    return ", ".join(items[:_SHOWN]) + more
