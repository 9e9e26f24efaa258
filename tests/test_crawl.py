"""Crawls from end to end: real processes against a real web server on loopback."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from tests.paths import ROOT
from tests.site import Asked, Reply, Site, rss

TOPIC = ROOT / "tests" / "second_topic"
PARAGRAPHS = (
    "Soldiers of Veldria and Ostmark exchanged fire across the Grenz Line near the Karst Gate on Saturday night,"
    " officials on both sides said. Three Ostmark soldiers were killed and five were wounded, the Veldrian army said.",
    "The Ostmark defence ministry rejected the figures and said its forces had repelled the attack on two posts."
    " The Karst Gate crossing was closed to traders and travellers until further notice.",
)


def article(number: int, *, head: str = "", paragraphs: Sequence[str] = PARAGRAPHS, title: str = "") -> str:
    body = "".join(f"<p>{text} Report number {number} of the day.</p>" for text in paragraphs)
    title = title or f"Soldiers killed in clash at the Karst Gate, report {number}"
    return (
        f"<!doctype html><html lang=en><head><title>{title}</title>{head}</head><body><nav><a href=/>Home</a></nav>"
        f"<article><h1>{title}</h1>{body}</article><footer>Imprint</footer></body></html>"
    )


def seeds_for(folder: Path, site: Site, **fields: object) -> Path:
    """A seeds folder on the invented topic with one source, served by ``site``."""
    seeds = folder / "seeds"
    if not seeds.exists():
        seeds.mkdir()
        for item in TOPIC.iterdir():
            if item.name != "sources":
                (seeds / item.name).symlink_to(item)
        (seeds / "sources").mkdir()
    values = {"feeds": [f"{site.url}/feed"], "fetch": "all", **fields}
    lines = [f"{name} = {json.dumps(value)}" for name, value in values.items()]
    (seeds / "sources" / "test.toml").write_text(
        '[[source]]\nid = "gazette"\nname = "Gazette"\ncountry = "XA"\nlanguages = ["en"]\naffiliation = "independent"\n'
        f'homepage = "{site.url}/"\nexpected_per_day = [1, 9]\n' + "\n".join(lines) + "\n"
    )
    return seeds


def command(folder: Path, seeds: Path, *words: str) -> list[str]:
    return [sys.executable, "-m", "monitor", *words, "--db", str(folder / "m.db"), "--seeds", str(seeds)]


def run(folder: Path, seeds: Path, *words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHONPATH": str(ROOT), "MONITOR_WORKERS": "1", **environ}
    return subprocess.run(
        command(folder, seeds, *words), cwd=folder, env=env, capture_output=True, text=True, timeout=120, check=False
    )


def crawl(folder: Path, seeds: Path, *words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return run(folder, seeds, "crawl", "--allow-private-hosts", *words, **environ)


def ledger(folder: Path) -> dict[str, str]:
    """State of each page by the last part of its URL."""
    with closing(sqlite3.connect(folder / "m.db")) as conn:
        return {url.rsplit("/", 1)[1]: state for url, state in conn.execute("select url, state from pages")}


def stored(folder: Path) -> list[str]:
    with closing(sqlite3.connect(folder / "m.db")) as conn:
        return [url.rsplit("/", 1)[1] for (url,) in conn.execute("select url from stories order by url")]


def test_every_outcome_is_accounted_for(tmp_path: Path) -> None:
    with Site() as site:
        names = ("good", "again", "cricket", "gone", "broken", "pdf", "empty", "secret", "moved")
        site.replies = {
            "/robots.txt": Reply("User-agent: *\nDisallow: /secret\n", type="text/plain"),
            "/feed": rss(*(f"{site.url}/{name}" for name in names)),
            "/good": article(1),
            "/again": article(1),
            "/cricket": article(
                2,
                title="Veldria beat Ostmark by six wickets",
                paragraphs=["The home side won the match by six wickets.", "The ground was full to the last seat."],
            ),
            "/gone": Reply("gone", status=410),
            "/broken": Reply("oops", status=500),
            "/pdf": Reply(b"%PDF-1.7", type="application/pdf"),
            "/empty": "<html><head><title>Veldria Ostmark Grenz Line</title></head><body></body></html>",
            "/secret": article(3),
            "/moved": Reply(status=301, headers={"Location": "/target"}),
            "/target": article(4),
        }
        seeds = seeds_for(tmp_path, site)
        first = crawl(tmp_path, seeds, "-v")
        assert first.returncode == 0, first.stderr
        states = ledger(tmp_path)
        assert {states.pop("good"), states.pop("again")} == {"stored", "duplicate"}
        assert states == {
            "cricket": "irrelevant",
            "gone": "gone",
            "broken": "failed",
            "pdf": "failed",
            "empty": "failed",
            "secret": "forbidden",
            "moved": "stored",
        }
        assert stored(tmp_path) in (["good", "target"], ["again", "target"])
        assert "/secret" not in site.paths()
        for words in ("status 500", "status 410", "forbidden by robots.txt", "application/pdf"):
            assert words in first.stdout
        site.asked.clear()
        second = crawl(tmp_path, seeds)
        assert second.returncode == 0 and second.stdout == second.stderr == "", "silent when nothing is wrong"
        assert site.paths() == ["/feed"], "no page is fetched again; failed ones wait"


def test_story_carries_page_and_feed(tmp_path: Path) -> None:
    with Site() as site:
        head = '<meta property="article:published_time" content="2025-10-11T23:15:00+02:00"><meta name=author content="Ada Writer">'
        site.replies = {
            "/robots.txt": "",
            "/feed": rss(f"{site.url}/one?utm_source=feed"),
            "/one?utm_source=feed": article(1, head=head),
        }
        seeds = seeds_for(tmp_path, site)
        assert crawl(tmp_path, seeds).returncode == 0
        shown = run(tmp_path, seeds, "export", "stories")
        record = json.loads(shown.stdout)
    assert record["canonical_url"] == f"{site.url}/one"
    assert record["source"] == "gazette" and record["language"] == "en" and record["is_clash"]
    assert record["published_at"] == "2025-10-11T21:15:00Z" and record["published_precision"] == "minute"
    assert record["byline"] == "Ada Writer"
    assert record["title"].startswith("Soldiers killed in clash")
    assert "Imprint" not in record["text"] and record["text"].count("Report number 1") == 2
    assert {place["name"] for place in record["places"]} >= {"Karst Gate"}
    assert record["key_points"] and all(point in record["text"] for point in record["key_points"])


def test_comments_are_left_out_and_a_body_given_twice_is_stored_once(tmp_path: Path) -> None:
    paragraphs = "".join(f"<p>{text}</p>" for text in PARAGRAPHS * 1)
    comments = "".join(
        f"<div class=comment><p>Reader {n}: I heard that {n}00 soldiers died.</p></div>" for n in range(9)
    )
    page = (
        f"<html><head><title>Clash at the Karst Gate leaves three dead</title></head><body><article>"
        f"<div class=body>{paragraphs}</div><div class='body mobile'>{paragraphs}</div></article>"
        f"<section id=comments class=comments><h3>Comments</h3>{comments}</section></body></html>"
    )
    with Site() as site:
        site.replies = {"/robots.txt": "", "/feed": rss(f"{site.url}/twice"), "/twice": page}
        seeds = seeds_for(tmp_path, site)
        assert crawl(tmp_path, seeds).returncode == 0
        text = json.loads(run(tmp_path, seeds, "export", "stories").stdout)["text"]
    assert text.count("exchanged fire across") == 1
    assert "Reader" not in text


def test_sitemap_index_is_followed(tmp_path: Path) -> None:
    with Site() as site:
        news = (
            "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' xmlns:n='http://www.google.com/schemas/sitemap-news/0.9'>"
            f"<url><loc>{site.url}/one</loc><n:news><n:publication_date>2025-10-12T01:00:00Z</n:publication_date>"
            "<n:title>Soldiers killed in clash at the Karst Gate</n:title></n:news></url></urlset>"
        )
        index = (
            "<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>"
            f"<sitemap><loc>{site.url}/news.xml</loc></sitemap></sitemapindex>"
        )
        site.replies = {
            "/robots.txt": "",
            "/index.xml": Reply(index, type="application/xml"),
            "/news.xml": Reply(news, type="application/xml"),
            "/one": article(1),
        }
        seeds = seeds_for(tmp_path, site, feeds=[], sitemaps=[f"{site.url}/index.xml"])
        assert crawl(tmp_path, seeds).returncode == 0
        assert stored(tmp_path) == ["one"]
        site.asked.clear()
        assert crawl(tmp_path, seeds).returncode == 0
        assert site.paths() == ["/index.xml", "/news.xml"]


def test_unreachable_robots_txt_means_wait(tmp_path: Path) -> None:
    with Site() as site:
        site.replies = {"/robots.txt": Reply("down", status=503), "/feed": rss(f"{site.url}/one"), "/one": article(1)}
        seeds = seeds_for(tmp_path, site)
        result = crawl(tmp_path, seeds)
        assert site.paths() == []
        assert result.returncode == 1 and "robots.txt could not be had (status 503)" in result.stderr
        site.replies["/robots.txt"] = Reply("no such file", status=404)
        assert crawl(tmp_path, seeds).returncode == 0
        assert stored(tmp_path) == ["one"]


def test_no_network_says_so_and_changes_nothing(tmp_path: Path) -> None:
    with Site() as site:
        site.replies = {"/robots.txt": "", "/feed": rss(f"{site.url}/one"), "/one": article(1)}
        seeds = seeds_for(tmp_path, site)
        assert crawl(tmp_path, seeds).returncode == 0
    before = (stored(tmp_path), ledger(tmp_path))
    result = crawl(tmp_path, seeds)  # the server is gone
    assert result.returncode == 1
    assert "could not reach gazette: " in result.stderr and "connection refused" in result.stderr
    assert "monitor demo" in result.stderr
    assert "Traceback" not in result.stderr
    assert (stored(tmp_path), ledger(tmp_path)) == before


def test_unchanged_feed_is_asked_for_conditionally(tmp_path: Path) -> None:
    def feed(asked: Asked) -> Reply:
        if asked.headers.get("If-None-Match") == '"v1"':
            return Reply(status=304, type="")
        return Reply(rss(f"{site.url}/one").body, type="application/rss+xml", headers={"ETag": '"v1"'})

    with Site() as site:
        site.replies = {"/robots.txt": "", "/feed": feed, "/one": article(1)}
        seeds = seeds_for(tmp_path, site)
        for _ in range(2):
            assert crawl(tmp_path, seeds).returncode == 0
    feeds = [asked for asked in site.asked if asked.path == "/feed"]
    assert [asked.headers.get("If-None-Match") for asked in feeds] == [None, '"v1"']


def test_fetch_matching_leaves_other_entries_alone(tmp_path: Path) -> None:
    with Site() as site:
        item = f"<item><title>Veldria closes Karst Gate after clash</title><link>{site.url}/match</link></item>"
        site.replies = {"/robots.txt": "", "/feed": rss(f"{site.url}/other", extra=item), "/match": article(1)}
        seeds = seeds_for(tmp_path, site, fetch="matching")
        assert crawl(tmp_path, seeds).returncode == 0
        assert "/other" not in site.paths()
        assert ledger(tmp_path) == {"other": "irrelevant", "match": "stored"}


def test_second_crawl_meanwhile_ends_with_75(tmp_path: Path) -> None:
    release = threading.Event()
    with Site() as site:
        site.replies = {
            "/robots.txt": "",
            "/feed": rss(f"{site.url}/one"),
            "/one": Reply(article(1), wait=release.wait),
        }
        seeds = seeds_for(tmp_path, site)
        env = {**os.environ, "PYTHONPATH": str(ROOT), "MONITOR_WORKERS": "1"}
        first = subprocess.Popen(command(tmp_path, seeds, "crawl", "--allow-private-hosts"), cwd=tmp_path, env=env)
        try:
            wait_until(lambda: "/one" in site.paths())
            second = crawl(tmp_path, seeds)
            assert second.returncode == 75 and "another crawl" in second.stderr and str(first.pid) in second.stderr
        finally:
            release.set()
            assert first.wait(60) == 0
    assert stored(tmp_path) == ["one"]


def test_killed_crawl_is_picked_up_by_the_next(tmp_path: Path) -> None:
    release = threading.Event()
    with Site() as site:
        pages = {f"/{n}": article(n, paragraphs=[f"{p} Version {n}." for p in PARAGRAPHS]) for n in range(5)}
        site.replies = {"/robots.txt": "", "/feed": rss(*(site.url + path for path in pages)), **pages}
        site.replies["/3"] = Reply(pages["/3"], wait=release.wait)
        seeds = seeds_for(tmp_path, site)
        env = {**os.environ, "PYTHONPATH": str(ROOT), "MONITOR_WORKERS": "1"}
        process = subprocess.Popen(command(tmp_path, seeds, "crawl", "--allow-private-hosts"), cwd=tmp_path, env=env)
        wait_until(lambda: "/3" in site.paths())
        process.send_signal(signal.SIGKILL)
        process.wait(30)
        release.set()
        site.replies["/feed"] = rss()  # what the first run listed must not depend on the feed any more
        assert crawl(tmp_path, seeds).returncode == 0
        assert set(ledger(tmp_path).values()) <= {"stored", "duplicate"}
        assert len(ledger(tmp_path)) == 5
        with closing(sqlite3.connect(tmp_path / "m.db")) as conn:
            assert [row[0] for row in conn.execute("select outcome from runs order by id")] == ["killed", "done"]
            hashes = {sha for (sha,) in conn.execute("select page_sha256 from stories")}
            assert hashes == {sha for (sha,) in conn.execute("select page_sha256 from archive")}
        for path in stored(tmp_path):
            assert run(tmp_path, seeds, "show", f"{site.url}/{path}", "--archived").stdout == pages[f"/{path}"]


def wait_until(condition: object, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        if time.monotonic() > deadline:
            pytest.fail("it did not happen in time")
        time.sleep(0.02)


def test_changed_page_becomes_a_revision(tmp_path: Path) -> None:
    with Site() as site:
        site.replies = {"/robots.txt": "", "/feed": rss(f"{site.url}/one", f"{site.url}/two"), "/one": article(1)}
        site.replies["/two"] = article(2, paragraphs=[f"{text} Elsewhere all is quiet." for text in PARAGRAPHS])
        seeds = seeds_for(tmp_path, site)
        assert crawl(tmp_path, seeds).returncode == 0
        identifier = json.loads(
            run(tmp_path, seeds, "search", "--limit", "9", "--format", "jsonl").stdout.splitlines()[-1]
        )["id"]
        with closing(sqlite3.connect(tmp_path / "m.db")) as conn:
            conn.execute("update pages set next_at = '2020-01-01T00:00:00Z' where state = 'stored'")
            conn.commit()
        corrected = [text.replace("Three", "Seven") for text in PARAGRAPHS]
        site.replies["/one"] = article(1, paragraphs=corrected)
        site.asked.clear()
        result = crawl(tmp_path, seeds, "-v")
        assert result.returncode == 0 and "1 stored stories changed" in result.stdout
        assert sorted(site.paths()) == ["/feed", "/one", "/two"]
        site.asked.clear()
        assert crawl(tmp_path, seeds).returncode == 0
        assert site.paths() == ["/feed"], "what was just looked at waits for its next time"
        found = [json.loads(line) for line in run(tmp_path, seeds, "export", "stories").stdout.splitlines()]
        assert sorted(story["revision"] for story in found) == [1, 2]
        changed = next(story for story in found if story["revision"] == 2)
        assert "Seven Ostmark soldiers" in changed["text"]
        page = run(tmp_path, seeds, "show", changed["id"], "--revisions").stdout
        assert "[-Three-]" in page and "{+Seven+}" in page
        assert run(tmp_path, seeds, "search", "seven", "--format", "jsonl").stdout.count('"id"') == 1
        assert run(tmp_path, seeds, "search", '"three ostmark soldiers"', "--format", "jsonl").stdout.count('"id"') == 1
        assert identifier in {story["id"] for story in found}
        copies = [
            run(tmp_path, seeds, "show", changed["id"], "--archived", *words).stdout
            for words in ((), ("--revision", "1"))
        ]
        assert copies == [site.replies["/one"], article(1)]


def test_addresses_that_are_not_public_are_refused_by_default(tmp_path: Path) -> None:
    with Site() as site:
        site.replies = {"/robots.txt": "", "/feed": rss(f"{site.url}/one"), "/one": article(1)}
        seeds = seeds_for(tmp_path, site)
        result = run(tmp_path, seeds, "crawl")
        assert result.returncode == 1 and "not a public address" in result.stderr
        assert site.asked == []


def test_host_that_does_not_answer_is_left_alone(tmp_path: Path) -> None:
    release = threading.Event()
    with Site() as site:
        pages = {f"/{n}": Reply(article(n), wait=release.wait) for n in range(6)}
        site.replies = {"/robots.txt": "", "/feed": rss(*(site.url + path for path in pages)), **pages}
        seeds = seeds_for(tmp_path, site)
        result = crawl(tmp_path, seeds, "-v", MONITOR_TIMEOUT="1")
        release.set()
        assert result.returncode == 0
        asked = len([path for path in site.paths() if path != "/feed"])
        assert 3 <= asked <= 4
        assert "does not answer" in result.stdout
        states = ledger(tmp_path)
        assert sorted(states.values()) == ["failed"] * asked + ["listed"] * (6 - asked)
        assert crawl(tmp_path, seeds).returncode == 0
        assert len(stored(tmp_path)) >= 1, "what was left waits for the next run"
