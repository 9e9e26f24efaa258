"""Worker processes for work on hostile input: a task may hang, crash or eat memory, and costs nobody but itself."""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import os
import resource
import signal
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from typing import Any, TypeVar

from monitor.errors import MonitorError

_T = TypeVar("_T")
_U = TypeVar("_U")
_Task = tuple[Callable[..., Any], tuple[Any, ...]]

_FORK = multiprocessing.get_context("forkserver")
# Address space a worker may have, in bytes; an ordinary page needs a tenth of it.
MOST_MEMORY = 1536 * 1024 * 1024
# What a worker may take to get ready; on a machine with nothing else to do it is half a second.
_START_SECONDS = 60.0
# Workers give way to the process that feeds them, which otherwise waits behind them for a processor, and to other work
# on the machine: there they may wait long for what takes them little, so their time is that of the processor.
_GIVES_WAY = 10
# A task that works on nothing at all is given up after so many times the time it may work.
_WAITS = 10
# A worker that has once needed this share of its memory is replaced: what it took it hardly ever gives back.
_WORN = 0.4


def preload(modules: Sequence[str]) -> None:
    """Have ``modules`` imported before the first worker is forked; says nothing to workers that were forked before."""
    _FORK.set_forkserver_preload(list(modules))


class TaskFailed(Exception):
    """A task took too long, needed too much memory, crashed its process or raised; the message says which."""


class TaskLost(TaskFailed):
    """A task cost its worker: it took too long, needed too much memory or crashed."""


