"""``monitor backfill``: pages out of WARC files, through the very stages of the crawl."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import click

from monitor.alerts.book import load_book
from monitor.backfill import Backfill, BackfillResult
from monitor.cli import Globals
from monitor.followup import follow_up, load_origins, told
from monitor.reader import screen_at, topic_at
from monitor.readers import reading_pool
from monitor.sources import load_sources
from monitor.store.database import open_store
from monitor.warc import Report


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="WARC…", type=click.Path(path_type=Path))
@click.pass_obj
def backfill(obj: Globals, files: tuple[Path, ...]) -> None:
    """Take in the news pages of WARC files, such as those of CC-NEWS, compressed or not.

    A page is read, judged, tagged, compared and stored like a crawled one, as of the time it was fetched; nothing is
    fetched. A record that cannot be read is reported with its position in the file and skipped. Stopped or killed, the
    same command goes on where it was: pages that were taken in before are passed over.

    \b
    Examples:
      monitor backfill CC-NEWS-20251012*.warc.gz
      monitor --db october.db backfill --quiet archive.warc.gz
    """
    config = obj.config
    load_book(config)
    missing = [file for file in files if not file.is_file()]
    if missing:
        raise click.ClickException(f"{missing[0]}: there is no such file")
    total = BackfillResult()
    topic = topic_at(config.seeds)
    pool = reading_pool(config.seeds, config.workers, config.extract_seconds)
    folder = config.seeds / "sources"
    with closing(open_store(config.db)) as conn, closing(pool):
        task = Backfill(
            conn=conn,
            seeds=config.seeds,
            screen=screen_at(config.seeds),
            origins=load_origins(config, topic),
            pool=pool,
            sources=load_sources(folder) if folder.is_dir() else (),
            most_bytes=int(config.max_page_mib * 1024 * 1024),
            archive_of=config.db if config.archive else None,
        )
        unread = 0
        for file in files:
            try:
                result = task.take_in(file, _report(file), _progress(file, obj.quiet))
            except OSError as error:
                click.echo(f"{file}: cannot be read: {error.strerror}", err=True)
                unread += 1
                continue
            updates = follow_up(conn, config, datetime.now(UTC), topic=topic)
            unread += result.bad > 0 and not result.pages
            total.stored += result.stored
            if not obj.quiet:
                click.echo(f"{file}: {_told(result)}; {told(updates)}", err=True)
    if not obj.quiet and len(files) > 1:
        click.echo(f"{len(files)} files, {total.stored} stories stored", err=True)
    if unread:
        sys.exit(1)


def _told(result: BackfillResult) -> str:
    return (
        f"{result.pages} pages: {result.stored} stored ({result.linked} repeat another text),"
        f" {f'{result.revised} revised, ' if result.revised else ''}{result.irrelevant}"
        f" irrelevant, {result.duplicate} duplicates, {result.known} known before, {result.failed} unreadable;"
        f" {result.bad} bad records skipped"
    )


def _report(file: Path) -> Report:
    def report(position: int, fault: str) -> None:
        click.echo(f"{file}{'' if position < 0 else f': byte {position}'}: {fault}", err=True)

    return report


def _progress(file: Path, quiet: bool) -> Callable[[BackfillResult], None]:
    """A line that is written over, on a terminal only."""
    shown = sys.stderr.isatty() and not quiet

    def progress(result: BackfillResult) -> None:
        if shown:
            click.echo(f"\r\x1b[K{file.name}: {result.pages} pages, {result.stored} stored", err=True, nl=False)

    return progress
