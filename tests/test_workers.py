"""Worker processes: a task that hangs, crashes, raises or eats memory costs nobody but itself."""

from __future__ import annotations

import asyncio
import ctypes
import os
import time
from collections.abc import Iterator

import pytest

from monitor.workers import TaskFailed, TaskLost, WorkerPool

MIB = 1024 * 1024


def task(what: str) -> str:
    """What the workers of these tests run."""
    if what == "hang":
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
