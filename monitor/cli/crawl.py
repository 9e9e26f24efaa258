"""``monitor crawl``: the main job."""

from __future__ import annotations

import sys

import click

from monitor.cli import Globals
from monitor.readers import begin_readers


@click.command()
@click.argument("sources", nargs=-1)
@click.option(
    "--allow-private-hosts", is_flag=True, help="Also fetch from loopback and private addresses (tests, intranets)."
)
@click.option("--all", "poll_all", is_flag=True, help="Poll every feed, not only those that are due.")
@click.option("--no-alerts", is_flag=True, help="Send no alerts: they wait for 'monitor alerts deliver'.")
@click.pass_obj
def crawl(obj: Globals, sources: tuple[str, ...], allow_private_hosts: bool, poll_all: bool, no_alerts: bool) -> None:
    """Collect new stories from SOURCES (ids as in 'monitor sources list'; all when none is named).

    Each feed is polled in its own rhythm: a run polls those that are due (--all: every one), and fetches the pages that
    are new. Then the alerts go out that the rules of monitor.toml ask for (docs/alerts.md). Shows its progress on a
    terminal and is silent under cron unless something is wrong. Ends with exit code 1 when no source at all could be
    reached, 75 when another crawl is running.

    \b
    Examples:
      monitor crawl
      monitor crawl --all
      monitor crawl --db /srv/border/monitor.db
      */15 * * * *  cd /srv/border && monitor crawl        (a line of a crontab)
    """
    # Two loads of half a second each, on two cores: what reads pages, and what fetches them.
    begin_readers(obj.config.seeds)
    from monitor.alerts.book import load_book
    from monitor.cli.account import explain_causes, print_report, send_alerts
    from monitor.crawl import run_crawl

    book = load_book(obj.config)
    interactive = sys.stderr.isatty() and not obj.quiet
    report = run_crawl(
        obj.config, sources, poll_all=poll_all, allow_private_hosts=allow_private_hosts, progress=interactive
    )
    if sys.stdout.isatty() or obj.verbose:
        print_report(report)
    if report.reached_nothing:
        explain_causes(report)
    if not no_alerts:
        send_alerts(obj.config, book, good=not (report.reached_nothing or report.interrupted))
    if report.interrupted:
        click.echo("monitor: stopped; what was not fetched waits for the next run", err=True)
        sys.exit(130)
    if report.reached_nothing:
        sys.exit(1)
