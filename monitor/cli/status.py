"""``monitor status``: how the last run went and what each source gave."""

from __future__ import annotations

import json
import sys
from contextlib import closing
from dataclasses import asdict
from typing import Any

import click

from monitor.cli import Globals
from monitor.cli.output import format_option, stdout_console, write_rows
from monitor.store import collection, ledger
from monitor.store.database import open_reader


@click.command()
@format_option("table", "json")
@click.pass_obj
def status(obj: Globals, style: str) -> None:
    """How the last run went, what each source gave, and what could not be read. Exits 1 when something is wrong.

    \b
    Examples:
      monitor status
      monitor status --format json
    """
    with closing(open_reader(obj.config.db)) as conn:
        last = collection.last_run(conn)
        per_source = collection.stories_per_source(conn)
        problems = collection.feed_problems(conn)
        pages = ledger.counts(conn)
    run, counts = last or ({}, {})
    healthy = bool(run) and run["outcome"] in ("done", "running") and not problems
    rows = []
    for source in sorted(set(per_source) | set(counts) | {problem.source for problem in problems}):
        stored, newest = per_source.get(source, (0, None))
        done = counts.get(source, collection.SourceCounts())
        wrong = [f"{p.url}: {p.problem}" for p in problems if p.source == source]
        rows.append({"source": source, "stories": stored, "newest": newest, **asdict(done), "problems": wrong})
    if style == "json":
        click.echo(
            json.dumps({"healthy": healthy, "run": run, "pages": pages, "sources": rows}, ensure_ascii=False, indent=2)
        )
    else:
        _print(run, rows, pages)
    if not healthy:
        sys.exit(1)


def _print(run: dict[str, object], rows: list[dict[str, Any]], pages: dict[str, int]) -> None:
    console = stdout_console()
    if not run:
        console.print("No crawl has run on this database yet.")
    else:
        ended = run["finished_at"] or "not finished"
        console.print(f"Last run: {run['command']} {run['started_at']} – {ended}: {run['outcome']}")
        if run["note"]:
            console.print(f"  {run['note']}")
    columns = ("source", "stories", "newest", "listed", "fetched", "stored", "duplicate", "irrelevant", "failed")
    if rows:
        write_rows(rows, "table", columns)
    if pages:
        console.print("Pages: " + ", ".join(f"{count} {state}" for state, count in sorted(pages.items())))
    for row in rows:
        for problem in row["problems"]:
            console.print(f"  {row['source']}: {problem}")
        for reason, count in sorted(row["reasons"].items()):
            console.print(f"  {row['source']}: {count} × {reason}")
