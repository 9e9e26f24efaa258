"""Stories found, as a table with the words looked for in bold, or in the forms for programs and documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import click

from monitor.cli.output import isolated, stdout_console, write_rows
from monitor.snippets import Snippet
from monitor.store.search import Hit, Shown

# On a narrower terminal a column of titles would hold two words a line: there, each title stands below its facts.
_WIDE = 110
COLUMNS = ("id", "published", "source", "language", "event_type", "clash", "title")


def print_hits(hits: Sequence[Hit], shown: Sequence[Shown], style: str) -> None:
    """Write ``hits`` to stdout in ``style``; ``shown`` are their titles and texts with marks, empty without a query.

    The JSON forms have a stretch of the text as ``snippet`` and the offsets of the words in it as ``marks``; Markdown
    sets the words in bold with ``**``.
    """
    if style in ("json", "jsonl"):
        rows = [asdict(hit) for hit in hits]
        for row, seen in zip(rows, shown, strict=False):
            row |= {"snippet": seen.text.text, "marks": [list(mark) for mark in seen.text.marks]}
        write_rows(rows, style, ())
        return
    rows = [_row(hit) for hit in hits]
    if style == "table":
        _print_table(rows, shown)
        return
    columns = (*COLUMNS, "snippet") if shown else COLUMNS
    if style == "csv":
        for row, seen in zip(rows, shown, strict=False):
            row["snippet"] = seen.text.text
        write_rows(rows, style, columns)
        return
    # Markdown is escaped already; only what would end a cell is left.
    click.echo("| " + " | ".join(columns) + " |")
    click.echo("|" + " --- |" * len(columns))
    for number, row in enumerate(rows):
        title, text = (shown[number].title, shown[number].text) if shown else (Snippet(str(row["title"])), None)
        cells = [str(row[name] or "") for name in COLUMNS[:-1]] + [
            title.marked("md"),
            *([text.marked("md")] if text else []),
        ]
        click.echo("| " + " | ".join(" ".join(cell.split()).replace("|", "\\|") for cell in cells) + " |")


def _row(hit: Hit) -> dict[str, Any]:
    published = (hit.published_at or "unknown")[:16].replace("T", " ")
    return {**asdict(hit), "published": published, "clash": "yes" if hit.is_clash else ""}


def _print_table(rows: Sequence[dict[str, Any]], shown: Sequence[Shown]) -> None:
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    console = stdout_console()
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in COLUMNS:
        table.add_column(name.replace("_", " "), overflow="fold")
    for number, row in enumerate(rows):
        title = _bold(shown[number].title) if shown else Text(isolated(" ".join(str(row["title"]).split())))
        if shown:
            title.append("\n").append_text(_bold(shown[number].text, "dim"))
        if console.width < _WIDE:
            facts = [str(row[name]) for name in COLUMNS[:-2]] + ["a clash"] * bool(row["clash"])
            console.print(Text("  ".join(isolated(fact) for fact in facts), style="cyan"), soft_wrap=True)
            console.print(Padding(title, (0, 0, 0, 2)))
        table.add_row(*(isolated(str(row[name] or "")) for name in COLUMNS[:-1]), title)
    if console.width >= _WIDE:
        console.print(table)


def _bold(snippet: Snippet, style: str = "") -> Any:
    """The snippet with its marks in bold; right-to-left words kept from reordering what stands beside them."""
    from rich.text import Text

    text = Text(style=style)
    around = isolated(snippet.text).partition(snippet.text)
    text.append(around[0])
    for piece, mark in snippet.pieces():
        text.append(piece, style="bold not dim" if mark else None)
    return text.append(around[2])
