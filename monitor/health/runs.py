"""How the crawl itself is: did it run lately, did it end well, could it reach anything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.health.history import History, Run, own_fault
from monitor.health.states import State
from monitor.phrases import span

STALE_AFTER = timedelta(hours=24)


@dataclass(frozen=True)
class RunHealth:
    """How the crawl itself is; ``age`` is how long ago a run last finished well."""

    state: State
    reasons: tuple[str, ...] = ()
    last: Run | None = None
    last_good: Run | None = None
    age: timedelta | None = None


def judge_run(history: History, now: datetime, stale_after: timedelta = STALE_AFTER) -> RunHealth:
    """Sick when no run finished well for longer than ``stale_after``, or the last one did not go well."""
    last, good = history.last_run, history.last_good_run
    if last is None:
        return RunHealth("sick", ("no crawl has run on this database yet",))
    reasons = []
    age = now - good.finished_at if good and good.finished_at else None
    if age is None:
        reasons.append("no run over all sources has finished well yet")
    elif age > stale_after:
        reasons.append(f"no run over all sources has finished well for {span(age)}")
    if good and not any(past.ways_in for past in history.sources.values()):
        reasons.append("no source that is switched on was ever polled (do --db and --seeds belong together?)")
    if last.outcome == "running" and now - last.started_at > stale_after:
        reasons.append(
            f"the last run began {span(now - last.started_at)} ago and has not ended: it hangs or was killed"
        )
    elif last.outcome == "failed":
        reasons.append(f"the last run failed{_because(last)}")
    elif last.outcome == "killed":
        reasons.append("the last run was killed")
    elif last.outcome == "done" and own_fault(last.polled, last.unread):
        where = "look at our own connection first"
        reasons.append(f"{last.unread} of {last.polled} sources could not be read in the last run: {where}")
    return RunHealth("sick" if reasons else "healthy", tuple(reasons), last, good, age)


def _because(run: Run) -> str:
    if run.note:
        return f": {run.note}"
    return f": none of {run.polled} sources could be read" if run.polled and run.polled == run.unread else ""
