"""``monitor demo --replay``: days of a past crisis taken in one after the other, with the brief of each morning."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from monitor.briefing import markdown, terse
from monitor.cli import Globals
from monitor.config import load_config
from monitor.demo.replay import Morning, news_days, replay, write_seeds
from monitor.errors import ConfigError
from monitor.figures import Names


def run_replay(obj: Globals, folder: Path, command: str, last: date | None) -> None:
    """Replay all days into ``folder``, or those up to ``last``; print the brief of each morning.

    ``command`` is how the program is called. Raises ConfigError for a day that the replay does not have.
    """
    days = news_days(obj.config.seeds)
    if last is not None and last not in [day.day for day in days]:
        raise ConfigError(f"--day {last}: the replay has the days from {days[0].day} to {days[-1].day}")
    seeds = write_seeds(obj.config.seeds, folder / "seeds")
    config = load_config(obj.config_file, db=folder / "monitor.db", seeds=seeds)
    names = Names.load(seeds)
    for morning in replay(config, [day for day in days if last is None or day.day <= last], _report):
        if not obj.quiet:
            click.echo(
                f"{morning.day.path.name}: {morning.result.stored} stories taken in,"
                f" {morning.result.relevant} relevant, {morning.result.linked} repeat another text",
                err=True,
            )
        click.echo(markdown(morning.brief, names) if morning.day.day == last else terse(morning.brief, names))
    _print_next(morning, f"{command} --db {config.db} --seeds {seeds}")


def _report(line: int, problem: str) -> None:
    click.echo(f"line {line}: {problem}", err=True)


def _print_next(morning: Morning, command: str) -> None:
    brief = morning.brief
    known = [*brief.contested, *brief.changed, *brief.new]
    incident = known[0].incident.id if known else "ID"
    click.echo(
        f"Try next:\n"
        f"  {command} incidents\n"
        f"  {command} claims {incident}\n"
        f"  {command} show incident {incident}\n"
        f"  {command} brief --until {morning.day.morning:%Y-%m-%dT%H:%M} --format html > brief.html\n"
        f"  {command} search --clash --lang ur"
    )
