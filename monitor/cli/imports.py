"""``monitor import``: stories from elsewhere, through the same stages as the crawl."""

from __future__ import annotations

import sys
from contextlib import closing
from datetime import UTC, datetime
from io import BufferedReader
from pathlib import Path
from typing import Any

import click

from monitor.alerts.book import load_book
from monitor.analysis.topic import Topic
from monitor.cli import Globals
from monitor.followup import follow_up, load_origins, told
from monitor.imports import import_lines
from monitor.phrases import many
from monitor.sources import time_zones
from monitor.store.database import open_store
from monitor.store.vocabulary import refresh_vocabulary

# How a gzip file begins (RFC 1952).
_GZIP = b"\x1f\x8b"


@click.command(name="import")
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@click.pass_obj
def import_stories(obj: Globals, file: Path) -> None:
    """Take in stories from FILE (or - for standard input), one JSON object a line.

    Fields: url, title, text, published (a date or time); optional: source, language.
    A line that cannot be read is reported by its number and skipped; the others are stored. Every story is stored,
    relevant or not, and judged like a crawled one. Importing again stores nothing twice.

    \b
    Examples:
      monitor import stories.jsonl
      zcat archive.jsonl.gz | monitor import -
    """
    config = obj.config
    load_book(config)
    try:
        stream = click.open_file(str(file), "rb")
    except OSError as error:
        raise click.ClickException(f"{file}: cannot be read: {error.strerror}") from error
    if isinstance(stream, BufferedReader) and stream.peek(2).startswith(_GZIP):
        raise click.ClickException(f"{file}: is compressed; unpack it first: zcat {file} | monitor import -")
    with stream, closing(open_store(config.db)) as conn:
        refresh_vocabulary(conn, config.seeds)
        topic = Topic.load(config.seeds)
        result = import_lines(
            stream,
            conn,
            topic,
            report=_report(str(file)),
            zones=time_zones(config.seeds),
            origins=load_origins(config, topic),
        )
        updates = follow_up(conn, config, datetime.now(UTC), topic=topic)
    if not obj.quiet:
        click.echo(
            f"{result.stored} stored ({result.relevant} relevant, {result.linked} repeat another text),"
            f" {result.duplicate} already there, {many(result.bad, 'bad line')} skipped; {told(updates)}",
            err=True,
        )
    if result.bad and not (result.stored or result.duplicate):
        sys.exit(1)


def _report(name: str) -> Any:
    def report(line: int, problem: str) -> None:
        click.echo(f"{name}:{line}: {problem}", err=True)

    return report
