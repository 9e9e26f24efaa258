"""Extraction and the whole crawl on real news pages of 41 countries, against their reference bodies."""

from __future__ import annotations

import gzip
import json
import re
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from tests.paths import ROOT, SHARED
from tests.site import Reply, Site, rss
from tests.test_crawl import crawl, ledger, seeds_for

PAGES = SHARED / "data" / "pages" / "fundus"
FLOOR = 0.94

pytestmark = pytest.mark.skipif(not PAGES.exists(), reason="the real pages are not part of the project")


def reference(version: dict) -> str:
    body = version["body"]
    parts = list(body.get("summary") or [])
    for section in body["sections"]:
        parts += [*section["headline"], *section["paragraphs"]]
    return "\n".join(parts)


def real_pages() -> list[tuple[bytes, str]]:
    """Page and reference body; a publisher's versions are matched to its pages by the paragraphs they hold."""
    found = []
    for file in sorted(PAGES.rglob("*.json")):
        pages = [gzip.decompress(page.read_bytes()) for page in sorted(file.parent.glob(f"{file.stem}_[0-9]*.html.gz"))]
        for version in json.loads(file.read_text(encoding="utf-8")).values():
            text = reference(version)
            paragraphs = [line.encode() for line in text.split("\n")[:12]]
            page = max(pages, key=lambda page: sum(paragraph in page for paragraph in paragraphs))
            found.append((page, text))
    return found


def token_f1(text: str, expected: str) -> float:
    """F1 of the two bags of words."""
    a, b = (Counter(re.findall(r"\w+", t.lower())) for t in (text, expected))
    shared = sum((a & b).values())
    return 2 * shared / (sum(a.values()) + sum(b.values())) if shared else 0.0


def test_every_real_page_is_accounted_for_and_extracted(tmp_path: Path) -> None:
    pages = real_pages()
    with Site() as site:
        site.replies = {f"/page/{n}": Reply(page, type="text/html") for n, (page, _) in enumerate(pages)}
        site.replies["/feed"] = rss(*(f"{site.url}/page/{n}" for n in range(len(pages))))
        seeds = seeds_for(tmp_path, site)
        everything_is_relevant(seeds)
        first = crawl(tmp_path, seeds, MONITOR_WORKERS="0")
        assert first.returncode == 0, first.stderr
        states = Counter(ledger(tmp_path).values())
        assert sum(states.values()) == len(pages)
        assert states["stored"] + states["duplicate"] >= 0.98 * len(pages), states
        assert set(states) <= {"stored", "duplicate", "failed"}
        site.asked.clear()
        assert crawl(tmp_path, seeds).returncode == 0
        assert site.paths() == ["/feed"], "no page is fetched twice"
    with closing(sqlite3.connect(tmp_path / "m.db")) as conn:
        texts = {int(url.rsplit("/", 1)[1]): text for url, text in conn.execute("select url, text from stories")}
    scores = [token_f1(text, pages[n][1]) for n, text in texts.items()]
    mean = sum(scores) / len(scores)
    print(f"\nextraction: token F1 {mean:.4f} on {len(scores)} of {len(pages)} real pages")
    assert mean >= FLOOR


def everything_is_relevant(seeds: Path) -> None:
    """Replace the topic of a seeds folder by one whose threshold lets every story through."""
    text = (seeds / "topic.toml").read_text(encoding="utf-8")
    (seeds / "topic.toml").unlink()
    (seeds / "topic.toml").write_text(re.sub(r"(?m)^threshold\s*=.*$", "threshold = 0", text), encoding="utf-8")
    assert ROOT not in (seeds / "topic.toml").resolve().parents
