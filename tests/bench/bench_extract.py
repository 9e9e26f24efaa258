"""Extraction alone: ours, plain trafilatura and the peers on the same pages in memory; speed, and F1 of the body."""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from monitor.extract import extract_page
from tests.bench.pages import BenchPage, load_pages
from tests.bench.peers import PEERS, PeerFailed, peer_python, peer_version, run_peer
from tests.bench.report import Budget, Report
from tests.bench.scores import token_f1

_GROUP = "Extraction, pages in memory, one process"
_F1 = Budget(0.9)


@dataclass(frozen=True)
class Extraction:
    """What one extractor made of all pages: seconds a round, and the text of each page (None where it has none)."""

    seconds: Sequence[float]
    texts: Sequence[str | None]
    errors: Mapping[str, int]


def bench_extract(report: Report, rounds: int, quick: bool) -> None:
    """Pages a second and body F1 of every extractor; peers take part whose environment ``make bench`` has made."""
    pages, about = load_pages(24 if quick else None)
    real = bool(pages[0].publisher)
    report.note(f"Extraction: {about}." + ("" if real else " No real pages here, so fundus has no parser for them."))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        manifest = _write(pages, folder)
        names = ["ours", "trafilatura", *(peer for peer in PEERS if real or peer != "fundus")]
        missing = [peer for peer in names if peer in PEERS and peer_python(peer) is None]
        if missing:
            report.note(f"Not measured: {', '.join(missing)}; 'make bench' sets them up under .venv-bench/.")
        report.note(
            f"Peers: {', '.join(peer_version(peer) for peer in PEERS if peer in names and peer not in missing) or 'none'}."
        )
        runs: dict[str, list[Extraction]] = {peer: [] for peer in names if peer not in missing}
        for number in range(rounds):  # interleaved: what else the machine does hits all alike
            for peer, done in list(runs.items()):
                if number and peer in PEERS:
                    continue  # once is enough: some take a minute
                try:
                    done.append(_ours(pages) if peer == "ours" else _theirs(peer, manifest, folder))
                except PeerFailed as error:
                    report.note(f"{peer} could not extract: {error}")
                    del runs[peer]
    results = {
        peer: Extraction([s for run in done for s in run.seconds], done[-1].texts, done[-1].errors)
        for peer, done in runs.items()
    }
    _add_speed(report, pages, results)
    _add_f1(report, pages, results)
    _add_parallel(report, pages, rounds, results["ours"])


def _write(pages: Sequence[BenchPage], folder: Path) -> Path:
    rows = []
    for page in pages:
        file = folder / f"{page.name}.html"
        file.write_bytes(page.html)
        about = {"publisher": page.publisher, "country": page.country, "saved": page.saved}
        rows.append({"file": str(file), "url": f"https://{page.name}.example/news/story-{page.name}", **about})
    manifest = folder / "manifest.json"
    manifest.write_text(json.dumps(rows), encoding="utf-8")
    return manifest


def _ours(pages: Sequence[BenchPage]) -> Extraction:
    urls = [f"https://{page.name}.example/news/story-{page.name}" for page in pages]
    extract_page(pages[0].html, urls[0], "utf-8")
    started = time.perf_counter()
    found = [extract_page(page.html, url, "utf-8") for page, url in zip(pages, urls, strict=True)]
    seconds = time.perf_counter() - started
    return Extraction([seconds], [item.text if item else None for item in found], {})


def _theirs(peer: str, manifest: Path, folder: Path) -> Extraction:
    result = folder / "result.json"
    script = Path(__file__).parent / "peers" / "extract.py"
    python = Path(sys.executable) if peer == "trafilatura" else peer_python(peer)
    run_peer([str(python), str(script), peer, str(manifest), str(result)], folder)
    found = json.loads(result.read_text(encoding="utf-8"))
    return Extraction([found["seconds"]], found["texts"], found["errors"])


def _add_speed(report: Report, pages: Sequence[BenchPage], results: Mapping[str, Extraction]) -> None:
    plain = results["trafilatura"].seconds
    for peer, result in results.items():
        count = sum(1 for text in result.texts if text is not None) if peer == "fundus" else len(pages)
        # A peer that was measured once stands beside the round of trafilatura next to it.
        ratios = [other / own * count / len(pages) for other, own in zip(plain, result.seconds, strict=False)]
        errors = ", ".join(f"{number} × {name}" for name, number in result.errors.items())
        report.add(_GROUP, f"{peer}: speed", [count / seconds for seconds in result.seconds], "pages/s", note=errors)
        if peer != "trafilatura":
            report.add(_GROUP, f"{peer}: speed / trafilatura's", ratios, "×")


def _add_f1(report: Report, pages: Sequence[BenchPage], results: Mapping[str, Extraction]) -> None:
    for peer, result in results.items():
        pairs = [
            (text, page.reference)
            for text, page in zip(result.texts, pages, strict=True)
            if not (peer == "fundus" and text is None)
        ]
        scores = [token_f1(text or "", reference) for text, reference in pairs]
        note = f"{sum(score < 0.5 for score in scores)} of {len(scores)} pages below 0.5"
        if peer == "fundus":
            note += (
                "; a hand-written parser for each of these publishers, and the references are its own: no fair match"
            )
        budget = _F1 if peer == "ours" else None
        report.add("Body text, mean F1 over words", peer, [statistics.mean(scores)], "", budget, note)


def _add_parallel(report: Report, pages: Sequence[BenchPage], rounds: int, alone: Extraction) -> None:
    """What two processes at a time reach: the most that a crawl's pool could."""
    workers = os.cpu_count() or 1
    values = []
    urls = [f"https://{page.name}.example/story" for page in pages]
    with ProcessPoolExecutor(workers) as pool:
        list(pool.map(extract_page, [pages[0].html] * workers, urls[:1] * workers))
        for _ in range(rounds):
            started = time.perf_counter()
            list(pool.map(extract_page, [page.html for page in pages], urls, chunksize=4))
            values.append(len(pages) / (time.perf_counter() - started))
    report.add(_GROUP, f"ours: speed in {workers} processes", values, "pages/s")
    one = statistics.median(alone.seconds)
    report.add(_GROUP, f"ours: {workers} processes / one", [value * one / len(pages) for value in values], "×")
