"""``monitor export``: whole records for other programs, streamed: the length of an export costs no memory."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from itertools import islice
from typing import Any

import click

from monitor.cli import Globals
from monitor.cli.exporting import CLAIMS, INCIDENTS, STORIES, counted, excel_option, write_export
from monitor.cli.output import format_option
from monitor.cli.query import filter_options, filters_from, open_for_questions
from monitor.cli.times import MOMENT
from monitor.items import isoformat
from monitor.store.database import open_reader
from monitor.store.exports import claims_where, count_stories, last_change
from monitor.store.incidents import iterate
from monitor.store.search import stories_where


@click.group()
def export() -> None:
    """Write what is stored to standard output, for other programs.

    \b
    Examples:
      monitor export stories > stories.jsonl
      monitor export stories --since 30d --format csv --excel > month.csv
      monitor export incidents --format geojson > incidents.geojson
      monitor export claims --clash --format csv > claims.csv
    """


@export.command(name="stories")
@filter_options
@click.option("--limit", type=click.IntRange(1), help="At most so many stories.")
@excel_option
@format_option("jsonl", "csv", "json", "geojson", "atom", "md")
@click.pass_obj
def export_stories(obj: Globals, /, style: str, limit: int | None, excel: bool, **options: Any) -> None:
    """Every story that meets the filters, as one record each, in the order stored.

    CSV holds lists as JSON and is safe to open in a spreadsheet: no cell is taken for a formula.
    GeoJSON has a point at the most exact place; a province or country is an area and has no geometry.

    \b
    Examples:
      monitor export stories --clash --since 7d
      monitor export stories --lang ps --format csv > stories.csv
      monitor export stories --actor NAME --format atom > feed.xml
    """
    filters = filters_from(options)
    with closing(open_for_questions(obj.config)) as conn:
        total = count_stories(conn, filters)
        records = (story.record() for story in islice(stories_where(conn, filters), limit))
        rows = counted(records, min(total, limit or total), "stories", quiet=obj.quiet)
        write_export(rows, STORIES, style, excel=excel, changed=lambda: last_change(conn, filters))


@export.command(name="incidents")
@click.option("--since", type=MOMENT, help="Last reported since: 24h, 7d, 2025-10-11, 2025-10-11T20:00 (UTC).")
@click.option("--until", type=MOMENT, help="First reported before; same forms.")
@click.option("--place", help="A place and everything inside it, by its name in any language or its id.")
@click.option("--actor", help="An actor by name in any language, or by id as in seeds/actors.toml.")
@click.option("--status", type=click.Choice(["developing", "contested", "quiet"]), help="Only incidents in this state.")
@click.option("--limit", type=click.IntRange(1), help="At most so many incidents.")
@excel_option
@format_option("jsonl", "csv", "json", "geojson", "atom", "md")
@click.pass_obj
def export_incidents(obj: Globals, /, style: str, excel: bool, **asked: Any) -> None:
    """Every incident with its ledger of claims, the latest event first.

    GeoJSON has a point where the place is known to a district or better; a province is an area and has no geometry.
    The Atom feed can be subscribed to when a web server hands the file out.

    \b
    Examples:
      monitor export incidents --since 30d --format geojson > incidents.geojson
      monitor export incidents --limit 50 --format atom > incidents.xml
      monitor export incidents --status contested --format md
    """
    with closing(open_reader(obj.config.db)) as conn:
        now = datetime.now(UTC)

        def newest() -> str | None:
            moments = (incident.last_reported_at for incident in iterate(conn, now=now, **asked))
            return isoformat(max(moments, default=None))

        records = (incident.record() for incident in iterate(conn, now=now, **asked))
        rows = counted(records, None, "incidents", quiet=obj.quiet)
        write_export(rows, INCIDENTS, style, excel=excel, changed=newest)


@export.command(name="claims")
@filter_options
@excel_option
@format_option("jsonl", "csv", "json", "md")
@click.pass_obj
def export_claims(obj: Globals, /, style: str, excel: bool, **options: Any) -> None:
    """Every claim of the stories that meet the filters: who says what of whose losses, with the sentence and the story.

    \b
    Examples:
      monitor export claims --since 7d --format csv --excel > claims.csv
      monitor export claims --incident i5g6an4i
    """
    filters = filters_from(options)
    with closing(open_for_questions(obj.config)) as conn:
        rows = counted(claims_where(conn, filters), None, "claims", quiet=obj.quiet)
        write_export(rows, CLAIMS, style, excel=excel)
