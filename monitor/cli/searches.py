"""``monitor searches``: searches that were kept under a name with ``monitor search --save``."""

from __future__ import annotations

from contextlib import closing
from dataclasses import asdict
from typing import Any

import click

from monitor.cli import Globals
from monitor.cli.hits import print_hits
from monitor.cli.output import format_option, write_rows
from monitor.cli.query import explain_nothing, open_for_questions
from monitor.errors import ConfigError, NotFound
from monitor.items import isoformat
from monitor.store import searches as store
from monitor.store.database import open_reader, open_store
from monitor.store.search import find, snippets


@click.group()
def searches() -> None:
    """List, run and remove the searches that were kept with 'monitor search --save NAME'.

    \b
    Examples:
      monitor search --across shelling --save shelling
      monitor searches list
    """


@searches.command(name="list")
@format_option("table", "json", "jsonl", "csv", "md")
@click.pass_obj
def list_searches(obj: Globals, style: str) -> None:
    """List the saved searches with their filters.

    \b
    Example:
      monitor searches list --format json
    """
    with closing(open_reader(obj.config.db)) as conn:
        saved = store.all_searches(conn)
    if not saved and style in ("table", "md"):
        click.echo("no search is saved; 'monitor search --save NAME' keeps one", err=True)
        return
    rows: list[dict[str, Any]] = []
    for one in saved:
        options = {key: value for key, value in asdict(one.filters).items() if value}
        for key in ("since", "until"):
            if key in options:
                options[key] = isoformat(options[key])
        row: dict[str, Any] = {"name": one.name, "query": one.query, "across": one.across, "filters": options}
        if style in ("table", "md"):
            row["filters"] = " ".join(f"{key}={value}" for key, value in options.items())
        rows.append({**row, "created_at": one.created_at})
    write_rows(rows, style, ("name", "query", "across", "filters", "created_at"))


@searches.command(name="run")
@click.argument("name")
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="At most so many stories.")
@format_option("table", "json", "jsonl", "csv", "md")
@click.pass_obj
def run_search(obj: Globals, name: str, limit: int, style: str) -> None:
    """Find what the saved search NAME finds now.

    \b
    Example:
      monitor searches run shelling --format jsonl
    """
    with closing(open_for_questions(obj.config)) as conn:
        saved = store.load(conn, name)
        if saved is None:
            raise NotFound(f"searches: there is no saved search {name!r}; 'monitor searches list' shows them")
        hits = find(conn, saved.query, saved.filters, limit, across=saved.across)
        shown = snippets(conn, saved.query, hits, across=saved.across) if saved.query else []
        if not hits:
            explain_nothing(conn, "story", saved.filters)
    if hits or style not in ("table", "md"):
        print_hits(hits, shown, style)


@searches.command(name="remove")
@click.argument("name")
@click.pass_obj
def remove_search(obj: Globals, name: str) -> None:
    """Forget the saved search NAME; stories stay. Refused while a rule in monitor.toml tells what it finds.

    \b
    Example:
      monitor searches remove shelling
    """
    from monitor.alerts.book import rules_on_search

    if rules := rules_on_search(obj.config, name):
        raise ConfigError(
            f"searches: rule {rules[0]!r} of {obj.config.file} tells what {name!r} finds; take it out first"
        )
    with closing(open_store(obj.config.db, create=False)) as conn:
        if not store.remove(conn, name):
            raise NotFound(f"searches: there is no saved search {name!r}; 'monitor searches list' shows them")
    click.echo(f"search {name!r} removed", err=True)
