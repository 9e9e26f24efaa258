"""``monitor demo``: the main job on a newswire that this machine serves to itself."""

from __future__ import annotations

import shutil
import sys
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from monitor.cli import Globals
from monitor.cli.account import print_report
from monitor.cli.output import stdout_console, write_rows
from monitor.config import Config, load_config
from monitor.crawl import run_crawl
from monitor.demo.newswire import Newswire
from monitor.errors import ConfigError
from monitor.store.database import open_reader
from monitor.store.search import Filters, find

# The pages of the newswire that stall must not make anybody wait for long.
_TIMEOUT = 5.0


@click.command()
@click.option("--keep", type=click.Path(path_type=Path), help="Put database and seeds into this folder and leave them.")
@click.option("--replay", is_flag=True, help="Instead, take in the days of a past crisis, with each morning's brief.")
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="With --replay: stop after this day.")
@click.pass_obj
def demo(obj: Globals, keep: Path | None, replay: bool, day: datetime | None) -> None:
    """Crawl a small invented newswire, served on this machine: the real job, without the internet.

    Nine outlets in five languages report the same days: with reprints, changing tolls, denials, other news in the same
    words, broken pages and a forbidden one. The database stays in var/demo (or --keep DIR, a new or empty folder) for
    you to query.

    \b
    Examples:
      monitor demo
      monitor demo --keep /tmp/newswire
      monitor demo --replay
      monitor demo --replay --day 2025-10-12
    """
    if day is not None and not replay:
        raise click.UsageError("--day is one of --replay: monitor demo --replay --day …")
    folder = _fresh_folder(keep or Path("var/demo"))
    if replay:
        from monitor.cli.replay import run_replay

        run_replay(obj, folder, _command(), day.date() if day else None)
        return
    db, seeds = folder / "monitor.db", folder / "seeds"
    with Newswire(obj.config.seeds) as wire:
        wire.write_seeds(seeds)
        if not obj.quiet:
            click.echo(f"Serving {len(wire.outlets)} invented outlets on this machine:", err=True)
            for outlet in wire.outlets:
                click.echo(f"  {outlet.base_url:<26} {outlet.name}", err=True)
        config = load_config(obj.config_file, db=db, seeds=seeds, timeout=_TIMEOUT)
        report = run_crawl(config, allow_private_hosts=True, progress=sys.stderr.isatty() and not obj.quiet)
    print_report(report)
    _print_findings(config)
    _print_next(db, seeds)
    if report.interrupted:
        sys.exit(130)
    if not report.totals.stored:
        sys.exit(1)


def _fresh_folder(folder: Path) -> Path:
    """``folder``, emptied of an earlier demo; a folder that holds anything else is refused, not emptied."""
    marker = folder / ".border-monitor-demo"
    if folder.exists() and not marker.exists() and any(folder.iterdir()):
        raise ConfigError(f"{folder}: is not empty and not from an earlier demo; name a new folder with --keep")
    if marker.exists():
        shutil.rmtree(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        marker.touch()
    except OSError as error:
        raise ConfigError(f"{folder}: cannot be made: {error.strerror}; name another folder with --keep") from error
    return folder


def _print_findings(config: Config) -> None:
    console = stdout_console()
    with closing(open_reader(config.db)) as conn:
        hits = find(conn, None, Filters(clash=True), 8)
    console.print("\nThe newest stories that report a clash:")
    rows: list[dict[str, Any]] = [
        {"id": hit.id, "published": (hit.published_at or "unknown")[:16], "source": hit.source, "lang": hit.language}
        | {"title": hit.title}
        for hit in hits
    ]
    write_rows(rows, "table", ("id", "published", "source", "lang", "title"))


def _print_next(db: Path, seeds: Path) -> None:
    command = f"{_command()} --db {db}"
    click.echo(
        f"\nTry next:\n"
        f"  {command} incidents\n"
        f"  {command} search ceasefire\n"
        f"  {command} search --clash --lang ur\n"
        f"  {command} show ID\n"
        f"  {command} export stories --clash > clashes.jsonl\n"
        f"  {command} --seeds {seeds} status"
    )


def _command() -> str:
    """How to call the program from here: as it was called, or shorter where it is on the path."""
    if shutil.which("monitor"):
        return "monitor"
    return f"{sys.executable} -m monitor" if Path(sys.argv[0]).name == "__main__.py" else sys.argv[0]
