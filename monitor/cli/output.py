"""Rows on stdout as a table for people, or as JSON, JSON Lines, CSV or Markdown for programs and documents."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import click

# A column of words may be folded down to so many cells; what does not fit then is no table for this terminal.
_LEAST = 24
# A spreadsheet takes a cell that starts with one of these for a formula.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def format_option(*formats: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The ``--format`` option of a command, the first of ``formats`` being the default."""
    return click.option(
        "--format",
        "style",
        type=click.Choice(formats),
        default=formats[0],
        show_default=True,
        help="Form of the output.",
    )


def write_rows(rows: Iterable[Mapping[str, Any]], style: str, columns: Sequence[str], title: str | None = None) -> int:
    """Write ``rows`` to stdout in ``style`` (table, json, jsonl, csv or md); return how many there were.

    JSON forms carry every field of a row, the others only ``columns``.
    """
    if style == "jsonl":
        return _each(rows, lambda row: click.echo(json.dumps(row, ensure_ascii=False)))
    if style == "csv":
        writer = csv.writer(sys.stdout)
        writer.writerow(columns)
        return _each(rows, lambda row: writer.writerow([safe_cell(row.get(name)) for name in columns]))
    found = list(rows)
    if style == "json":
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
    elif style == "md":
        click.echo("| " + " | ".join(columns) + " |")
        click.echo("|" + " --- |" * len(columns))
        for row in found:
            click.echo("| " + " | ".join(_plain(row.get(name)).replace("|", "\\|") for name in columns) + " |")
    else:
        _table(found, columns, title)
    return len(found)


def _each(rows: Iterable[Mapping[str, Any]], write: Callable[[Mapping[str, Any]], object]) -> int:
    count = 0
    for row in rows:
        write(row)
        count += 1
    return count


def _table(rows: Sequence[Mapping[str, Any]], columns: Sequence[str], title: str | None) -> None:
    from rich.cells import cell_len
    from rich.table import Table

    console = stdout_console()
    widths = {name: max([len(name), *(cell_len(_plain(row.get(name))) for row in rows)]) for name in columns}
    if sum(min(width, _LEAST) + 2 for width in widths.values()) > console.width:
        _blocks(console, rows, columns, max(columns, key=lambda name: widths[name]))
        return
    table = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for name in columns:
        numeric = any(isinstance(row.get(name), (int, float)) for row in rows)
        table.add_column(name.replace("_", " "), justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*(isolated(_plain(row.get(name))) for name in columns))
    console.print(table)


def _blocks(console: Any, rows: Sequence[Mapping[str, Any]], columns: Sequence[str], longest: str) -> None:
    """Rows too wide for a table: the first column and the wordiest on a line, the rest below, each with its name."""
    from rich.cells import cell_len
    from rich.text import Text

    for row in rows:
        head = [_plain(row.get(name)) for name in dict.fromkeys((columns[0], longest))]
        console.print(Text("  ".join(isolated(cell) for cell in head), style="bold"))
        line = ""
        for name in columns:
            value = "" if name in (columns[0], longest) else _plain(row.get(name))
            fact = f"{name.replace('_', ' ')} {isolated(value)}" if value else ""
            if line and cell_len(f"  {line} · {fact}") > console.width:
                console.print(Text(f"  {line}"))
                line = ""
            line = f"{line} · {fact}" if line and fact else line or fact
        if line:
            console.print(Text(f"  {line}"))


def stdout_console() -> Any:
    """A rich console on stdout: colours only on a terminal, no markup read out of story text."""
    from rich.console import Console

    return Console(markup=False, highlight=False, width=None if sys.stdout.isatty() else 140)


def isolated(text: str) -> str:
    """``text`` wrapped so that right-to-left words do not reorder what stands beside them (Unicode FSI … PDI)."""
    return f"\u2068{text}\u2069" if any("\u0590" <= char <= "\u08ff" for char in text) else text


def _plain(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, (list, tuple)):
        return ", ".join(_plain(item) for item in value)
    return " ".join(str(value).split())


def safe_cell(value: object) -> object:
    """``value`` for a CSV cell that a spreadsheet opens as text: what would be a formula gets a leading apostrophe."""
    if isinstance(value, (list, dict)):
        value = json.dumps(value, ensure_ascii=False)
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return "'" + value
    return value
