"""``monitor sources discover``, ``add`` and ``check``: finding ways in to outlets, and seeing whether they work."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import click

from monitor.cli import Globals
from monitor.cli.output import format_option, write_rows
from monitor.errors import ConfigError, MonitorError
from monitor.fields import url_fault
from monitor.phrases import many
from monitor.sources import Affiliation, Source, load_sources, select_sources, source_block

# What asks the web takes a second to import and is imported when it is used: `sources list` does without.
if TYPE_CHECKING:
    from monitor.checkup import Checked
    from monitor.discovery import Discovery

_private_hosts = click.option(
    "--allow-private-hosts", is_flag=True, help="Also ask loopback and private addresses (tests, intranets)."
)


def _given(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say what discovery cannot know."""
    options = [
        click.option("--id", help="Id of the source (default: made from the host)."),
        click.option("--name", help="Name as people know it (default: what the site calls itself)."),
        click.option("--country", help="Country, two letters of ISO 3166 (default: from the domain, if it tells)."),
        click.option("--lang", "languages", multiple=True, help="Language, two letters; may be repeated."),
        click.option("--affiliation", type=click.Choice(get_args(Affiliation)), help="Who runs it."),
    ]
    for option in reversed(options):
        command = option(command)
    return command


@click.command()
@click.argument("url")
@_given
@format_option("toml", "json")
@_private_hosts
@click.pass_obj
def discover(obj: Globals, /, url: str, style: str, allow_private_hosts: bool, **given: Any) -> None:
    """Find the feeds and sitemaps of the outlet at URL and print a table ready for seeds/sources/*.toml.

    Looks at what its page and robots.txt name, then at the usual places; each candidate is fetched and read before it
    is believed. Comments tell what else was looked at. Ends with exit code 1 when there is no way in.

    \b
    Examples:
      monitor sources discover gazette.example
      monitor sources discover https://gazette.example/urdu/ --lang ur --country PK
      monitor sources discover https://gazette.example/ --format json
    """
    from monitor.drafting import account, draft

    found = _discover(obj, _address(url), allow_private_hosts)
    today = datetime.now(UTC).date()
    if style == "json":
        click.echo(json.dumps(_record(found), ensure_ascii=False, indent=2))
    elif found.taken:
        click.echo(source_block(draft(found, today, **given)) + account(found, today), nl=False)
    else:
        click.echo(account(found, today), nl=False)
    if not found.taken:
        click.echo(f"monitor: no way in to {found.homepage} was found", err=True)
        sys.exit(1)


@click.command()
@click.argument("what", metavar="URL|FILE")
@_given
@click.option("--file", default="added", show_default=True, help="File in seeds/sources to write to.")
@_private_hosts
@click.pass_obj
def add(obj: Globals, /, what: str, file: str, allow_private_hosts: bool, **given: Any) -> None:
    """Add a source to seeds/sources: the outlet at URL, by discovery, or those that the TOML file FILE declares.

    Writes at the end of one file there and touches nothing that stands in it; a source whose id, front page or feed is
    declared already is refused. Notes the day it was added, so that a jump in volume can be explained.

    \b
    Examples:
      monitor sources add https://gazette.example/ --country PK --affiliation independent
      monitor sources discover https://gazette.example/ > gazette.toml     (then edit it)
      monitor sources add gazette.toml --file press
    """
    from monitor.drafting import account, draft
    from monitor.sourcefiles import add_sources, read_file

    today = datetime.now(UTC).date()
    if Path(what).is_file():
        if any(given.values()):
            raise ConfigError("a file says itself what it declares; --id, --name and the like go with a URL")
        sources = [replace(source, added=source.added or today) for source in read_file(Path(what))]
        comments = [""] * len(sources)
    else:
        found = _discover(obj, _address(what), allow_private_hosts)
        if not found.taken:
            click.echo(account(found, today), nl=False, err=True)
            raise MonitorError(f"no way in to {found.homepage} was found; nothing is added")
        sources, comments = [draft(found, today, **given)], [account(found, today)]
    path = add_sources(obj.config.seeds / "sources", file.removesuffix(".toml"), sources, comments)
    for source in sources:
        click.echo(f"{source.id}: added to {path}; 'monitor sources check {source.id}' looks at it", err=True)


