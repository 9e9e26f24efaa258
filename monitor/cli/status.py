"""``monitor status``: is what we see all there is to see? The crawl, the languages and the sources, worst first."""

from __future__ import annotations

import json
import sys
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

import click

from monitor.alerts.quiet import quiet_sentence
from monitor.archive import size_of as archive_size
from monitor.cli import Globals
from monitor.cli.output import format_option
from monitor.health import Health, LanguageHealth, Run, SourceHealth, judge, unseen
from monitor.items import isoformat
from monitor.phrases import many
from monitor.sources import load_sources
from monitor.store import collection, ledger, outbox
from monitor.store.collection import COUNTS, SourceCounts
from monitor.store.database import open_reader
from monitor.store.health import read_history


@click.command()
@format_option("table", "json")
@click.pass_obj
def status(obj: Globals, style: str) -> None:
    """Whether the crawl, each language and each source are well, and what could not be seen; the worst comes first.

    Healthy sources are summed up; -v lists them too. Exits 1 when a source, a language or the last run is unhealthy, or
    no run has finished well lately (status.stale_hours). docs/health.md explains states, rules, and what to do.

    \b
    Examples:
      monitor status
      monitor status -v
      monitor status --format json
      monitor status -q || mail -s "border monitor" desk@desk.example      (in a script: no output, only the exit code)
    """
    sources = load_sources(obj.config.seeds / "sources")
    now = datetime.now(UTC)
    with closing(open_reader(obj.config.db)) as conn:
        health = judge(read_history(conn, sources, now), sources, now, timedelta(hours=obj.config.stale_hours))
        whole = style == "json" or obj.verbose
        last = (collection.last_run(conn) or ({}, {}))[1]
        stored = collection.stories_per_source(conn) if whole else {}
        pages = ledger.counts(conn) if whole else {}
        quiet = quiet_sentence(conn, now, now - timedelta(hours=24), health)
        alerts = outbox.counts(conn)
    kept = archive_size(obj.config.db)
    if style == "json":
        facts = record(health, last, stored, pages) | {"quiet": quiet, "alerts": alerts, "archive": asdict(kept)}
        click.echo(json.dumps(facts, ensure_ascii=False, indent=2))
    elif not obj.quiet:
        from monitor.cli.status_page import print_health

        print_health(health, last, stored, pages, sentence=quiet, verbose=bool(obj.verbose))
        if kept.files:
            click.echo(f"Archive of pages: {kept.bytes / 1e6:,.1f} MB in {many(kept.files, 'file')}")
        for channel, states in alerts.items():
            if dead := states.get("dead"):
                click.echo(f"Alerts given up at {channel}: {dead}; 'monitor alerts list --state dead' says why")
    if not health.healthy:
        sys.exit(1)


def record(
    health: Health, last: dict[str, SourceCounts], stored: dict[str, int], pages: dict[str, int]
) -> dict[str, Any]:
    """``health`` as one JSON-ready object; ``last`` counts what the last run did, ``stored`` stories of each source."""
    return {
        "healthy": health.healthy,
        "judged_at": isoformat(health.judged_at),
        "unseen": unseen(health),
        "run": {
            "state": health.run.state,
            "reasons": list(health.run.reasons),
            "last": _run(health.run.last),
            "last_good": _run(health.run.last_good),
            "hours_since_good": None if health.run.age is None else round(health.run.age.total_seconds() / 3600, 2),
        },
        "languages": [_language(language) for language in health.languages],
        "sources": [_source(source, last.get(source.id), stored.get(source.id, 0)) for source in health.sources],
        "notes": list(health.notes),
        "pages": pages,
    }


def _run(run: Run | None) -> dict[str, Any] | None:
    if run is None:
        return None
    return {
        "id": run.id,
        "command": run.command,
        "started_at": isoformat(run.started_at),
        "finished_at": isoformat(run.finished_at),
        "outcome": run.outcome,
        "note": run.note,
        "sources_polled": run.polled,
        "sources_not_read": run.unread,
    }


def _language(language: LanguageHealth) -> dict[str, Any]:
    return {
        "language": language.language,
        "name": language.name,
        "state": language.state,
        "reasons": list(language.reasons),
        "listed_last_day": language.listed,
        "usual_per_day": _rounded(language.usual),
        "share_of_usual": _rounded(language.share),
        "measure": language.measure,
        "stored_last_day": language.stored,
        "sources": language.sources,
        "sources_read": language.read,
    }


def _source(source: SourceHealth, last: SourceCounts | None, stored: int) -> dict[str, Any]:
    return {
        "source": source.id,
        "name": source.name,
        "languages": list(source.languages),
        "state": source.state,
        "reasons": list(source.reasons),
        "notes": list(source.notes),
        "doubtful": source.chance is not None,
        "chance": None if source.chance is None else round(source.chance, 4),
        "listed_last_day": source.listed,
        "usual_per_day": _rounded(source.usual),
        "stored_last_day": source.stored,
        "stories": stored,
        "failures": source.failures,
        "read_at": isoformat(source.read_at),
        "listed_at": isoformat(source.listed_at),
        "added_at": isoformat(source.added_at),
        "last_run": {name: getattr(last, name) for name in COUNTS} | {"reasons": last.reasons} if last else None,
    }


def _rounded(number: float | None) -> float | None:
    return None if number is None else round(number, 3)
