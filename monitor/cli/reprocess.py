"""``monitor reprocess``: analyse the stored stories again."""

from __future__ import annotations

import sys
from contextlib import closing
from datetime import UTC, datetime

import click

from monitor.alerts.book import load_book
from monitor.analysis.topic import Topic
from monitor.cli import Globals
from monitor.followup import follow_up, load_origins, told
from monitor.lock import crawl_lock
from monitor.reprocess import reprocess as run
from monitor.sources import time_zones
from monitor.store import stories
from monitor.store.database import open_store
from monitor.store.vocabulary import refresh_vocabulary


@click.command()
@click.option("--languages", is_flag=True, help="Tell the language of every story anew as well.")
@click.option("--dry-run", is_flag=True, help="Only say how many stories would change.")
@click.pass_obj
def reprocess(obj: Globals, languages: bool, dry_run: bool) -> None:
    """Read every stored story again, after a change of the lexicon, the gazetteer or the program.

    Texts, dates and ids never change; relevance, event type, keywords, places, actors, claims and key points do where
    they come out differently. Doing it twice changes nothing the second time.

    \b
    Examples:
      monitor reprocess --dry-run
      monitor reprocess
    """
    from rich.console import Console
    from rich.progress import Progress

    load_book(obj.config)
    topic, zones = Topic.load(obj.config.seeds), time_zones(obj.config.seeds)
    with crawl_lock(obj.config.db), closing(open_store(obj.config.db, create=False)) as conn:
        refresh_vocabulary(conn, obj.config.seeds)
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
                progress=lambda: bar.advance(task),
            )
        updates = [] if dry_run else follow_up(conn, obj.config, datetime.now(UTC), topic=topic)
    verb = "would change" if dry_run else "changed"
    click.echo(
        f"{result.read} stories read again, {result.changed} {verb}"
        f" ({result.now_relevant} became relevant, {result.now_irrelevant} irrelevant); {told(updates)}",
        err=True,
    )
