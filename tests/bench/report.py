"""What a benchmark says: measurements with their spread, set beside each other, as a table and as JSON."""

from __future__ import annotations

import json
import os
import platform
import statistics
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

_PACKAGES = ("scrapy", "twisted", "trafilatura", "lxml", "sqlite-utils", "numpy")


@dataclass(frozen=True)
class Budget:
    """What DESIGN promises of a row: at least, or at most, so much."""

    limit: float
    at_most: bool = False

    def met(self, value: float) -> bool:
        """Whether ``value`` keeps the promise."""
        return value <= self.limit if self.at_most else value >= self.limit

    def __str__(self) -> str:
        return f"{'≤' if self.at_most else '≥'} {self.limit:g}"


@dataclass(frozen=True)
class Row:
    """One measured quantity: a value for each round, its unit, and what it is held against, if anything."""

    group: str
    name: str
    values: tuple[float, ...]
    unit: str
    budget: Budget | None = None
    note: str = ""

    @property
    def median(self) -> float:
        """The middle of the rounds."""
        return statistics.median(self.values)

    def as_json(self) -> dict[str, object]:
        """The row as a JSON-ready object."""
        plain = asdict(self) | {"median": self.median, "budget": str(self.budget) if self.budget else None}
        return plain | {"met": self.budget.met(self.median) if self.budget else None}


@dataclass
class Report:
    """All rows of a run; rows are shown on stderr as they come."""

    quick: bool
    rows: list[Row] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    started_at: datetime = field(default_factory=lambda: datetime.now(UTC))

    def add(
        self,
        group: str,
        name: str,
        values: Sequence[float],
        unit: str,
        budget: Budget | None = None,
        note: str = "",
    ) -> None:
        """Take in one measured quantity, one value a round."""
        row = Row(group, name, tuple(values), unit, budget, note)
        self.rows.append(row)
        say(f"  {name}: {_number(row.median)} {unit}".rstrip())

    def note(self, text: str) -> None:
        """Say something that belongs beside the numbers."""
        self.notes.append(text)
        say(f"  note: {text}")

    def as_json(self) -> dict[str, object]:
        """The whole report as a JSON-ready object."""
        return {
            "at": self.started_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "quick": self.quick,
            "machine": machine(),
            "rows": [row.as_json() for row in self.rows],
            "notes": self.notes,
        }

    def write_json(self, path: Path) -> None:
        """Write the report to ``path``."""
        path.write_text(json.dumps(self.as_json(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")

    def table(self) -> str:
        """The report as text: one Markdown table a group, so that it can stand in the documentation as it is."""
        facts = machine()
        about = ", ".join(f"{name} {value}" for name, value in facts.items())
        lines = [
            f"Measured {self.started_at:%Y-%m-%d} on: {about}.{' Quick run: rough numbers.' if self.quick else ''}"
        ]
        for group in dict.fromkeys(row.group for row in self.rows):
            lines += ["", f"### {group}", "", *_markdown([row for row in self.rows if row.group == group])]
        lines += [""] + [f"- {note}" for note in self.notes] if self.notes else []
        return "\n".join(lines)


def machine() -> dict[str, str]:
    """What the numbers depend on: cores, system, Python, versions."""
    facts = {
        "cores": str(os.cpu_count()),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
    }
    for name in _PACKAGES:
        try:
            facts[name] = version(name)
        except PackageNotFoundError:
            facts[name] = "absent"
    return facts


def say(text: str) -> None:
    """Progress, on stderr."""
    print(text, file=sys.stderr, flush=True)


def _markdown(rows: Sequence[Row]) -> list[str]:
    cells = [("what", "median", "rounds: lowest to highest", "budget", "note")]
    for row in rows:
        spread = f"{_number(min(row.values))} to {_number(max(row.values))} ({len(row.values)})"
        budget = f"{row.budget}{'' if row.budget.met(row.median) else ' **missed**'}" if row.budget else ""
        cells.append(
            (
                row.name,
                f"{_number(row.median)} {row.unit}".strip(),
                spread if len(row.values) > 1 else "",
                budget,
                row.note,
            )
        )
    widths = [max(len(line[column]) for line in cells) for column in range(len(cells[0]))]
    cells.insert(1, tuple("-" * width for width in widths))
    return [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |" for line in cells
    ]


def _number(value: float) -> str:
    return f"{value:.3g}" if abs(value) < 1000 else f"{value:,.0f}"
