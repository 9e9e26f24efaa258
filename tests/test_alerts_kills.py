"""Killed at any moment: real crawls and deliveries, real receivers, SIGKILL. MONITOR_KILLS=200 for the long version."""

from __future__ import annotations

import html
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from monitor.demo.replay import news_days, write_seeds
from tests.paths import ROOT
from tests.receivers import Hook, Mail
from tests.site import Reply, Site

KILLS = int(os.environ.get("MONITOR_KILLS", "20"))
PORTION = 8
SETTINGS = """
[alerts]
group_interval = "0s"
rate = "5000/h"
storm = 1000
[[channel]]
name = "mail"
url = "{mail}"
[[channel]]
name = "hook"
kind = "webhook"
url = "{hook}"
secret = "${{HOOK_SECRET}}"
[[channel]]
name = "file"
kind = "file"
path = "alerts.jsonl"
[[rule]]
name = "all"
on = ["new", "claim", "contradiction", "denial"]
group_by = "alert"
channels = ["mail", "hook", "file"]
[[rule]]
name = "stories"
on = "story"
sources = ["gazette"]
group_by = "alert"
channels = ["mail", "hook", "file"]
"""
SOURCE = """
[[source]]
id = "gazette"
name = "Gazette"
country = "XA"
languages = ["en", "ur", "ps", "fa"]
affiliation = "independent"
homepage = "{url}/"
feeds = ["{url}/feed"]
fetch = "all"
"""


class World:
    """The stories of the replay on a web site, published portion by portion; the program; its receivers."""

    def __init__(self, folder: Path, site: Site, mail: Mail, hook: Hook) -> None:
        self.folder, self.site, self.mail, self.hook = folder, site, mail, hook
        seeds = write_seeds(ROOT / "seeds", folder / "seeds")
        (seeds / "sources" / "gazette.toml").write_text(SOURCE.format(url=site.url))
        (folder / "monitor.toml").write_text(SETTINGS.format(mail=mail.url, hook=hook.url))
        lines = [line for day in news_days(ROOT / "seeds") for line in day.path.read_bytes().splitlines()]
        self.stories = [json.loads(line) for line in lines]
        site.replies["/robots.txt"] = Reply("User-agent: *\nAllow: /\n", type="text/plain")
        self.listed = 0
        self.random = random.Random(KILLS)

    def publish(self) -> None:
        """Put the next portion into the feed."""
        items = ""
        self.listed = min(self.listed + PORTION, len(self.stories))
        for number, story in enumerate(self.stories[: self.listed]):
            text = "".join(f"<p>{html.escape(part)}</p>" for part in story["text"].split("\n") if part.strip())
            head = f'<meta property="article:published_time" content="{story["published"]}">'
            title = html.escape(story["title"])
            self.site.replies[f"/story/{number}"] = (
                f"<!doctype html><html><head><title>{title}</title>{head}</head>"
                f"<body><article><h1>{title}</h1>{text}</article></body></html>"
            )
            items += f"<item><title>{title}</title><link>{self.site.url}/story/{number}</link></item>"
        feed = f"<?xml version='1.0'?><rss version='2.0'><channel><title>Gazette</title>{items}</channel></rss>"
        self.site.replies["/feed"] = Reply(feed, type="application/rss+xml")

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        options = ["--db", "m.db", "--seeds", "seeds", "--config", "monitor.toml"]
        environ = {"PYTHONPATH": str(ROOT), "HOOK_SECRET": "hook-secret-0815", "MONITOR_WORKERS": "1"}
        return subprocess.Popen(
            [sys.executable, "-m", "monitor", *words, *options],
            cwd=self.folder,
            env={**os.environ, **environ, "MONITOR_DELAY": "0"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )

    def run(self, *words: str) -> float:
        """Run the program to its end; return how long it took."""
        began = time.monotonic()
        process = self.start(*words)
        _, errors = process.communicate(timeout=300)
        assert process.returncode == 0, errors.decode()
        return time.monotonic() - began

    def kill(self, seconds: float, *words: str) -> None:
        """Run the program and kill it, and all that it started, after a random part of ``seconds``."""
        process = self.start(*words)
        try:
            process.wait(self.random.uniform(0.05, 1.0) * seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate(timeout=60)
        time.sleep(0.1)

    def received(self) -> dict[str, list[str]]:
        """The ids of the messages that each receiver got, in order."""
        path = self.folder / "alerts.jsonl"
        lines = path.read_text("utf-8").splitlines() if path.exists() else []
        whole = [json.loads(line)["id"] for line in lines if line.endswith("}")]
        return {"mail": self.mail.ids(), "hook": list(self.hook.ids), "file": whole}

    def rows(self, query: str) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(self.folder / "m.db")) as conn:
            return conn.execute(query).fetchall()


def repeats(ids: list[str]) -> int:
    return sum(count - 1 for count in Counter(ids).values())


@pytest.mark.slow
def test_every_alert_arrives_and_at_most_the_one_in_flight_twice(tmp_path: Path) -> None:
    with Site() as site, Mail() as mail, Hook() as hook:
        world = World(tmp_path, site, mail, hook)
        hook.wait = lambda: time.sleep(0.04)
        world.publish()
        crawl = ("crawl", "--all", "--allow-private-hosts")
        length = world.run(*crawl)
        killed = 0
        seen = {name: repeats(ids) for name, ids in world.received().items()}
        a_portion = max(1, KILLS * PORTION // len(world.stories))
        while killed < KILLS:
            world.publish()
            for _ in range(min(a_portion + 1, KILLS - killed)):
                words = ("alerts", "deliver") if world.random.random() < 0.3 else crawl
                world.kill(length * (0.6 if words[0] == "alerts" else 1.1), *words)
                killed += 1
                for name, ids in world.received().items():
                    assert repeats(ids) <= seen[name] + 1, f"{name} after kill {killed}"
                    seen[name] = repeats(ids)
        time.sleep(1)
        seen = {name: repeats(ids) for name, ids in world.received().items()}
        world.publish()
        world.run(*crawl)
        world.run("alerts", "deliver")
        world.run(*crawl)
        received = world.received()
        for name, ids in received.items():
            assert repeats(ids) <= seen[name] + 1, name
            sent = {str(row[0]) for row in world.rows(f"select notification from deliveries where channel = '{name}'")}
            assert set(ids) == sent, f"{name}: none missing"
        assert {state for (state,) in world.rows("select distinct state from deliveries")} == {"sent"}
        pages = dict(world.rows("select state, count(*) from pages group by 1"))
        assert set(pages) <= {"stored", "irrelevant", "duplicate"}, "no story lost"
        assert sum(map(int, pages.values())) == world.listed
        told = world.rows(
            "select count(*) from incidents i where forward_to is null and not exists"
            " (select 1 from alerts a where a.kind = 'new' and (a.incident_id = i.id"
            " or a.incident_id in (select id from incidents f where f.forward_to = i.id)"
            " or a.incident_id in (select other from alert_kin k where k.incident = i.id)))"
        )
        assert told == [(0,)], "every incident was told"
        counts = {name: (len(set(ids)), repeats(ids)) for name, ids in received.items()}
        print(f"{killed} kills; messages and repeats: {counts}; pages: {pages}")
        assert min(count for count, _ in counts.values()) >= 10
