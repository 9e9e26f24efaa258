"""One incident as a page to read: what, where, when, both sides' figures face to face, and the stories behind it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from monitor.cli.output import isolated, stdout_console
from monitor.figures import Names, number, path_of
from monitor.incident import Incident, LedgerLine
from monitor.items import Story
from monitor.phrases import many

_MARKS = {"→": "said before and now", "≠": "the sides contradict each other", "✗": "called false by somebody"}


def face_to_face(
    lines: Sequence[LedgerLine],
) -> tuple[list[str], list[tuple[tuple[str, str, str | None], dict[str, LedgerLine]]]]:
    """The claimants in the order of the ledger, and for each kind of losses what each of them says."""
    claimants = list(dict.fromkeys(line.claimant for line in lines))
    rows: dict[tuple[str, str, str | None], dict[str, LedgerLine]] = {}
    for line in lines:
        rows.setdefault((line.party, line.outcome, line.what), {})[line.claimant] = line
    return claimants, list(rows.items())


def print_ledger(incident: Incident, seeds: Path, *, markdown: bool) -> None:
    """Print the claims of an incident, then each number with its sentence, outlet and link."""
    names = Names.load(seeds)
    if not incident.claims:
        click.echo(f"{incident.id}: {incident.title}: no figures are claimed")
        return
    claimants, rows = face_to_face(incident.claims)
    heads = ["", *(f"says {names.claimant(claimant)}" for claimant in claimants)]
    cells = [[names.losses(*key), *(_cell(said.get(claimant)) for claimant in claimants)] for key, said in rows]
    if markdown:
        click.echo(f"## {incident.title}\n")
        click.echo("| " + " | ".join(heads) + " |\n|" + " --- |" * len(heads))
        for row in cells:
            click.echo("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |")
        click.echo("")
        for text in _sentences(incident.claims, names):
            click.echo(f"  - {text.strip()}" if text.startswith(" ") else f"- {text}")
        return
    from rich.table import Table
    from rich.text import Text

    console = stdout_console()
    console.print(Text(f"{incident.id}  {incident.title}", style="bold"))
    table = Table(box=None, pad_edge=False, header_style="bold")
    for head in heads:
        table.add_column(head, overflow="fold")
    for row in cells:
        table.add_row(*row)
    console.print(table)
    if met := [f"{mark} {meaning}" for mark, meaning in _MARKS.items() if any(mark in c for row in cells for c in row)]:
        console.print(Text("; ".join(met), style="dim"))
    console.print()
    for text in _sentences(incident.claims, names):
        console.print(Text(text), soft_wrap=not console.is_terminal)


def _cell(line: LedgerLine | None) -> str:
    if line is None:
        return "·"
    marks = " ✗ denied" if line.denials else " ≠" if line.contradicted_by else ""
    support = len(line.current.origins)
    return f"{path_of(line)}{marks}" + (f" ({support} origins)" if support > 1 else "")


def _sentences(lines: Sequence[LedgerLine], names: Names) -> Iterator[str]:
    for line in lines:
        for figure in line.history:
            mark = "" if figure is line.current or figure == line.current else "  (earlier or less told)"
            yield f"{names.claimant(line.claimant)}: {names.losses(*line.key[1:])}: {number(figure)}{mark}"
            yield f"    {isolated('“' + figure.quote + '”')}"
            said = f"{isolated(figure.speaker)}, " if figure.speaker else ""
            yield f"    {said}{figure.source}, {figure.reported_at:%Y-%m-%d %H:%M} UTC, {figure.url}"
        for denial in line.denials:
            speaker = isolated(denial.speaker or "the other side")
            yield f"    denied by {speaker} ({denial.source}): {isolated(denial.quote)}"


def print_incident(
    incident: Incident,
    stories: Sequence[Story],
    why: Mapping[str, str],
    history: Sequence[Mapping[str, Any]],
    decisions: Sequence[str],
    seeds: Path,
    *,
    markdown: bool,
) -> None:
    """Print an incident: facts, ledger, the stories by origin with why each belongs, decisions and history."""
    console, names = stdout_console(), Names.load(seeds)
    write = click.echo if markdown else console.print
    write(f"# {incident.title}\n" if markdown else f"{incident.title}")
    for label, value in facts(incident):
        write(f"- **{label}**: {value}" if markdown else f"{label:<12} {value}")
    write("")
    print_ledger(incident, seeds, markdown=markdown)
    write("")
    write("## Stories\n" if markdown else "stories, by origin")
    origins: dict[str, list[Story]] = {}
    for story in stories:
        origins.setdefault(story.origin or story.source, []).append(story)
    for origin, told in sorted(origins.items(), key=lambda item: (-len(item[1]), item[0])):
        write(f"- {origin}" if markdown else f"  {origin}")
        for story in told:
            again = " (repeats another)" if story.duplicate_of else ""
            write(f"    - {story.id} {story.language} {story.source}: {isolated(story.title)}{again}")
            write(f"        {why.get(story.id, '')}")
    for title, rows in (("decisions", decisions), ("history", [_told(change, names) for change in history])):
        if rows:
            write(f"\n## {title.capitalize()}\n" if markdown else f"\n{title}")
            for row in rows:
                write(f"- {row}" if markdown else f"  {row}")


def facts(incident: Incident) -> Iterator[tuple[str, str]]:
    """What is known of an incident, as labels and values."""
    days = [str(day) for day in (incident.date_start, incident.date_end) if day]
    yield "id", f"{incident.id}, revision {incident.revision}"
    yield "status", incident.status
    yield "type", incident.event_type.replace("_", " ")
    yield "date", " to ".join(dict.fromkeys(days)) or "unknown"
    yield "places", ", ".join(isolated(place.name) for place in incident.places) or "unknown"
    dead = incident.fatalities
    if dead.best is not None:
        yield "deaths", f"best estimate {dead.best}, between {dead.low} and {dead.high}"
    yield (
        "told by",
        (
            f"{many(len(incident.story_ids), 'story', 'stories')} of {many(incident.outlet_count, 'outlet')},"
            f" from {many(incident.origin_count, 'independent origin')}"
        ),
    )
    yield "languages", " ".join(incident.languages)
    yield "reported", f"{incident.first_reported_at:%Y-%m-%d %H:%M} to {incident.last_reported_at:%Y-%m-%d %H:%M} UTC"


def _told(change: Mapping[str, Any], names: Names) -> str:
    """One change of an incident, as its history has it."""
    what = f" {names.claimant(change['claimant'])}:" if change.get("claimant") else ""
    if change.get("outcome"):
        what += f" {names.losses(change.get('party'), change['outcome'], change.get('what'))}"
    count = f": {number(change['figure'])}" if isinstance(change.get("figure"), dict) else ""
    rest = " ".join(str(change[name]) for name in ("other", "text") if change.get(name))
    return " ".join(filter(None, (f"{change['found_at']} r{change['revision']} {change['kind']}{what}{count}", rest)))
