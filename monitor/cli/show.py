"""``monitor show``: one story, or one incident, as a page to read or as JSON. Imports nothing of the crawler."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click

from monitor.cli import Globals
from monitor.cli.output import format_option
from monitor.errors import NotFound
from monitor.figures import Names
from monitor.incident import Incident
from monitor.items import Story
from monitor.store import decisions as decided
from monitor.store import incidents
from monitor.store.database import open_reader
from monitor.store.revisions import revisions_of
from monitor.store.stories import load_many, load_story


@click.command()
@click.argument("words", metavar="[incident] ID", nargs=-1, required=True)
@click.option("--why", is_flag=True, help="Also list the evidence for the judgement.")
@click.option("--revisions", is_flag=True, help="Also show what was changed in the story since it was first stored.")
@click.option("--archived", is_flag=True, help="Give the kept copy of its page instead, as it was fetched.")
@click.option("--revision", type=int, metavar="N", help="With --archived: the page as it was at this revision.")
@click.option("--output", type=click.Path(path_type=Path), metavar="FILE", help="With --archived: write it to FILE.")
@format_option("text", "json", "md")
@click.pass_obj
def show(
    obj: Globals,
    words: tuple[str, ...],
    why: bool,
    revisions: bool,
    archived: bool,
    revision: int | None,
    output: Path | None,
    style: str,
) -> None:
    """Show the story with this id or URL, or the incident with this id, as a page to read or as JSON.

    An incident is shown with both sides' figures, each with its sentence, and with its stories by origin and why each
    of them belongs to it. The id of an incident that was merged into another leads there.

    \b
    Examples:
      monitor show pq2k5x7wtz4a
      monitor show pq2k5x7wtz4a --why
      monitor show pq2k5x7wtz4a --revisions
      monitor show pq2k5x7wtz4a --archived --output page.html
      monitor show https://gazette.example/news/1 --format json
      monitor show incident i5g6an4i
    """
    *kinds, story = words
    kind = kinds[0] if kinds else None
    if len(kinds) > 1 or kind not in (None, "story", "incident"):
        raise click.UsageError(
            f"{' '.join(kinds)!r} is neither 'story' nor 'incident'; 'monitor show ID' tells by the id"
        )
    if (output or revision) and not archived:
        raise click.UsageError("--output and --revision go with --archived")
    with closing(open_reader(obj.config.db)) as conn:
        found = None if kind == "incident" else load_story(conn, story)
        if found is None:
            incident = None if kind == "story" else incidents.load_incident(conn, story, datetime.now(UTC))
            if incident is not None:
                _show_incident(obj, conn, incident, style)
                return
        if found is not None and archived:
            from monitor.cli.archived import write_copy

            write_copy(conn, obj.config.db, found, revision, output)
            return
        earlier = revisions_of(conn, found.id) if found and revisions else []
    if found is None:
        if kind == "incident":
            raise NotFound(f"show: there is no incident {story!r}; 'monitor incidents' lists ids")
        raise NotFound(f"show: there is no story with id or URL {story!r}; 'monitor search' lists ids")
    if style == "json":
        record = found.record()
        if why:
            record["evidence"] = found.evidence
        if revisions:
            record["revisions"] = [asdict(revision) for revision in earlier]
        click.echo(json.dumps(record, ensure_ascii=False, indent=2))
        return
    from monitor.cli.page import print_revisions, print_story

    print_story(found, Names.load(obj.config.seeds), why=why, markdown=style == "md")
    if revisions:
        print_revisions(found, earlier)


def _show_incident(obj: Globals, conn: sqlite3.Connection, incident: Incident, style: str) -> None:
    history = incidents.changes_of(conn, incident.id)
    decisions = [d for d in decided.decisions(conn) if incident.id in (d.incident, d.detail.get("other"))]
    told = load_many(conn, incident.story_ids)
    order = {identifier: place for place, identifier in enumerate(incident.story_ids)}
    told.sort(key=lambda found: order[found.id])
    reasons = _why(obj, told)
    if style == "json":
        record = {**incident.record(), "why": reasons, "history": history, "decisions": [asdict(d) for d in decisions]}
        click.echo(json.dumps(record, ensure_ascii=False, indent=2, default=str))
        return
    from monitor.cli.incident_page import print_incident

    said = [f"{d.decided_at:%Y-%m-%d} {d.kind} by {d.decided_by}: {d.reason}" for d in decisions]
    print_incident(incident, told, reasons, history, said, obj.config.seeds, markdown=style == "md")


def _why(obj: Globals, told: list[Story]) -> dict[str, str]:
    """For each story of an incident what it has in common with the one that speaks most for it."""
    from monitor.analysis.gazetteer import load_gazetteer
    from monitor.analysis.ground import Ground
    from monitor.analysis.incidents import why
    from monitor.analysis.sightings import sighting

    ground = Ground({place.id: place for place in load_gazetteer(obj.config.seeds / "gazetteer.csv")})
    seen = [sighting(story, ground, frozenset()) for story in told]
    if len(seen) < 2:
        return {}
    found = {}
    for one in seen:
        other, reasons = why(one, [another for another in seen if another is not one], ground)
        good = sorted((reason for reason in reasons if reason.weight > 0), key=lambda reason: -reason.weight)
        found[one.story] = f"with {other}: " + "; ".join(f"{reason.kind} {reason.about}" for reason in good)
    return found
