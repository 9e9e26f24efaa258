"""``monitor reprocess``: analyse the stored stories again."""

from __future__ import annotations

import sys
from contextlib import ExitStack, closing
from datetime import UTC, datetime

import click

from monitor.alerts.book import load_book
from monitor.analysis.topic import Topic
from monitor.cli import Globals
from monitor.followup import follow_up, load_origins, told
from monitor.lock import crawl_lock
from monitor.reprocess import reprocess as run
from monitor.rereading import PageReader
from monitor.sources import time_zones
from monitor.store import stories
from monitor.store.database import open_store
from monitor.store.vocabulary import refresh_vocabulary


@click.command()
@click.option("--languages", is_flag=True, help="Tell the language of every story anew as well.")
@click.option("--from-pages", is_flag=True, help="Read text, title and date out of the archived pages again as well.")
@click.option("--dry-run", is_flag=True, help="Only say how many stories would change.")
@click.pass_obj
def reprocess(obj: Globals, languages: bool, from_pages: bool, dry_run: bool) -> None:
    """Read every stored story again, after a change of the lexicon, the gazetteer or the program.

    Texts, dates and ids never change; relevance, event type, keywords, places, actors, claims and key points do where
    they come out differently. Doing it twice changes nothing the second time.

    With --from-pages, for when a newer version of the program finds the article on a page better: title, text, byline
    and date are read out of the kept copy of each page by the reader of the crawl. Without a copy, a story is read as
    before.

    \b
    Examples:
      monitor reprocess --dry-run
      monitor reprocess
      monitor reprocess --from-pages --dry-run
    """
    from rich.console import Console
    from rich.progress import Progress

    load_book(obj.config)
    topic, zones = Topic.load(obj.config.seeds), time_zones(obj.config.seeds)
    with ExitStack() as stack:
        stack.enter_context(crawl_lock(obj.config.db))
        conn = stack.enter_context(closing(open_store(obj.config.db, create=False)))
        refresh_vocabulary(conn, obj.config.seeds)
        pages = stack.enter_context(PageReader(conn, obj.config, zones)) if from_pages else None
        console = Console(stderr=True)
        with Progress(console=console, transient=True, disable=obj.quiet or not sys.stderr.isatty()) as bar:
            task = bar.add_task("reading again", total=stories.count(conn))
            result = run(
                conn,
                topic,
                zones,
                languages=languages,
                dry_run=dry_run,
                origins=load_origins(obj.config, topic),
                read_pages=pages.read if pages else None,
                progress=lambda: bar.advance(task),
            )
        updates = [] if dry_run else follow_up(conn, obj.config, datetime.now(UTC), topic=topic)
    if pages:
        click.echo(f"{pages.told()}", err=True)
    verb = "would change" if dry_run else "changed"
    click.echo(
        f"{result.read} stories read again, {result.changed} {verb}"
        f" ({result.now_relevant} became relevant, {result.now_irrelevant} irrelevant); {told(updates)}",
        err=True,
    )
