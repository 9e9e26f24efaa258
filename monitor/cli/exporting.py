"""Records on stdout in the forms other programs and people open, one at a time."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import click

from monitor.atom import Entry, feed
from monitor.cli.output import safe_cell
from monitor.digest import claim_text, claim_words, counts_text, incident_lines, link, story_lines
from monitor.geojson import feature

Record = Mapping[str, Any]
# Excel takes no more characters in a cell, and spills the rest over the next rows.
_CELL = 32_000
_SUMMARY = 1000


@dataclass(frozen=True)
class Kind:
    """What is exported: its name, the columns of a table of it, and how a record becomes each form.

    ``flat`` makes a row of a table, ``lines`` Markdown, ``entry`` an entry of a feed.
    """

    name: str
    columns: Sequence[str]
    flat: Callable[[Record], Record]
    lines: Callable[[Record], Iterable[str]]
    entry: Callable[[Record], Entry] | None = None


def excel_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """The option that makes CSV for Excel."""
    about = "With CSV: for Excel, which needs a mark at the start to read UTF-8; cells longer than it can hold are cut."
    return click.option("--excel", is_flag=True, help=about)(command)


def write_export(
    records: Iterable[Record],
    kind: Kind,
    style: str,
    *,
    excel: bool = False,
    changed: Callable[[], str | None] = lambda: None,
) -> None:
    """Write ``records`` to stdout in ``style``, each as soon as it is read.

    ``changed`` tells when the newest of them changed, for the head of a feed; it is asked only where that is needed.
    """
    if style == "csv":
        _write_csv(records, kind, excel)
        return
    for piece in _pieces(records, kind, style, changed):
        click.echo(piece, nl=False)


def _pieces(records: Iterable[Record], kind: Kind, style: str, changed: Callable[[], str | None]) -> Iterator[str]:
    if style == "jsonl":
        yield from (_json(record) + "\n" for record in records)
    elif style == "json":
        yield from _array(map(_json, records), "[", "]\n")
    elif style == "geojson":
        head = '{"type": "FeatureCollection", "features": ['
        yield from _array((_json(feature(record)) for record in records), head, "]}\n")
    elif style == "atom" and kind.entry is not None:
        # Nothing to tell: a feed must say when it last changed, so it never did.
        yield from feed(f"Border Monitor: {kind.name}", changed() or "1970-01-01T00:00:00Z", map(kind.entry, records))
    else:
        yield f"# {kind.name.capitalize()}\n\n"
        yield from ("\n".join(kind.lines(record)) + "\n" for record in records)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _array(items: Iterable[str], head: str, tail: str) -> Iterator[str]:
    yield head
    for number, item in enumerate(items):
        yield (",\n" if number else "\n") + item
    yield "\n" + tail


def _write_csv(records: Iterable[Record], kind: Kind, excel: bool) -> None:
    if excel:
        click.echo("\ufeff", nl=False)
    writer = csv.writer(sys.stdout)
    writer.writerow(kind.columns)
    for record in records:
        row = kind.flat(record)
        cells = [safe_cell(row.get(name)) for name in kind.columns]
        writer.writerow([_cut(cell) for cell in cells] if excel else cells)


def _cut(cell: object) -> object:
    return cell[:_CELL] + " … [cut]" if isinstance(cell, str) and len(cell) > _CELL else cell


def counted(records: Iterable[Record], total: int | None, name: str, *, quiet: bool) -> Iterator[Record]:
    """``records`` as they are, with a bar on stderr where that is a terminal and stdout is none; then their number."""
    count = 0
    if quiet:
        yield from records
        return
    if sys.stderr.isatty() and not sys.stdout.isatty():
        from rich.console import Console
        from rich.progress import Progress

        with Progress(console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task(f"exporting {name}", total=total)
            for record in records:
                yield record
                count += 1
                bar.advance(task)
    else:
        for record in records:
            yield record
            count += 1
    click.echo(f"{count} {name}", err=True)


def _same(record: Record) -> Record:
    return record


def _flat_incident(record: Record) -> Record:
    """Names and numbers in cells of their own; the lists stay beside them as JSON."""
    return {
        **record,
        "place_names": "; ".join(place["name"] for place in record["places"]),
        "languages": " ".join(record["languages"]),
        "actors": " ".join(record["actors"]),
        **{f"fatalities_{name}": number for name, number in record["fatalities"].items()},
    }


def _story_entry(record: Record) -> Entry:
    return Entry(
        kind="story",
        id=record["id"],
        title=record["title"],
        updated=record["published_at"] or record["fetched_at"],
        published=record["published_at"],
        content="\n".join(record["key_points"]) or record["text"][:_SUMMARY],
        links=(record["url"],),
        author=record["source"],
        language=record["language"] if record["language"] != "und" else "",
        categories=(record["event_type"],),
    )


def _incident_entry(record: Record) -> Entry:
    claims = [f"{said} — “{quote}”" for said, quote in map(claim_words, record["claims"])]
    where = ", ".join(place["name"] for place in record["places"])
    return Entry(
        kind="incident",
        id=record["id"],
        title=record["title"],
        updated=record["last_reported_at"],
        published=record["first_reported_at"],
        content="\n".join(
            [
                f"{record['date_start'] or 'day not known'} · {where} · {record['status']} · {counts_text(record)}",
                *claims,
            ]
        ),
        links=tuple(dict.fromkeys(claim["url"] for claim in record["claims"])),
        rel="related",  # an incident has no page of its own outside of a running web page
        categories=(record["event_type"], record["status"]),
    )


def _claim_lines(record: Record) -> Iterator[str]:
    yield f"- {claim_text(record)} {link(record['source'], record['url'])}"


STORIES = Kind(
    "stories",
    "id url canonical_url source title key_points text byline language variant published_at published_precision"
    " fetched_at relevance relevant event_type is_clash event_date event_date_end time_precision keywords places actors"
    " claims duplicate_of origin incident_id revision page_sha256".split(),
    _same,
    story_lines,
    _story_entry,
)
INCIDENTS = Kind(
    "incidents",
    "id title event_type date_start date_end time_precision status place_names lat lon geo_precision fatalities_best"
    " fatalities_low fatalities_high outlet_count origin_count languages actors first_reported_at last_reported_at"
    " revision places story_ids claims".split(),
    _flat_incident,
    incident_lines,
    _incident_entry,
)
CLAIMS = Kind(
    "claims",
    "story_id incident_id published_at source language event_type claimant speaker party outcome what count_low"
    " count_high qualifier stance quote start end url".split(),
    _same,
    _claim_lines,
)
