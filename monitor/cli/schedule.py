"""``monitor schedule``: have the crawl run by itself, and see that it does."""

from __future__ import annotations

import sys
from contextlib import closing
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import click

from monitor.alerts.book import environment_names, load_book
from monitor.alerts.times import parse_clock, parse_length
from monitor.cli import Globals
from monitor.config import Config
from monitor.errors import ConfigError
from monitor.phrases import ago, at
from monitor.schedule import Schedule, blocks, cron_block, read_crontab, systemd_units, with_block, write_crontab
from monitor.store import collection
from monitor.store.collection import SourceCounts, merge_counts
from monitor.store.database import open_reader


@click.group()
def schedule() -> None:
    """Have the crawl run by itself, with cron or systemd, and see that it does.

    \b
    Examples:
      monitor schedule install --every 15m --brief 07:00
      monitor schedule show
      monitor schedule remove
    """


def _length(ctx: click.Context, param: click.Parameter, value: str) -> timedelta:
    try:
        return parse_length(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


def _clock(ctx: click.Context, param: click.Parameter, value: str | None) -> time | None:
    try:
        return None if value is None else parse_clock(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


@schedule.command()
@click.option("--every", default="15m", show_default=True, callback=_length, help="How often: 5m, 15m, 1h.")
@click.option("--brief", callback=_clock, help="Also print a brief at this time of day (07:00), for cron to mail.")
@click.option("--systemd", is_flag=True, help="Only print systemd units that do the same; change nothing.")
@click.option("--log", type=click.Path(path_type=Path), help="The log file (default monitor.log beside the database).")
@click.option("--log-kib", default=1024, show_default=True, type=click.IntRange(1), help="Rotate it at so many KiB.")
@click.option("--allow-private-hosts", is_flag=True, help="Crawl loopback and private addresses too.")
@click.pass_obj
def install(
    obj: Globals,
    every: timedelta,
    brief: time | None,
    systemd: bool,
    log: Path | None,
    log_kib: int,
    allow_private_hosts: bool,
) -> None:
    """Write the crawl into your crontab, in place of what an earlier 'install' wrote for this database.

    The lines hold absolute paths, and work from any folder and in cron's bare environment. Times of day are those of
    the machine. What the runs say is in the log; cron mails only what goes wrong, alerts of channels of kind stdout,
    and the brief.

    \b
    Examples:
      monitor schedule install --every 15m
      monitor --config /srv/border/monitor.toml schedule install --every 5m --brief 07:00
      monitor schedule install --systemd
    """
    config = obj.config
    load_book(config)
    if missing := environment_names(config):
        click.echo(
            f"monitor: {', '.join(missing)} {'is' if len(missing) == 1 else 'are'} not in the secrets file: cron does"
            f" not know your environment; write {missing[0]}=… into {config.secrets} (mode 0600)",
            err=True,
        )
        if not systemd:
            sys.exit(2)
    wanted = Schedule(
        db=config.db.resolve(),
        seeds=config.seeds.resolve(),
        config=config.file.resolve() if config.file else None,
        every=every,
        brief=brief,
        log=log.resolve() if log else None,
        log_kib=log_kib,
        arguments=("--allow-private-hosts",) if allow_private_hosts else (),
    )
    if systemd:
        click.echo(systemd_units(wanted), nl=False)
        return
    block = cron_block(wanted)
    write_crontab(with_block(read_crontab(), wanted.db, block))
    click.echo(block, nl=False)


@schedule.command()
@click.pass_obj
def show(obj: Globals) -> None:
    """What of ours is in your crontab, and when the last good run was. Exits 1 when there is nothing.

    \b
    Examples:
      monitor schedule show
    """
    found = blocks(read_crontab())
    for block in found:
        click.echo(block)
    click.echo(_last_good(obj.config), err=True)
    if not found:
        click.echo("monitor: nothing is installed; 'monitor schedule install --every 15m' does it", err=True)
        sys.exit(1)


def _last_good(config: Config) -> str:
    from monitor.store.health import read_history

    if not config.db.exists():
        return "Last good run: none yet"
    now = datetime.now(UTC)
    with closing(open_reader(config.db)) as conn:
        good = read_history(conn, (), now).last_good_run
    if good is None or good.finished_at is None:
        return "Last good run: none yet"
    return f"Last good run: {at(good.finished_at)} ({ago(now - good.finished_at)})"


@schedule.command()
@click.pass_obj
def remove(obj: Globals) -> None:
    """Take what 'install' wrote for this database out of your crontab; the rest of it stays as it is.

    \b
    Examples:
      monitor schedule remove
    """
    before = read_crontab()
    after = with_block(before, obj.config.db.resolve(), "")
    if after == before:
        raise ConfigError(f"nothing is installed for {obj.config.db}; 'monitor schedule show' shows what is")
    write_crontab(after)


@schedule.command()
@click.argument("job", type=click.Choice(["crawl", "brief"]), default="crawl")
@click.option("--log", required=True, type=click.Path(path_type=Path), help="The log file, rotated.")
@click.option("--log-kib", default=1024, type=click.IntRange(1), help="Rotate it at so many KiB.")
@click.option("--jitter", default=0.0, type=click.FloatRange(0), help="Begin after up to so many seconds.")
@click.option("--limit", default="6h", callback=_length, help="End a run that takes longer.")
@click.option("--allow-private-hosts", is_flag=True, help="Crawl loopback and private addresses too.")
@click.pass_obj
def run(
    obj: Globals, job: str, log: Path, log_kib: int, jitter: float, limit: timedelta, allow_private_hosts: bool
) -> None:
    """One scheduled run, as cron or systemd start it: silent unless something is wrong, all of it in the log.

    Exits 0 also when an earlier run is still going.

    \b
    Examples:
      monitor schedule run crawl --log var/monitor.log --jitter 60
    """
    from monitor.scheduled import run_job

    config = obj.config
    wanted = Schedule(
        db=config.db.resolve(),
        seeds=config.seeds.resolve(),
        config=config.file.resolve() if config.file else None,
        every=timedelta(),
    )
    words = ["crawl"] if job == "crawl" else ["brief", "--since", "24h"]
    if allow_private_hosts and job == "crawl":
        words.append("--allow-private-hosts")
    code = run_job(
        wanted.command(*words),
        log,
        log_kib,
        limit=limit,
        jitter=jitter,
        summary=lambda: _summary(config) if job == "crawl" else "",
    )
    if code:
        sys.exit(code)


def _summary(config: Config) -> str:
    """What the last run did, for the log."""
    if not config.db.exists():
        return ""
    with closing(open_reader(config.db)) as conn:
        last = collection.last_run(conn)
    if last is None:
        return ""
    run, sources = last
    total = SourceCounts()
    for counts in sources.values():
        merge_counts(total, counts)
    done = ", ".join(f"{getattr(total, name)} {name}" for name in ("listed", "fetched", "stored", "failed"))
    return f"; run {run['id']} {run['outcome']}: {done}"
