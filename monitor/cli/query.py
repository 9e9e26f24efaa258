"""``monitor search`` and ``monitor show``: asking the stored corpus. Imports nothing of the crawler."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict
from datetime import datetime
from typing import Any

import click

from monitor.cli import Globals
from monitor.cli.output import format_option, write_rows
from monitor.cli.times import MOMENT
from monitor.errors import NotFound
from monitor.store.database import open_reader
from monitor.store.revisions import revisions_of
from monitor.store.search import Filters, find
from monitor.store.stories import load_story


def filter_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that choose stories, shared by all commands that list or export them."""
    options = (
        click.option("--since", type=MOMENT, help="Published since: 24h, 7d, 2025-10-11, 2025-10-11T20:00 (UTC)."),
        click.option("--until", type=MOMENT, help="Published before; same forms."),
        click.option("--lang", help="Language code: en, ur, ps, fa, hi …"),
        click.option("--source", help="Source id, as in 'monitor sources list'."),
        click.option("--place", help="A place by name or gazetteer id, or a province with all that names it."),
        click.option("--actor", help="Actor id, as in seeds/actors.toml."),
        click.option("--keyword", help="A keyword in its canonical English form."),
        click.option("--clash", is_flag=True, help="Only stories that report a clash."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def filters_from(options: dict[str, Any]) -> Filters:
    """The filters that ``filter_options`` parsed; takes its names out of ``options``."""
    since: datetime | None = options.pop("since")
    until: datetime | None = options.pop("until")
    return Filters(
        since=since,
        until=until,
        language=options.pop("lang"),
        source=options.pop("source"),
        place=options.pop("place"),
        actor=options.pop("actor"),
        keyword=options.pop("keyword"),
        clash=options.pop("clash"),
    )


@click.command()
@click.argument("query", nargs=-1)
@filter_options
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="At most so many stories.")
@format_option("table", "json", "jsonl", "csv", "md")
@click.pass_obj
def search(obj: Globals, /, query: tuple[str, ...], limit: int, style: str, **options: Any) -> None:
    """Find stories with the words of QUERY in title, key points or text; without it, the newest that meet the filters.

    \b
    Every spelling finds every spelling: letter variants, digits, diacritics and joiners of the Arabic script are one.
    In QUERY: words (all must be there), "a phrase", prefix*, AND, OR, NOT, parentheses.

    \b
    Examples:
      monitor search airstrike --since 7d
      monitor search '"border crossing" AND (closed OR reopened)'
      monitor search --clash --lang ur --format jsonl
    """
    filters = filters_from(options)
    with closing(open_reader(obj.config.db)) as conn:
        hits = find(conn, " ".join(query) or None, filters, limit)
    rows = [{**asdict(hit), "published": (hit.published_at or "unknown")[:16].replace("T", " ")} for hit in hits]
    for row in rows:
        row["clash"] = row["is_clash"]
    columns = ("id", "published", "source", "language", "event_type", "clash", "title")
    if not rows and style in ("table", "md"):
        click.echo("no story found", err=True)
        return
    if style in ("json", "jsonl"):
        rows = [asdict(hit) for hit in hits]
    write_rows(rows, style, columns)


@click.command()
@click.argument("story")
@click.option("--why", is_flag=True, help="Also list the evidence for the judgement.")
@click.option("--revisions", is_flag=True, help="Also show what was changed in the story since it was first stored.")
@format_option("text", "json", "md")
@click.pass_obj
def show(obj: Globals, story: str, why: bool, revisions: bool, style: str) -> None:
    """Show the story with id or URL STORY as a page to read, or as JSON.

    \b
    Examples:
      monitor show pq2k5x7wtz4a
      monitor show pq2k5x7wtz4a --why
      monitor show pq2k5x7wtz4a --revisions
      monitor show https://gazette.example/news/1 --format json
    """
    with closing(open_reader(obj.config.db)) as conn:
        found = load_story(conn, story)
        earlier = revisions_of(conn, found.id) if found and revisions else []
    if found is None:
        raise NotFound(f"show: there is no story with id or URL {story!r}; 'monitor search' lists ids")
    if style == "json":
        record = found.record()
        if why:
            record["evidence"] = found.evidence
        if revisions:
            record["revisions"] = [asdict(revision) for revision in earlier]
        click.echo(json.dumps(record, ensure_ascii=False, indent=2))
        return
    from monitor.cli.page import print_revisions, print_story

    print_story(found, why=why, markdown=style == "md")
    if revisions:
        print_revisions(found, earlier)
