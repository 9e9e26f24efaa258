"""``monitor export``: whole records for other programs, streamed."""

from __future__ import annotations

from contextlib import closing
from typing import Any

import click

from monitor.cli import Globals
from monitor.cli.output import format_option, write_rows
from monitor.cli.query import filter_options, filters_from
from monitor.store.database import open_reader
from monitor.store.search import stories_where

COLUMNS = (
    "id url canonical_url source title key_points text byline language variant published_at published_precision"
    " fetched_at relevance relevant event_type is_clash event_date event_date_end time_precision keywords places actors"
    " claims duplicate_of origin incident_id revision page_sha256"
).split()


@click.group()
def export() -> None:
    """Write what is stored to standard output, for other programs.

    \b
    Examples:
      monitor export stories > stories.jsonl
      monitor export stories --since 30d --format csv > month.csv
    """


@export.command(name="stories")
@filter_options
@format_option("jsonl", "csv", "json")
@click.pass_obj
def export_stories(obj: Globals, /, style: str, **options: Any) -> None:
    """Every story that meets the filters, as one record each, in the order stored.

    CSV holds lists as JSON and is safe to open in a spreadsheet: no cell is taken for a formula.

    \b
    Examples:
      monitor export stories --clash --since 7d
      monitor export stories --lang ps --format csv > pashto.csv
    """
    filters = filters_from(options)
    with closing(open_reader(obj.config.db)) as conn:
        count = write_rows((story.record() for story in stories_where(conn, filters)), style, COLUMNS)
    if not obj.quiet:
        click.echo(f"{count} stories", err=True)
