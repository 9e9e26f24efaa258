"""``monitor claims``: who says what of whose losses, both sides face to face, each number with its sentence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import click

from monitor.cli import Globals
from monitor.cli.groups import WithDefault
from monitor.cli.incidents import decision_options, desk
from monitor.cli.output import format_option, write_rows
from monitor.cli.times import MOMENT
from monitor.errors import NotFound
from monitor.incident import Incident
from monitor.store.database import open_reader
from monitor.store.incidents import iterate, load_incident

COLUMNS = (
    "incident", "claimant", "party", "outcome", "what", "count", "qualifier", "speaker", "first said", "origins",
    "contradicted by", "denied", "quote", "source", "url",
)  # fmt: skip


class _Claims(WithDefault):
    default = "show"


@click.group(cls=_Claims)
def claims() -> None:
    """Who says what of whose losses: the ledger of an incident, or the latest figures of all.

    Without a command it shows them, and takes the options of 'monitor claims show --help'.

    \b
    Examples:
      monitor claims i5g6an4i
      monitor claims --since 7d --format csv
      monitor claims reject i5g6an4i STORY 2 --reason "the toll of another day"
    """


@claims.command()
@click.argument("incident", required=False)
@click.option("--since", type=MOMENT, help="Without INCIDENT: of incidents last reported since, like 24h or 7d.")
@format_option("table", "json", "jsonl", "csv", "md")
@click.pass_obj
def show(obj: Globals, incident: str | None, since: datetime | None, style: str) -> None:
    """Show the claims of INCIDENT, both sides face to face; without it, the current claims of all incidents.

    The table gives each number, then the sentence it stands in, the outlet and the link. JSON has the history of each
    claim: every figure with when, where and by whom it was first said.

    \b
    Examples:
      monitor claims i5g6an4i
      monitor claims --since 7d --format csv
    """
    with closing(open_reader(obj.config.db)) as conn:
        if incident is None:
            write_rows(_rows(iterate(conn, since=since, now=datetime.now(UTC))), style, COLUMNS)
            return
        found = load_incident(conn, incident, datetime.now(UTC))
    if found is None:
        raise NotFound(f"claims: there is no incident {incident!r}; 'monitor incidents' lists ids")
    if style in ("table", "md"):
        from monitor.cli.incident_page import print_ledger

        print_ledger(found, obj.config.seeds, markdown=style == "md")
    elif style == "json":
        write_rows((line.record() for line in found.claims), style, ())
    else:
        write_rows(_rows([found]), style, COLUMNS)


def _rows(found: Iterable[Incident]) -> Iterator[dict[str, Any]]:
    for incident in found:
        for line in incident.claims:
            yield {
                "incident": incident.id,
                **line.record(),
                "count": count_of(line.current.count_low, line.current.count_high),
                "first said": f"{line.current.reported_at:%Y-%m-%d %H:%M}",
                "origins": len(line.current.origins),
                "contradicted by": list(line.contradicted_by),
                "denied": len(line.denials),
            }


def count_of(low: int | None, high: int | None) -> str:
    """A number, or the two ends of a range."""
    if low is None or high is None or low == high:
        return str(high if low is None else low)
    return f"{low}–{high}"


@claims.command()
@click.argument("incident")
@click.argument("story")
@click.argument("number", type=click.IntRange(1))
@decision_options
@click.pass_obj
def reject(obj: Globals, incident: str, story: str, number: int, by: str, reason: str) -> None:
    """Strike the claim with NUMBER (as 'monitor show STORY' counts them) out of the ledger of INCIDENT.

    \b
    Example:
      monitor claims reject i5g6an4i pq2k5x7wtz4a 2 --reason "the toll of another day"
    """
    with desk(obj, by, reason) as made:
        click.echo(made.reject(incident, story, number), err=True)
