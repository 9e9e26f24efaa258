"""``monitor crawl``: the main job, and the account of it."""

from __future__ import annotations

import sys
from contextlib import closing
from datetime import UTC, datetime

import click

from monitor.alerts.after import after_run, ping
from monitor.alerts.book import Book, load_book
from monitor.cli import Globals
from monitor.config import Config
from monitor.crawl import CrawlReport, run_crawl
from monitor.followup import told
from monitor.store.collection import SourceCounts
from monitor.store.database import open_store


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


def send_alerts(config: Config, book: Book, *, good: bool) -> None:
    """Send what waits, and tell the dead man's switch of a run that was ``good``; what fails is said in the log."""
    if book.empty:
        return
    with closing(open_store(config.db)) as conn:
        after_run(conn, config, book, datetime.now(UTC))
    if good and (problem := ping(book)):
        click.echo(f"monitor: {problem}", err=True)


def explain_causes(report: CrawlReport) -> None:
    """One line on stderr for each cause that kept sources from being reached, and where to go from here."""
    for cause, sources in report.causes.items():
        some = ", ".join(sources[:5]) + (f" and {len(sources) - 5} more" if len(sources) > 5 else "")
        click.echo(f"monitor: could not reach {some}: {cause}", err=True)
    click.echo("monitor: no source could be reached; without internet, try 'monitor demo'", err=True)


# On a narrower terminal the reasons stand below the table: beside the counts they would be a column of single words.
_WIDE = 110


def print_report(report: CrawlReport) -> None:
    """The summary of a crawl on one page: a line for each source that had anything to do, and why pages failed."""
    from rich.table import Table

    from monitor.cli.output import stdout_console

    columns = ("listed", "fetched", "stored", "duplicate", "irrelevant", "failed")
    table = Table(box=None, pad_edge=False, header_style="bold", show_footer=True)
    table.add_column("source", footer="all")
    for name in columns:
        table.add_column(name, justify="right", footer=str(getattr(report.totals, name)))
    console = stdout_console()
    wide = console.width >= _WIDE
    if wide:
        table.add_column("why failed", overflow="fold")
    for source, counts in sorted(report.sources.items()):
        reasons = [_reasons(counts)] if wide else []
        table.add_row(source, *(str(getattr(counts, name) or "·") for name in columns), *reasons)
    if report.sources:
        console.print(table)
    for source, counts in sorted(report.sources.items()):
        if counts.reasons and not wide:
            console.print(f"{source}: {_reasons(counts)}", soft_wrap=True)
    changed = f"{report.revised} stored stories changed; " if report.revised else ""
    console.print(
        f"{report.totals.stored} stories stored in {report.duration.total_seconds():.1f} s; {changed}"
        f"{report.listings_read} feeds and sitemaps read, {report.listings_failed} not; {told(report.updates)}."
    )


def _reasons(counts: SourceCounts) -> str:
    return "; ".join(f"{count} × {reason}" if count > 1 else reason for reason, count in sorted(counts.reasons.items()))
