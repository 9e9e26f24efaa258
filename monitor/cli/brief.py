"""``monitor brief``: the page that a duty officer reads in two minutes."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import UTC, datetime, timedelta

import click

from monitor.analysis.topic import Topic
from monitor.brief import make_brief
from monitor.briefing import html, markdown
from monitor.cli import Globals
from monitor.cli.output import format_option
from monitor.cli.times import MOMENT
from monitor.figures import Names
from monitor.followup import load_origins
from monitor.health import judge, unseen
from monitor.sources import load_sources
from monitor.store.database import open_reader
from monitor.store.health import read_history


@click.command()
@click.option("--since", type=MOMENT, help="From when: 24h (the default), 7d, 2025-10-11, 2025-10-11T06:00 (UTC).")
@click.option("--until", type=MOMENT, help="To when; now, if not said. Same forms.")
@format_option("md", "html", "json")
@click.pass_obj
def brief(obj: Globals, since: datetime | None, until: datetime | None, style: str) -> None:
    """What is new, what changed, what is contested, what went quiet, and what could not be seen: one page.

    The same store and the same times give the same brief, whenever it is made.

    \b
    Examples:
      monitor brief
      monitor brief --since 7d --format html > week.html
      monitor brief --since 2025-10-11T06:00 --until 2025-10-12T06:00
    """
    until = until or datetime.now(UTC).replace(second=0, microsecond=0)
    since = since or until - timedelta(hours=24)
    if since >= until:
        raise click.UsageError(
            f"nothing lies between --since {since:%Y-%m-%d %H:%M} and --until {until:%Y-%m-%d %H:%M}"
        )
    topic = Topic.load(obj.config.seeds)
    sources = load_sources(obj.config.seeds / "sources")
    with closing(open_reader(obj.config.db)) as conn:
        health = judge(read_history(conn, sources, until), sources, until, timedelta(hours=obj.config.stale_hours))
        classes = load_origins(obj.config, topic).classes
        made = make_brief(conn, topic, since, until, classes=classes, unseen=unseen(health))
    if style == "json":
        click.echo(json.dumps(made.record(), ensure_ascii=False, indent=2))
    else:
        click.echo((html if style == "html" else markdown)(made, Names.load(obj.config.seeds)), nl=False)
