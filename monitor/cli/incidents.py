"""``monitor incidents``: what happened, one line an incident, and people's corrections of that reading."""

from __future__ import annotations

import getpass
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from monitor.cli import Globals
from monitor.cli.groups import WithDefault
from monitor.cli.output import format_option, write_rows
from monitor.cli.query import explain_nothing, open_for_questions
from monitor.cli.times import MOMENT
from monitor.incident import Incident
from monitor.store.database import open_reader
from monitor.store.filters import Filters
from monitor.store.incidents import iterate

if TYPE_CHECKING:
    from monitor.decisions import Desk

COLUMNS = (
    "id",
    "date",
    "title",
    "status",
    "dead",
    "claims",
    "stories",
    "outlets",
    "origins",
    "languages",
    "last report",
)


@click.group(cls=WithDefault)
def incidents() -> None:
    """What happened: list the incidents, or correct how stories were put together.

    Without a command it lists them, and takes the options of 'monitor incidents list --help'.

    \b
    Examples:
      monitor incidents --since 7d
      monitor incidents --place "Some Town" --format md
      monitor show incident i5g6an4i
      monitor incidents merge i5g6an4i ilwpz6nr --reason "the same night"
    """


@incidents.command("list")
@click.option("--since", type=MOMENT, help="Last reported since: 24h, 7d, 2025-10-11, 2025-10-11T20:00 (UTC).")
@click.option("--until", type=MOMENT, help="First reported before; same forms.")
@click.option("--place", help="A place by name or gazetteer id, or a province with all in it.")
@click.option("--actor", help="Actor id, as in seeds/actors.toml.")
@click.option("--status", type=click.Choice(["developing", "contested", "quiet"]), help="What it is now.")
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="At most so many incidents.")
@format_option("table", "json", "jsonl", "csv", "md")
@click.pass_obj
def list_incidents(obj: Globals, /, limit: int, style: str, **filters: Any) -> None:
    """List the incidents, the latest event first.

    JSON has each incident whole: places, stories, and the ledger of claims with its history.

    \b
    Examples:
      monitor incidents --since 24h
      monitor incidents --status contested --format json
    """
    named = filters["place"] or filters["actor"]
    with closing(open_for_questions(obj.config) if named else open_reader(obj.config.db)) as conn:
        found = list(iterate(conn, limit=limit, now=datetime.now(UTC), **filters))
        if not found:
            explain_nothing(conn, "incident", Filters(place=filters["place"], actor=filters["actor"]))
    if not found and style in ("table", "md"):
        return
    if style in ("json", "jsonl"):
        write_rows((incident.record() for incident in found), style, ())
    else:
        write_rows((row_of(incident) for incident in found), style, COLUMNS)


def row_of(incident: Incident) -> dict[str, Any]:
    """An incident as one row of a table."""
    return {
        "id": incident.id,
        "date": str(incident.date_start or "unknown"),
        "title": incident.title,
        "status": incident.status,
        "dead": deaths(incident),
        "claims": len(incident.claims),
        "stories": len(incident.story_ids),
        "outlets": incident.outlet_count,
        "origins": incident.origin_count,
        "languages": " ".join(incident.languages),
        "last report": f"{incident.last_reported_at:%Y-%m-%d %H:%M}",
    }


def deaths(incident: Incident) -> str:
    """The deaths of an incident: best estimate and bounds, empty when none is reported."""
    dead = incident.fatalities
    if dead.best is None:
        return ""
    return str(dead.best) if dead.low == dead.high else f"{dead.best} ({dead.low}–{dead.high})"


def decision_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """What every decision is kept with: why, and by whom."""
    command = click.option("--by", default=getpass.getuser, show_default="your login", help="Who decides.")(command)
    return click.option("--reason", required=True, help="Why; it is shown with the incident.")(command)


def desk(obj: Globals, by: str, reason: str) -> AbstractContextManager[Desk]:
    """Where a decision is made; another crawl must not run meanwhile. What it makes new is queued as alerts."""
    from monitor.alerts.outbox import queue_alerts
    from monitor.analysis.topic import Topic
    from monitor.decisions import Desk
    from monitor.followup import load_origins, standing_book
    from monitor.lock import crawl_lock
    from monitor.store.database import open_store

    @contextmanager
    def opened() -> Iterator[Desk]:
        topic, now = Topic.load(obj.config.seeds), datetime.now(UTC)
        with crawl_lock(obj.config.db), closing(open_store(obj.config.db, create=False)) as conn:
            book = standing_book(conn, obj.config)
            classes = load_origins(obj.config, topic).classes
            yield Desk(
                conn, topic, classes, by, reason, now, lambda c, found: queue_alerts(c, found, book, now, decided=True)
            )

    return opened()


@incidents.command()
@click.argument("incident")
@click.argument("other")
@decision_options
@click.pass_obj
def merge(obj: Globals, incident: str, other: str, by: str, reason: str) -> None:
    """Say that INCIDENT and OTHER are one; OTHER's id leads to INCIDENT from now on.

    \b
    Example:
      monitor incidents merge i5g6an4i ilwpz6nr --reason "the same night"
    """
    with desk(obj, by, reason) as made:
        click.echo(made.merge(incident, other), err=True)


@incidents.command()
@click.argument("incident")
@click.argument("stories", nargs=-1, required=True)
@decision_options
@click.pass_obj
def split(obj: Globals, incident: str, stories: tuple[str, ...], by: str, reason: str) -> None:
    """Say that STORIES (ids) tell of another incident than the rest of INCIDENT.

    \b
    Example:
      monitor incidents split i5g6an4i pq2k5x7wtz4a 2udyk5d5a55s --reason "another crossing"
    """
    with desk(obj, by, reason) as made:
        click.echo(made.split(incident, stories), err=True)


@incidents.command()
@click.argument("incident")
@click.argument("title")
@decision_options
@click.pass_obj
def rename(obj: Globals, incident: str, title: str, by: str, reason: str) -> None:
    """Call INCIDENT by TITLE.

    \b
    Example:
      monitor incidents rename i5g6an4i "Night of the long shelling" --reason "as everybody calls it"
    """
    with desk(obj, by, reason) as made:
        click.echo(made.rename(incident, title), err=True)


@incidents.command()
@click.argument("story")
@click.argument("incident")
@decision_options
@click.pass_obj
def move(obj: Globals, story: str, incident: str, by: str, reason: str) -> None:
    """Say that STORY (an id) tells of INCIDENT.

    \b
    Example:
      monitor incidents move pq2k5x7wtz4a i5g6an4i --reason "tells of the second day"
    """
    with desk(obj, by, reason) as made:
        click.echo(made.move(story, incident), err=True)