class WorkerPool:
    """So many processes that run functions on what they are given, each task in a process that may die of it.

    Each worker is known by its task: when one dies or is late, that task is to blame and no other is touched.
    ``workers`` 0 means one per processor core, ``seconds`` is the processor time that a task may take, ``memory`` the
    address space, in bytes, that a worker may have. ``setup`` is a function and its arguments that a new worker calls
    first; that takes nothing from the time of its first task.
    """

    def __init__(
        self,
        workers: int,
        seconds: float,
        memory: int = MOST_MEMORY,
        *,
        setup: _Task | None = None,
    ) -> None:
        self._setup = setup
        self.seconds = seconds
        self.memory = memory
        self.size = workers or os.cpu_count() or 1
        self._idle: deque[_Worker] = deque()
        self._threads = ThreadPoolExecutor(self.size, thread_name_prefix="worker")
        self._started = False

    async def run(self, function: Callable[..., _T], *args: Any) -> _T:
        """The result of ``function(*args)``; all of it must pickle. Raises TaskFailed."""
        result: _T = await asyncio.get_running_loop().run_in_executor(self._threads, self._run, (function, args))
        return result

    def share(self, function: Callable[[Sequence[_T]], list[_U]], items: Sequence[_T]) -> list[_U]:
        """``function(items)``, of which the workers do parts at the same time; for those who wait where they stand.

        Raises TaskFailed.
        """
        portion = -(-len(items) // self.size) or 1
        parts = [items[start : start + portion] for start in range(0, len(items), portion)]
        waiting = [self._threads.submit(self._run, (function, (part,))) for part in parts]
        return [found for part in waiting for found in part.result()]

    def start(self) -> None:
        """Start the workers now, in the background, where otherwise the first tasks would; once is enough."""
        if not self._started:
            self._started = True
            for _ in range(self.size):
                self._threads.submit(self._prepare)

    def _prepare(self) -> None:
        worker = self._new_worker()
        if worker.wait_until_ready():
            self._idle.append(worker)
        else:
            worker.kill()  # the first task will try again, and say why

    def close(self) -> None:
        """Wait for the tasks under way and end the workers."""
        self._threads.shutdown(wait=True, cancel_futures=True)
        while self._idle:
            self._idle.pop().end()

    def _run(self, task: _Task) -> Any:
        # One thread a worker, so there is always one to take, or room for a new one.
        worker = self._worker_given(task)
        if not worker.wait_until_ready():
            worker.kill()
            raise TaskLost("could not be begun: no worker process got ready")
        if not worker.pipe.poll(self.seconds * _WAITS):
            worker.kill()
            raise TaskLost(f"took longer than {self.seconds * _WAITS:g} s")
        try:
            outcome, value, worn = worker.pipe.recv()
        except (EOFError, OSError):
            code = worker.end()
            if code == -signal.SIGPROF:
                raise TaskLost(f"took longer than {self.seconds:g} s") from None
            raise TaskLost(f"crashed its process ({_ended(code)})") from None
        if worn:
            worker.end()
        else:
            self._idle.append(worker)
        if outcome == "memory":
            raise TaskLost(f"needed more than {self.memory >> 20} MiB of memory")
        if outcome == "error":
            raise TaskFailed(value)
        return value

    def _worker_given(self, task: _Task) -> _Worker:
        """A worker at work on ``task``: an idle one, unless it died meanwhile, or a new one."""
        while self._idle:
            worker = self._idle.pop()
            try:
                worker.pipe.send(task)
            except OSError:
                worker.end()
                continue
            return worker
        worker = self._new_worker()
        worker.pipe.send(task)
        return worker

    def _new_worker(self) -> _Worker:
        return _Worker(self.seconds, self.memory, self._setup)


class _Worker:
    """One process and the pipe to it."""

    def __init__(self, seconds: float, memory: int, setup: _Task | None) -> None:
        self.pipe, theirs = _FORK.Pipe()
        self.process = _FORK.Process(target=_work, args=(theirs, seconds, memory, setup), daemon=True)
        self.process.start()
        theirs.close()
        self._ready = False

    def wait_until_ready(self) -> bool:
        """Wait for its setup to be done; False when it fails or takes far too long."""
        if not self._ready and self.pipe.poll(_START_SECONDS):
            try:
                self._ready = self.pipe.recv() == "ready"
            except (EOFError, OSError):
                return False
        return self._ready

    def kill(self) -> None:
        """End it at once: C code cannot be interrupted in another way."""
        self.process.kill()
        self.end()

    def end(self) -> int | None:
        """Let it end, which it does when the pipe closes; return its exit code, below 0 for a signal."""
        self.pipe.close()
        self.process.join(5)
        code = self.process.exitcode
        if code is None:
            self.process.kill()
            self.process.join()
        self.process.close()
        return code


def _ended(code: int | None) -> str:
    return f"signal {-code}" if code and code < 0 else f"exit code {code}"


def _work(pipe: Connection, seconds: float, memory: int, setup: _Task | None) -> None:
    """What a worker does: get ready, then task by task, until the pipe closes or it is worn out."""
    # The crawl decides when to stop; a Ctrl-C on the terminal reaches the workers too.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGPROF, signal.SIG_DFL)  # ends the process, also within C code
    os.nice(_GIVES_WAY)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # What libraries log about bad input is told by the outcome.
    logging.getLogger().addHandler(logging.NullHandler())
    if setup is not None:
        setup[0](*setup[1])
    pipe.send("ready")
    worn = False
    while not worn:
        try:
            function, args = pipe.recv()
        except (EOFError, OSError):
            return
        signal.setitimer(signal.ITIMER_PROF, seconds)
        outcome, value = _attempt(function, args)
        signal.setitimer(signal.ITIMER_PROF, 0)
        worn = outcome == "memory" or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 > memory * _WORN
        pipe.send((outcome, value, worn))


def _attempt(function: Callable[..., Any], args: tuple[Any, ...]) -> tuple[str, Any]:
    try:
        return "done", function(*args)
    except MemoryError:
        return "memory", None
    except MonitorError as error:
        return "error", str(error)
    except Exception as error:  # noqa: BLE001 - whatever hostile input makes a library raise is that input's fault only
        return "error", f"{type(error).__name__}: {error}"[:500]
