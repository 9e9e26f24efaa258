"""Looking up copies costs the same in a small store and a large one, whatever many stories share."""

import random
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

from monitor.items import Story
from monitor.stages import link_duplicate
from monitor.store import stories
from monitor.store.database import open_store

WORDS = [f"w{number}" for number in range(5000)]
NOW = datetime(2025, 10, 12, tzinfo=UTC)


def story(number: int, text: str) -> Story:
    url = f"https://outlet{number % 7}.example/{number}"
    return Story(url=url, canonical_url=url, source=f"outlet-{number % 7}", title="Title", text=text, fetched_at=NOW)


def text_of(rng: random.Random, length: int = 150) -> str:
    return " ".join(rng.choices(WORDS, k=length))


def fill(conn: sqlite3.Connection, begin: int, end: int, rng: random.Random, boilerplate: str) -> None:
    with conn:
        conn.execute("begin")
        for number in range(begin, end):
            new = story(number, f"{text_of(rng)} {boilerplate}")
            link_duplicate(new, conn)
            stories.add_story(conn, new)
        conn.execute("commit")


def steps_of_looking_up(conn: sqlite3.Connection, new: Story) -> int:
    """How many instructions SQLite runs for it: what it costs, told without a clock."""
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += 1
        return 0

    conn.set_progress_handler(count, 1)
    link_duplicate(new, conn)
    conn.set_progress_handler(None, 1)
    return steps


def test_what_an_outlet_prints_under_every_story_costs_no_more_as_the_store_grows(tmp_path: Path) -> None:
    rng = random.Random(1)
    boilerplate = text_of(rng, 100)
    conn = open_store(tmp_path / "m.db")
    fill(conn, 0, 200, rng, boilerplate)
    few = steps_of_looking_up(conn, story(10_000, f"{text_of(rng)} {boilerplate}"))
    fill(conn, 200, 2000, rng, boilerplate)
    many = steps_of_looking_up(conn, story(10_001, f"{text_of(rng)} {boilerplate}"))
    assert abs(few - many) < 0.05 * few


def test_a_copy_is_found_among_thousands_that_share_its_boilerplate(tmp_path: Path) -> None:
    rng = random.Random(2)
    boilerplate = text_of(rng, 60)
    conn = open_store(tmp_path / "m.db")
    first = story(50_000, f"{text_of(rng, 200)} {boilerplate}")
    link_duplicate(first, conn)
    stories.add_story(conn, first)
    fill(conn, 0, 1000, rng, boilerplate)
    again = story(50_001, " ".join(word if rng.random() > 0.05 else "edit" for word in first.text.split()))
    link_duplicate(again, conn)
    assert again.duplicate_of == first.id
    stranger = story(50_002, f"{text_of(rng, 200)} {boilerplate}")
    link_duplicate(stranger, conn)
    assert stranger.duplicate_of is None


def test_sixty_prints_of_one_wire_have_one_origin(tmp_path: Path) -> None:
    rng = random.Random(3)
    conn = open_store(tmp_path / "m.db")
    wire = text_of(rng, 120).split()
    ids = []
    for number in range(150):
        words = [word if rng.random() > 0.04 else "edit" for word in wire]
        print_ = story(number, " ".join(words + text_of(rng, 20).split()))
        link_duplicate(print_, conn)
        ids.append((stories.add_story(conn, print_), print_.duplicate_of))
    assert {root for _, root in ids[1:]} == {ids[0][0]}
