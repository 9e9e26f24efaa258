"""The command line of the benchmarks."""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable
from pathlib import Path

from tests.bench.report import Report, say
from tests.paths import ROOT

# Name -> module and function, and what it measures; modules are loaded when chosen.
BENCHMARKS = {
    "sparse": ("bench_crawl", "crawl with one relevant page in twenty, against an empty Scrapy spider"),
    "full": ("bench_crawl", "crawl with all pages relevant, against single-core trafilatura"),
    "extract": ("bench_extract", "extraction alone: speed and F1 of ours, trafilatura and the peers"),
    "analysis": ("bench_analysis", "understanding a story after extraction: the pass for words, and all of it"),
    "peers": ("bench_peers", "crawls of the same site by the peers"),
    "store": ("bench_store", "cost of deduplicating and storing a story, and of queries, as the store grows"),
    "search": ("bench_search", "ten real questions on a large store in five languages: p50 and p95"),
    "web": ("bench_web", "every page of the web page on a large store with incidents: p50 and p95"),
    "scale": ("bench_scale", "cost of a story, memory and size of the database, up to a million stories"),
    "poll": ("bench_poll", "a crawl of 100 feeds that have not changed"),
}
# More than this many programs running, on average over a minute, disturb the measurement.
_BUSY_LOAD = 0.5
_PAGE, _MARK = ROOT / "docs" / "benchmarks.md", "<!-- results -->"
_EXAMPLES = """
examples:
  python -m tests.bench --quick                    everything, roughly, in about a minute
  python -m tests.bench --json result.json         everything, about nine minutes
  python -m tests.bench --only sparse --only full  the two crawls
  python -m tests.bench --only store --full        up to a million stories: about an hour, 15 GB of disk
  python -m tests.bench --only scale --stories 1000000 --document   and draw docs/scale.svg
  python -m tests.bench --only search --full       questions to a million stories: about ten minutes, 5 GB of disk
"""


def main() -> None:
    """Run the benchmarks asked for; the table goes to stdout, progress to stderr."""
    options = _parser().parse_args()
    report = Report(quick=options.quick)
    _note_other_work(report)
    failed: list[str] = []
    for name in options.only or BENCHMARKS:
        started = time.monotonic()
        say(f"[{name}] {BENCHMARKS[name][1]}")
        extra = {"full": options.full} if name in ("store", "search", "web") else {}
        extra |= {"size": options.stories, "document": options.document} if name == "scale" else {}
        try:
            _load(name)(report, 1 if options.quick else max(3, options.rounds), options.quick, **extra)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - the others are measured all the same
            failed.append(name)
            report.note(f"{name} could not be measured: {type(error).__name__}: {str(error)[-500:]}")
        say(f"[{name}] took {time.monotonic() - started:.0f} s")
    if options.json:
        report.write_json(options.json)
    if options.document:
        _write_into_page(report)
    print(report.table())
    if failed:
        raise SystemExit(f"bench: not measured: {', '.join(failed)}")


def _note_other_work(report: Report) -> None:
    """Other programs take the second core away from us but not from what runs on one: then ratios come out too low."""
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    if load > _BUSY_LOAD:
        report.note(f"Other work was running (load {load:.1f} at the start): numbers are too low, ratios too.")


def _write_into_page(report: Report) -> None:
    """Put the table in the place of the one in the documentation."""
    head, mark, _ = _PAGE.read_text(encoding="utf-8").partition(_MARK)
    if not mark:
        raise SystemExit(f"bench: {_PAGE} has no line {_MARK!r} after which the results stand")
    _PAGE.write_text(f"{head}{mark}\n## The numbers\n{report.table()}\n", encoding="utf-8")


def _load(name: str) -> Callable[..., None]:
    from importlib import import_module

    function: Callable[..., None] = getattr(import_module(f"tests.bench.{BENCHMARKS[name][0]}"), f"bench_{name}")
    return function


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench",
        description="Measure the project against its budgets and its peers, as ratios within one run on this machine.",
        epilog="benchmarks:\n"
        + "\n".join(f"  {name:8} {about}" for name, (_, about) in BENCHMARKS.items())
        + "\n"
        + _EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--only", action="append", choices=list(BENCHMARKS), metavar="NAME", help="just this one; may be repeated"
    )
    parser.add_argument(
        "--quick", action="store_true", help="fewer pages and one round: rough numbers in about a minute"
    )
    parser.add_argument("--full", action="store_true", help="fill the store with a million stories")
    parser.add_argument(
        "--stories", type=int, metavar="N", help="scale: so many at most (default 30000; a million: ten minutes, 5 GB)"
    )
    parser.add_argument(
        "--rounds", type=int, default=3, metavar="N", help="rounds of each measurement, at least 3 (default 3)"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the results to FILE as JSON too")
    parser.add_argument("--document", action="store_true", help="write the results into docs/benchmarks.md")
    return parser
