"""Worker processes: a task that hangs, crashes, raises or eats memory costs nobody but itself."""

from __future__ import annotations

import asyncio
import ctypes
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from monitor.reader import screen_at
from monitor.workers import TaskFailed, TaskLost, WorkerPool
from tests.paths import ROOT

MIB = 1024 * 1024


def task(what: str) -> str:
    """What the workers of these tests run."""
    if what == "hang":
        re.match("(a+)+b", "a" * 100)  # in C code, which looks for no signal
    elif what == "wait":
        time.sleep(600)
    elif what == "crash":
        ctypes.string_at(0)
    elif what == "leave":
        os._exit(3)
    elif what == "eat":
        return str(len(bytearray(4096 * MIB)))
    elif what == "recurse":
        return task(what)
    elif what == "fatten":
        return str(len(bytearray(700 * MIB)))
    return f"{what} by {os.getpid()}"


@pytest.fixture
def pool() -> Iterator[WorkerPool]:
    pool = WorkerPool(workers=2, seconds=1.5, memory=1536 * MIB)
    yield pool
    pool.close()


def run_all(pool: WorkerPool, tasks: list[str]) -> list[object]:
    async def run() -> list[object]:
        return await asyncio.gather(*(pool.run(task, what) for what in tasks), return_exceptions=True)

    return asyncio.run(run())


@pytest.mark.parametrize(
    ("what", "kind", "words"),
    [
        ("hang", TaskLost, "took longer than 1.5 s"),
        ("crash", TaskLost, "crashed its process (signal 11)"),
        ("leave", TaskLost, "crashed its process (exit code 3)"),
        ("eat", TaskLost, "needed more than 1536 MiB of memory"),
        ("recurse", TaskFailed, "RecursionError"),
    ],
)
def test_bad_task_costs_only_itself(pool: WorkerPool, what: str, kind: type[Exception], words: str) -> None:
    tasks = [f"good {number}" for number in range(12)]
    tasks[3] = tasks[7] = what
    for given, result in zip(tasks, run_all(pool, tasks), strict=True):
        if given == what:
            assert type(result) is kind and words in str(result)
        else:
            assert isinstance(result, str) and result.startswith(given)


def test_task_that_only_waits_is_given_up_later() -> None:
    pool = WorkerPool(workers=1, seconds=0.2)
    lost, done = run_all(pool, ["wait", "good"])
    pool.close()
    assert type(lost) is TaskLost and "took longer than 2 s" in str(lost)
    assert isinstance(done, str)


def test_workers_are_kept_until_they_are_worn(pool: WorkerPool) -> None:
    def pid() -> str:
        (result,) = run_all(pool, ["good"])
        return str(result).rpartition(" ")[2]

    first = pid()
    assert pid() == first
    assert run_all(pool, ["fatten"]) == [str(700 * MIB)]
    assert pid() != first


def test_worker_that_died_idle_is_replaced(pool: WorkerPool) -> None:
    (result,) = run_all(pool, ["good"])
    pid = int(str(result).rpartition(" ")[2])
    os.kill(pid, 9)
    time.sleep(0.2)
    (again,) = run_all(pool, ["good"])
    assert isinstance(again, str) and int(again.rpartition(" ")[2]) != pid


def screens() -> str:
    """How often the screen of the process was asked for and was there, and how often it was made."""
    found = screen_at.cache_info()
    return f"{found.hits} there, {found.misses} made"


def printed(script: str) -> str:
    """What a Python process prints that runs ``script`` in the folder of the project."""
    return subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True).stdout


def told_by_a_reader(function: str) -> str:
    """What a function of these tests returns in a reader that has just begun.

    The pool is in a process of its own: the first one of a process decides what its workers are forked from.
    """
    return printed(
        "import asyncio; from pathlib import Path; from monitor.readers import reading_pool;"
        f"from tests.test_workers import {function}; pool = reading_pool(Path('seeds'), 2, 60.0);"
        f"print(asyncio.run(pool.run({function}))); pool.close()"
    )


def test_what_readers_need_is_loaded_once_for_all_of_them() -> None:
    assert told_by_a_reader("screens") == "2 there, 1 made\n", "inherited: it was there when the worker got ready"


def doubled(numbers: list[int]) -> list[int]:
    if 13 in numbers:
        raise ValueError("13")
    return [number * 2 for number in numbers]


def test_work_is_shared_out_and_comes_back_in_order(pool: WorkerPool) -> None:
    for count in (0, 1, 2, 7):
        assert pool.share(doubled, list(range(count))) == [number * 2 for number in range(count)]
    with pytest.raises(TaskFailed, match="ValueError: 13"):
        pool.share(doubled, list(range(20)))


def niceness() -> int:
    """How far the process gives way to others."""
    return os.nice(0)


def test_workers_give_way_to_the_process_that_feeds_them(pool: WorkerPool) -> None:
    assert asyncio.run(pool.run(niceness)) == os.nice(0) + 10


def test_what_starts_the_readers_loads_nothing_that_they_need() -> None:
    script = "import sys, monitor.readers, monitor.cli.crawl; print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    assert not {"scrapy", "twisted", "trafilatura", "lxml", "numpy", "re2"} & set(printed(script).split())


def test_readers_have_read_a_page_before_they_are_forked() -> None:
    assert told_by_a_reader("loaded") == "True\n"


def loaded() -> bool:
    """Whether profiles of languages and the public suffixes are loaded, before any page was read here."""
    return {"langdetect", "tldextract", "monitor.feeds"} <= set(sys.modules)
