"""The account of a crawl on the terminal, and the alerts that follow it."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime

import click

from monitor.alerts.after import after_run, ping
from monitor.alerts.book import Book
from monitor.config import Config
from monitor.crawl import CrawlReport
from monitor.followup import told
from monitor.store.collection import SourceCounts
from monitor.store.database import open_store

# On a narrower terminal the reasons stand below the table: beside the counts they would be a column of single words.
_WIDE = 110


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
