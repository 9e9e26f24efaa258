"""The page that ``monitor status`` shows to people: one sentence, the run, what is wrong, the rest in a few lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from rich.console import Console
from rich.table import Table
from rich.text import Text

from monitor.cli.output import stdout_console
from monitor.health import STATES, Health, LanguageHealth, RunHealth, SourceHealth
from monitor.phrases import ago, at, many, per_day
from monitor.store.collection import SourceCounts

_STYLES = {"sick": "bold red", "quiet": "yellow", "new": "cyan", "healthy": "green", "off": "dim"}
_UNHEALTHY = ("sick", "quiet")
# More doubtful sources than this are only counted.
_MOST_DOUBTFUL = 8


def print_health(
    health: Health,
    last: Mapping[str, SourceCounts],
    stored: Mapping[str, int],
    pages: Mapping[str, int],
    *,
    sentence: str,
    verbose: bool,
) -> None:
    """Print ``health`` under the ``sentence`` that says what was and what could not be seen.

    With ``verbose`` every source, what the ``last`` run could not do, and stories ``stored``.
    """
    console = stdout_console()
    style = "bold" if health.healthy else "bold red"
    console.print(Text(f"{sentence[:1].upper()}{sentence[1:]}.", style=style), soft_wrap=True)
    console.print()
    _print_run(console, health.run, health.judged_at)
    ordered = sorted(health.sources, key=_worst_first)
    shown = ordered if verbose else [source for source in ordered if source.state in _UNHEALTHY]
    if shown:
        console.print()
        console.print(_table(shown, health.judged_at, last, stored, verbose))
    console.print()
    _print_summary(console, health.sources)
    _print_languages(console, health.languages)
    for note in health.notes:
        console.print(note, soft_wrap=True)
    if pages:
        console.print("Pages: " + ", ".join(f"{count:,} {state}" for state, count in sorted(pages.items())))


def _worst_first(source: SourceHealth) -> tuple[int, float, str]:
    return STATES.index(source.state), -(source.usual or 0), source.id


def _print_run(console: Console, run: RunHealth, now: datetime) -> None:
    if run.last is None:
        console.print("Last run: none; 'monitor crawl' makes one")
        return
    ended = run.last.finished_at or run.last.started_at
    polled = f", {many(run.last.polled, 'source')} polled" if run.last.finished_at else ""
    failed = f", {run.last.unread} not read" if run.last.unread else ""
    console.print(f"Last run: {run.last.command}, {at(ended)} ({ago(now - ended)}): {run.last.outcome}{polled}{failed}")
    good = run.last_good
    if good and good.finished_at and good.id != run.last.id:
        console.print(f"Last good run over all sources: {at(good.finished_at)} ({ago(now - good.finished_at)})")
    for reason in run.reasons:
        console.print(Text(f"  {reason}", style=_STYLES["sick"]), soft_wrap=True)


def _table(
    sources: Sequence[SourceHealth],
    now: datetime,
    last: Mapping[str, SourceCounts],
    stored: Mapping[str, int],
    verbose: bool,
) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("state")
    table.add_column("source", overflow="fold")
    for name in ("last day", "usual", *(["stories"] if verbose else [])):
        table.add_column(name, justify="right")
    table.add_column("last new")
    table.add_column("what is to say" if verbose else "what is wrong", overflow="fold")
    for source in sources:
        counts = last.get(source.id)
        words = [*source.reasons, *source.notes, *(_failures(counts) if verbose and counts else [])]
        table.add_row(
            Text(source.state, style=_STYLES[source.state]),
            source.id,
            "·" if source.listed is None else f"{source.listed:,}",
            "·" if source.usual is None else per_day(source.usual),
            *([f"{stored.get(source.id, 0):,}"] if verbose else []),
            "never" if source.listed_at is None else ago(now - source.listed_at),
            "; ".join(words),
        )
    return table


def _failures(counts: SourceCounts) -> list[str]:
    return [f"last run: {count} × {reason}" for reason, count in sorted(counts.reasons.items())]


def _print_summary(console: Console, sources: Sequence[SourceHealth]) -> None:
    states = Counter(source.state for source in sources)
    words = {
        "healthy": "healthy",
        "new": "too new to judge by volume",
        "off": "switched off",
        "sick": "sick",
        "quiet": "quiet",
    }
    parts = [f"{states[state]} {words[state]}" for state in ("healthy", "new", "sick", "quiet", "off") if states[state]]
    console.print(f"Sources: {', '.join(parts)}")
    if doubtful := sorted((s.chance, s.id, f"{s.listed} of {per_day(s.usual or 0)}") for s in sources if s.chance):
        some = [f"{name} {low} (so low 1 day in {round(1 / max(chance, 0.001))})" for chance, name, low in doubtful]
        more = [f"{len(some) - _MOST_DOUBTFUL} more"] if len(some) > _MOST_DOUBTFUL else []
        shown = ", ".join(some[:_MOST_DOUBTFUL] + more)
        console.print(f"Low today, perhaps by chance: {shown}", soft_wrap=True)


def _print_languages(console: Console, languages: Sequence[LanguageHealth]) -> None:
    line = Text("Languages, new entries in a day: ")
    for number, language in enumerate(languages):
        share = "" if language.share is None else f" ({language.share:.0%} of usual)"
        count = "not looked at" if language.listed is None else f"{language.listed:,}{share}"
        line.append(", " if number else "")
        line.append(f"{language.name} {count}", style=_STYLES[language.state] if language.state in _UNHEALTHY else "")
    console.print(line, soft_wrap=True)
    for language in sorted(languages, key=lambda item: STATES.index(item.state)):
        for reason in language.reasons:
            console.print(
                Text(f"  {language.state}: {language.name}: {reason}", style=_STYLES[language.state]), soft_wrap=True
            )