@click.command()
@click.argument("sources", nargs=-1)
@click.option(
    "--fix", is_flag=True, help="Write new addresses of dead or moved feeds, and the day each was seen to work."
)
@format_option("table", "json", "jsonl", "csv", "md")
@_private_hosts
@click.pass_obj
def check(obj: Globals, sources: tuple[str, ...], fix: bool, style: str, allow_private_hosts: bool) -> None:
    """Look once at every way in to SOURCES (ids; all that are switched on when none is named) and say how it is.

    Asks politely, as the crawl does, and stores nothing. With --fix, a feed or sitemap that is dead is looked for anew
    from the front page, its address in seeds/sources is replaced (everything else in the file stays), and `checked` is
    set for the sources that were seen to work in full. Ends with exit code 1 when any way in is sick.

    \b
    Examples:
      monitor sources check
      monitor sources check gazette --format json
      monitor sources check --fix
    """
    chosen = select_sources(load_sources(obj.config.seeds / "sources"), sources)
    rows = _check(obj, chosen, fix, allow_private_hosts)
    columns = ("source", "way", "address", "verdict", "entries", "newest", "robots", "languages", "problem")
    write_rows([row.record() for row in rows], style, columns)
    failed = fix and not _write(chosen, rows)
    sick = [row for row in rows if not row.well]
    if not obj.quiet:
        click.echo(
            f"{many(len(rows), 'way in', 'ways in')} to {many(len(chosen), 'source')}, {len(sick)} of them sick",
            err=True,
        )
    if sick or failed:
        sys.exit(1)


def _check(obj: Globals, chosen: Sequence[Source], fix: bool, allow_private_hosts: bool) -> list[Checked]:
    """Look at the ways in to all sources, some sources at a time."""
    import asyncio

    from monitor import settings
    from monitor.checkup import check_source, failed, repair
    from monitor.probing import run_probe
    from monitor.waysin import Fetch

    now = datetime.now(UTC)

    async def task(fetch: Fetch) -> list[list[Checked]]:
        at_a_time = asyncio.Semaphore(obj.config.concurrency)
        with _progress(obj, len(chosen)) as advance:

            async def one(source: Source) -> list[Checked]:
                async with at_a_time:
                    try:
                        rows = await check_source(fetch, source, now, settings.TELEGRAM_BASE)
                        rows = await repair(fetch, source, rows, now) if fix else rows
                    except Exception as error:  # noqa: BLE001 - a fault at one source must not hide the others
                        rows = failed(source, error)
                advance(source.id)
                return rows

            return list(await asyncio.gather(*map(one, chosen)))

    addresses = [address for source in chosen for address in (*source.ways_in, source.homepage)]
    return [
        row for rows in run_probe(obj.config, task, addresses, allow_private_hosts=allow_private_hosts) for row in rows
    ]


def _progress(obj: Globals, total: int) -> Any:
    """A bar on a terminal; entering it gives a function to call for each source that is done."""
    if obj.quiet or not sys.stderr.isatty():
        return nullcontext(lambda name: None)
    from rich.console import Console
    from rich.progress import Progress

    class Bar(Progress):
        def __enter__(self) -> Callable[[str], None]:  # type: ignore[override]
            super().__enter__()
            line = self.add_task("looking at sources", total=total)
            return lambda name: self.update(line, advance=1, description=f"{name:<28.28}")

    return Bar(console=Console(stderr=True), transient=True)


def _write(chosen: Sequence[Source], rows: Sequence[Checked]) -> bool:
    """Write what was found into the files; return whether all of it could be."""
    from monitor.sourcefiles import Change, apply_change

    today, complete = datetime.now(UTC).date(), True
    # From the last line of a file to the first: a change moves what stands below it.
    for source in sorted(chosen, key=lambda source: (str(source.path), -(source.line or 0))):
        own = [row for row in rows if row.source.id == source.id]
        moves = tuple((row.way, row.address, row.moved_to) for row in own if row.moved_to)
        seen = today if own and all(row.well for row in own) else None
        if not moves and seen in (None, source.checked):
            continue
        try:
            apply_change(Change(source, moves, seen))
        except MonitorError as error:
            click.echo(f"monitor: {error}", err=True)
            complete = False
            continue
        for _, old, new in moves:
            click.echo(f"{source.id}: {old} is now {new}", err=True)
    return complete


def _discover(obj: Globals, url: str, allow_private_hosts: bool) -> Discovery:
    from monitor.discovery import discover as find
    from monitor.probing import run_probe

    now = datetime.now(UTC)
    return run_probe(obj.config, lambda fetch: find(fetch, url, now), [url], allow_private_hosts=allow_private_hosts)


def _address(text: str) -> str:
    """``text`` as a URL; https where no scheme is given."""
    url = text if "://" in text else f"https://{text}"
    if fault := url_fault(url):
        raise ConfigError(f"{text!r} is neither a file nor an address: it {fault}")
    return url


def _record(found: Discovery) -> dict[str, Any]:
    """A discovery as one JSON object."""
    from monitor.items import isoformat

    return {
        "homepage": found.homepage,
        "title": found.front.name or found.front.title,
        "problem": found.problem,
        "telegram": list(found.front.channels),
        "tried": [
            {
                "url": tried.url,
                "how": tried.how,
                "taken": tried.finding in found.taken and tried.problem is None,
                "way": tried.finding.way if tried.finding else None,
                "kind": tried.finding.kind if tried.finding else None,
                "entries": tried.finding.entries if tried.finding else None,
                "newest": isoformat(tried.finding.newest) if tried.finding else None,
                "languages": list(tried.finding.languages) if tried.finding else [],
                "problem": tried.problem,
            }
            for tried in found.tried
        ],
    }
