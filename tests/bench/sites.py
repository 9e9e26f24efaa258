"""Pages as a web site: addresses, feeds, robots.txt, and the seeds folder that makes ``monitor`` crawl it."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

from tests.bench.pages import BenchPage
from tests.bench.server import Resource
from tests.paths import ROOT

ROBOTS = {"/robots.txt": Resource(b"User-agent: *\nDisallow: /private/\n", "text/plain")}


def site_of(pages: Sequence[BenchPage], sources: int) -> dict[str, Resource]:
    """``pages`` dealt out to ``sources`` sites under /0/, /1/ …; feeds come from ``feeds_of`` when the port is known."""
    return ROBOTS | {page_path(number, page, sources): Resource(page.html) for number, page in enumerate(pages)}


def page_path(number: int, page: BenchPage, sources: int) -> str:
    """Where the page with this number stands."""
    return f"/{number % sources}/news/{page.name}.html"


def feed(links: Mapping[str, str]) -> bytes:
    """An RSS feed with an entry for each link (address → title)."""
    items = "".join(
        f"<item><title>{escape(title)}</title><link>{escape(link)}</link><guid>{escape(link)}</guid></item>"
        for link, title in links.items()
    )
    text = (
        f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Feed</title>{items}</channel></rss>'
    )
    return text.encode()


def write_seeds(folder: Path, feeds: Sequence[str], *, everything: bool = False) -> Path:
    """A copy of the project's seeds with one source for each feed; ``everything`` makes every story relevant."""
    shutil.copytree(ROOT / "seeds", folder, ignore=shutil.ignore_patterns("sources", "newswire", "__pycache__"))
    (folder / "sources").mkdir()
    tables = (
        f'[[source]]\nid = "bench-{number}"\nname = "Bench {number}"\ncountry = "XA"\nlanguages = ["en"]\n'
        f'homepage = "{address}"\naffiliation = "independent"\nfeeds = ["{address}"]\nexpected_per_day = [1, 9]\n'
        for number, address in enumerate(feeds)
    )
    (folder / "sources" / "bench.toml").write_text("\n".join(tables), encoding="utf-8")
    if everything:
        topic = folder / "topic.toml"
        lines = topic.read_text(encoding="utf-8").splitlines()
        changed = ["threshold = 0" if line.replace(" ", "").startswith("threshold=") else line for line in lines]
        if changed == lines:
            raise SystemExit(f"bench: {topic} has no line 'threshold = …' to change")
        topic.write_text("\n".join(changed) + "\n", encoding="utf-8")
    return folder
