"""``monitor sources``: what is collected from where."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from monitor.cli import Globals
from monitor.cli.discover import add, check, discover
from monitor.cli.output import format_option, write_rows
from monitor.phrases import many
from monitor.sources import Source, load_sources


@click.group()
def sources() -> None:
    """The sources that are crawled, declared in seeds/sources/*.toml.

    \b
    Examples:
      monitor sources list
      monitor sources list --lang ps
      monitor sources discover https://gazette.example/
      monitor sources check --fix
    """


for command in (discover, add, check):
    sources.add_command(command)


@sources.command(name="list")
@click.option("--country", help="Only sources of this country (code).")
@click.option("--lang", help="Only sources in this language (code).")
@click.option("--disabled", is_flag=True, help="Only those switched off, with the reason.")
@format_option("table", "json", "jsonl", "csv", "md")
@click.pass_obj
def list_sources(obj: Globals, country: str | None, lang: str | None, disabled: bool, style: str) -> None:
    """List the sources; with -v also what is known against them.

    \b
    Examples:
      monitor sources list
      monitor sources list --lang ps
      monitor -v sources list --disabled
    """
    found = [
        source
        for source in load_sources(obj.config.seeds / "sources")
        if (not country or source.country == country.upper())
        and (not lang or lang in source.languages)
        and not (disabled and source.enabled)
    ]
    columns: Sequence[str] = (
        "id",
        "name",
        "country",
        "languages",
        "affiliation",
        "ways_in",
        "fetch",
        "enabled",
        "checked",
    )
    if disabled:
        columns = ("id", "name", "country", "languages", "disabled_reason")
    elif obj.verbose:
        columns = (*columns, "notes")
    rows = [_row(source) for source in found]
    write_rows(rows, style, columns)
    if style == "table" and not obj.quiet:
        off = sum(not source.enabled for source in found)
        click.echo(f"{many(len(found), 'source')}, {off} of them switched off", err=True)


def _row(source: Source) -> dict[str, Any]:
    ways = {"feed": source.feeds, "sitemap": source.sitemaps, "section": source.sections}
    ways["telegram channel"] = source.telegram
    return {
        "id": source.id,
        "name": source.name,
        "country": source.country,
        "languages": list(source.languages),
        "affiliation": source.affiliation,
        "ways_in": ", ".join(many(len(urls), name) for name, urls in ways.items() if urls),
        "feeds": list(source.feeds),
        "sitemaps": list(source.sitemaps),
        "homepage": source.homepage,
        "fetch": source.fetch,
        "enabled": source.enabled,
        "disabled_reason": source.disabled_reason,
        "checked": source.checked.isoformat() if source.checked else "never",
        "notes": list(source.notes),
    }
