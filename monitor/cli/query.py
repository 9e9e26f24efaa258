"""``monitor search``: asking the stored corpus. Imports nothing of the crawler."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import click

from monitor.cli import Globals
from monitor.cli.hits import print_hits
from monitor.cli.output import format_option
from monitor.cli.times import MOMENT
from monitor.config import Config
from monitor.errors import MonitorError
from monitor.store import searches
from monitor.store.database import open_reader, open_store
from monitor.store.search import Filters, find, snippets
from monitor.store.unmet import unknown_names
from monitor.store.vocabulary import is_stale, refresh_vocabulary


def filter_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that choose stories, shared by all commands that list or export them."""
    options = (
        click.option("--since", type=MOMENT, help="Published since: 24h, 7d, 2025-10-11, 2025-10-11T20:00 (UTC)."),
        click.option("--until", type=MOMENT, help="Published before; same forms."),
        click.option("--lang", help="Language code: en, ur, ps, fa, hi …"),
        click.option("--source", help="Source id, as in 'monitor sources list'."),
        click.option("--affiliation", help="Of the source: state, party, independent, agency or international."),
        click.option("--place", help="A place and everything inside it, by its name in any language or its id."),
        click.option("--actor", help="An actor by name in any language, or by id as in seeds/actors.toml."),
        click.option("--keyword", help="A keyword by any of its forms in any language."),
        click.option("--claimant", help="Who says something of losses in the story: a side's id in seeds/actors.toml."),
        click.option("--incident", help="Stories of the incident with this id."),
        click.option("--clash", is_flag=True, help="Only stories that report a clash."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def explain_nothing(conn: sqlite3.Connection, thing: str, filters: Filters, *, hint: bool = False) -> None:
    """Say on stderr that no ``thing`` was found, and which filters name what is not known; ``hint`` at --across."""
    across = "; --across also looks for it in the other languages" if hint else ""
    click.echo(f"no {thing} found{across}", err=True)
    for sentence in unknown_names(conn, filters):
        click.echo(f"monitor: {sentence}", err=True)


def open_for_questions(config: Config) -> sqlite3.Connection:
    """The database for queries, its names of keywords, places and sources those of the seeds.

    Where they cannot be brought in step, the names it has are used, and stderr says so.
    """
    conn = open_reader(config.db)
    if not is_stale(conn, config.seeds):
        return conn
    try:
        with closing(open_store(config.db, create=False)) as writer:
            refresh_vocabulary(writer, config.seeds, wait_seconds=1)
    except MonitorError as error:
        click.echo(f"monitor: places and keywords are those of an earlier run: {error}", err=True)
    return conn


def filters_from(options: dict[str, Any]) -> Filters:
    """The filters that ``filter_options`` parsed; takes its names out of ``options``."""
    since: datetime | None = options.pop("since")
    until: datetime | None = options.pop("until")
    return Filters(
        since=since,
        until=until,
        language=options.pop("lang"),
        source=options.pop("source"),
        affiliation=options.pop("affiliation"),
        claimant=options.pop("claimant"),
        incident=options.pop("incident"),
        place=options.pop("place"),
        actor=options.pop("actor"),
        keyword=options.pop("keyword"),
        clash=options.pop("clash"),
    )


@click.command()
@click.argument("query", nargs=-1)
@filter_options
@click.option("--across", is_flag=True, help="Words that name a keyword, place or actor stand for it in all languages.")
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="At most so many stories.")
@click.option("--save", metavar="NAME", help="Keep this search under a name; 'monitor searches run NAME' repeats it.")
@format_option("table", "json", "jsonl", "csv", "md")
@click.pass_obj
def search(
    obj: Globals, /, query: tuple[str, ...], across: bool, limit: int, save: str | None, style: str, **options: Any
) -> None:
    """Find stories with the words of QUERY in title, key points or text; without it, the newest that meet the filters.

    Every spelling finds every spelling: letter variants, digits, diacritics and joiners of the Arabic script are one.
    In QUERY: words (all must be there), "a phrase", prefix*, AND, OR, NOT, parentheses, convoy NEAR/5 ambush,
    title:word, points:word and text:word. --across also finds what a word is called in the other languages.

    \b
    Examples:
      monitor search airstrike --since 7d
      monitor search '"border crossing" AND (closed OR reopened)'
      monitor search --across shelling --affiliation independent
      monitor search --clash --lang ur --format jsonl
      monitor search 'title:crossing closed' --save closings
    """
    words, filters = " ".join(query) or None, filters_from(options)
    if save:
        with closing(open_store(obj.config.db, create=False)) as conn:
            searches.save(conn, save, words, filters, across=across, now=datetime.now(UTC))
    with closing(open_for_questions(obj.config)) as conn:
        hits = find(conn, words, filters, limit, across=across)
        shown = snippets(conn, words, hits, across=across) if words else []
        if not hits:
            explain_nothing(conn, "story", filters, hint=words is not None and not across)
    if hits or style not in ("table", "md"):
        print_hits(hits, shown, style)
