"""Serving while a crawl writes: readers see a whole state of the database at once, and nobody waits for a lock."""

from __future__ import annotations

import os
import threading
import time
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from monitor.config import Config
from monitor.store import incidents
from monitor.store.database import open_store, transaction
from monitor.store.stories import add_story
from tests.browser import served
from tests.webworld import NOW, incident, sides_of, story, world

pytestmark = pytest.mark.slow
# How long both go on; the long run before a release: MONITOR_LIVE_SECONDS=600.
SECONDS = float(os.environ.get("MONITOR_LIVE_SECONDS", "20"))
PATHS = (
    "/",
    "/map",
    "/timeline",
    "/incident/ilive",
    "/search?q=crossing",
    "/sources",
    "/data/stories.json",
    "/story/{}",
)


class Writer(threading.Thread):
    """Stores a story and reads the incident anew, again and again, as a crawl does."""

    def __init__(self, config: Config, sides: tuple[str, str]) -> None:
        super().__init__(daemon=True)
        self.config, self.sides = config, sides
        self.stored = [story(0)]
        self.stop = threading.Event()
        self.fault: Exception | None = None

    def run(self) -> None:
        try:
            with closing(open_store(self.config.db)) as conn:
                number = 0
                while not self.stop.wait(0.01):
                    number += 1
                    new = replace(story(number), fetched_at=NOW + timedelta(seconds=number))
                    with transaction(conn):
                        add_story(conn, new)
                        found = incident("ilive", [*self.stored[-40:], new], self.sides)
                        incidents.put(conn, found, [], NOW)
                    self.stored.append(new)
        except Exception as error:  # noqa: BLE001 - told in the test's own thread
            self.fault = error


def test_serving_while_a_crawl_writes(tmp_path: Path) -> None:
    first = story(0)
    config = world(tmp_path, [first])
    sides = sides_of(config)
    with closing(open_store(config.db)) as conn, transaction(conn):
        incidents.put(conn, incident("ilive", [first], sides), [], NOW)
    writer = Writer(config, sides)
    writer.stored = [first]
    answers: dict[int, int] = {}
    slowest = 0.0
    with served(config, clock=lambda: NOW) as base, httpx.Client(base_url=base, timeout=30) as client:
        writer.start()
        end = time.monotonic() + SECONDS
        asked = 0
        while time.monotonic() < end:
            path = PATHS[asked % len(PATHS)].format(writer.stored[-1].id)
            began = time.monotonic()
            answer = client.get(path)
            slowest = max(slowest, time.monotonic() - began)
            answers[answer.status_code] = answers.get(answer.status_code, 0) + 1
            assert answer.status_code == 200, f"{path}: {answer.text[:300]}"
            asked += 1
        writer.stop.set()
        writer.join(30)
        assert writer.fault is None
        assert f"/story/{writer.stored[-1].id}" in client.get("/incident/ilive").text, "the newest is seen"
    assert len(writer.stored) > SECONDS, "the crawl went on meanwhile"
    assert asked > SECONDS
    wal = Path(f"{config.db}-wal")
    assert not wal.exists() or wal.stat().st_size < 64 * 2**20, "readers must not keep the log from being emptied"
    print(
        f"\n{asked} pages asked for and {len(writer.stored)} stories stored in {SECONDS:.0f} s; slowest {slowest:.2f} s"
    )
