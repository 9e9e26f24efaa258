"""Crawls of one site on loopback by the peers, each in the way it is made for, beside ``monitor crawl`` on the same site."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.bench.pages import BenchPage, load_pages
from tests.bench.peers import PEERS, PeerFailed, peer_python, run_peer
from tests.bench.processes import run_python
from tests.bench.report import Report
from tests.bench.server import Resource, Server
from tests.bench.sites import ROBOTS, feed, page_path, write_seeds

_GROUP = "Crawl of one site, all pages wanted: whole commands, start-up included"
_WAYS = {
    "news-please": "its Scrapy crawler for RSS, articles written to JSON files",
    "newspaper4k": "Source.build on the home page, then download and parse",
    "fundus": "its Crawler with its parsers pointed at a feed for each publisher; no pause between requests",
}


def bench_peers(report: Report, rounds: int, quick: bool) -> None:
    """Articles a second of each crawler, counting what came out with a text. One round, and half of the pages: some of
    them take a minute.
    """
    pages, _ = load_pages(24 if quick else 129)
    rounds = 1
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        site = ROBOTS | {page_path(number, page, 1): Resource(page.html) for number, page in enumerate(pages)}
        with Server(site) as server:
            about, seeds = _publish(server, pages, folder)
            rates: dict[str, list[float]] = {}
            counts: dict[str, int] = {}
            for number in range(rounds):
                for crawler in ("monitor", *PEERS):
                    if crawler in PEERS and (
                        peer_python(crawler) is None or (crawler == "fundus" and not pages[0].publisher)
                    ):
                        continue
                    server.forget()
                    place = folder / f"{crawler}-{number}"
                    place.mkdir()
                    started = time.monotonic()
                    try:
                        count = (
                            _monitor(seeds, place, len(pages)) if crawler == "monitor" else _peer(crawler, about, place)
                        )
                    except PeerFailed as error:
                        if not number:
                            report.note(f"{crawler} could not crawl: {error}")
                        count = 0
                    rates.setdefault(crawler, []).append(count / (time.monotonic() - started))
                    counts[crawler] = count
                    asked = sum(server.log().paths.get(path, 0) > 0 for path in site if path not in ROBOTS)
                    counts[f"{crawler} asked"] = asked
    for crawler, values in rates.items():
        note = f"{counts[crawler]} articles of {counts[f'{crawler} asked']} pages fetched"
        report.add(
            _GROUP, crawler, values, "articles/s", note=note + (f"; {_WAYS[crawler]}" if crawler in _WAYS else "")
        )
    for peer in PEERS:
        if all(rates.get(peer, [0])):
            ratios = [ours / theirs for ours, theirs in zip(rates["monitor"], rates[peer], strict=True)]
            report.add(_GROUP, f"monitor / {peer}", ratios, "×")


def _publish(server: Server, pages: Sequence[BenchPage], folder: Path) -> tuple[Path, Path]:
    """Put a home page and feeds on the server; return the description for the peers and the seeds folder for us."""
    base = f"http://127.0.0.1:{server.port}"
    links = {base + page_path(number, page, 1): page for number, page in enumerate(pages)}
    rss = "application/rss+xml; charset=utf-8"
    teasers = "".join(f'<li><a href="{link}">{page.title}</a></li>' for link, page in links.items())
    home = (
        '<!doctype html><html lang="en"><head><title>News</title><link rel="alternate" type="application/rss+xml"'
        f' href="{base}/feed.xml"></head><body><ul>{teasers}</ul></body></html>'
    )
    server.put({"/": Resource(home.encode()), "/feed.xml": Resource(feed({k: p.title for k, p in links.items()}), rss)})
    feeds = []
    for publisher in dict.fromkeys(page.publisher for page in pages if page.publisher):
        path = f"/feeds/{publisher}.xml"
        own = {link: page.title for link, page in links.items() if page.publisher == publisher}
        server.put({path: Resource(feed(own), rss)})
        feeds.append({"url": base + path, "publisher": publisher})
    about = folder / "site.json"
    about.write_text(json.dumps({"home": f"{base}/", "pages": list(links), "feeds": feeds}), encoding="utf-8")
    return about, write_seeds(folder / "seeds", [f"{base}/feed.xml"], everything=True)


def _monitor(seeds: Path, place: Path, pages: int) -> int:
    words = ["--db", "m.db", "--seeds", str(seeds)]
    run_python(["-m", "monitor", "crawl", "--allow-private-hosts", *words], place, MONITOR_MAX_PAGES=str(pages))
    exported = run_python(["-m", "monitor", "export", "stories", *words], place)
    return len(exported.stdout.splitlines())


def _peer(peer: str, about: Path, place: Path) -> int:
    script = Path(__file__).parent / "peers" / "crawl.py"
    said = run_peer([str(peer_python(peer)), str(script), peer, str(about), str(place)], place)
    return int(json.loads(said.splitlines()[-1])["articles"])
