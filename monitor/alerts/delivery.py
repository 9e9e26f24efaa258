"""Delivery: every channel in a thread of its own, each message marked as begun before it is sent and as sent after.

A process killed in between leaves one begun message a channel; the next delivery sends that again, under the same id.
Only the calling thread touches the store: the channels' threads ask it to note what they begin and how it went.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from sqlite3 import Connection

from monitor.alerts.channels import Channel
from monitor.alerts.messages import Item, Message, compose, digest
from monitor.alerts.plan import Notification, Pending, muted, plan, retry_at
from monitor.alerts.secrets import scrubbed
from monitor.alerts.senders import send
from monitor.figures import PLAIN, Names
from monitor.items import isoformat
from monitor.store import alerts as store
from monitor.store.outbox import silences

_log = logging.getLogger(__name__)
# After so many failures in a row a channel is left alone until the next delivery.
_GIVE_UP = 2


@dataclass
class Sent:
    """What one channel was sent in a delivery; ``held`` counts what waits, ``problem`` is the last failure."""

    messages: int = 0
    alerts: int = 0
    failed: int = 0
    dead: int = 0
    held: Mapping[str, int] = field(default_factory=dict)
    problem: str = ""


@dataclass
class Report:
    """What a delivery did, channel by channel."""

    channels: dict[str, Sent] = field(default_factory=dict)
    muted: int = 0

    @property
    def failed(self) -> int:
        """Messages that could not be sent."""
        return sum(sent.failed for sent in self.channels.values())


@dataclass
class _Worker:
    """A channel, its messages, and the thread that sends them; ``begun`` is when its present message was begun."""

    channel: Channel
    waiting: list[tuple[Notification, Message]]
    thread: threading.Thread | None = None
    current: Notification | None = None
    begun: float = 0.0
    failures: int = 0
    go: queue.Queue[Message | None] = field(default_factory=queue.Queue)


def deliver(
    conn: Connection, channels: Sequence[Channel], now: datetime, *, names: Names = PLAIN, link: str = ""
) -> Report:
    """Send what is due ``now`` to ``channels``; ``link`` is the address of the query site. One at a time on a store.

    ``names`` are those of sides and parties.

    A channel that fails or hangs (longer than its ``send_seconds``) delays no other; its messages are tried again
    later, and given up, with the reason, after its number of ``attempts``.
    """
    report = Report({channel.name: Sent() for channel in channels})
    workers = [worker for channel in channels if (worker := _prepare(conn, channel, now, (names, link), report))]
    if workers:
        store.durable(conn, True)
        try:
            _run(conn, workers, now, report)
        finally:
            store.durable(conn, False)
    return report


def _prepare(
    conn: Connection, channel: Channel, now: datetime, told_with: tuple[Names, str], report: Report
) -> _Worker | None:
    """Decide what ``channel`` gets; None when it gets nothing."""
    pending = [item for item in store.pending(conn) if item.channel == channel.name]
    told = store.told_by(conn, {rule for item in pending for rule in item.muted_by})
    still = muted(pending, silences(conn, now), told)
    store.mark_muted(conn, still)
    report.muted += len(still)
    gone = {pk for pk, _ in still}
    pending = [item for item in pending if item.pk not in gone]
    last = store.last_sent(conn, [item.group for item in pending])
    lately = store.sent_since(conn, channel.name, now - channel.rate.per, now)
    found = plan(
        channel, pending, {group: at for (name, group), at in last.items() if name == channel.name}, lately, now
    )
    report.channels[channel.name].held = found.held
    messages = [(notification, message_of(notification, *told_with)) for notification in found.notifications]
    return _Worker(channel, messages) if messages else None


def message_of(notification: Notification, names: Names, link: str) -> Message:
    """The message of ``notification``."""
    groups = [[_item(delivery) for delivery in group] for group in notification.groups]
    if len(groups) > 1:
        return digest(notification.id, groups, names=names, link=link)
    return compose(notification.id, groups[0], names=names, link=link, again=notification.again)


def _item(delivery: Pending) -> Item:
    return Item(delivery.alert, delivery.severity, isoformat(delivery.found_at) or "", delivery.payload)


def _run(conn: Connection, workers: Sequence[_Worker], now: datetime, report: Report) -> None:
    results: queue.Queue[tuple[_Worker, str | None]] = queue.Queue()
    busy = []
    for worker in workers:
        worker.thread = threading.Thread(
            target=_work, args=(worker, results, now), name=f"alerts-{worker.channel.name}", daemon=True
        )
        worker.thread.start()
        if _begin(conn, worker):
            busy.append(worker)
    while busy:
        try:
            worker, problem = results.get(timeout=max(0.01, _patience(busy)))
        except queue.Empty:
            late = [one for one in busy if _left(one) <= 0]
            for one in late:
                _settle(conn, one, now, report, f"no answer within {one.channel.seconds:g} s")
                one.go.put(None)
                busy.remove(one)
            continue
        if worker not in busy:  # an answer after its time was up: the message counts as failed, and is sent again
            continue
        _settle(conn, worker, now, report, problem)
        if worker.failures >= _GIVE_UP or not _begin(conn, worker):
            worker.go.put(None)
            busy.remove(worker)


def _patience(busy: Sequence[_Worker]) -> float:
    return min(_left(worker) for worker in busy)


def _left(worker: _Worker) -> float:
    return worker.begun + worker.channel.seconds - time.monotonic()


def _begin(conn: Connection, worker: _Worker) -> bool:
    """Mark the next message of ``worker`` as begun and have it sent; False when there is none."""
    if not worker.waiting:
        return False
    worker.current, message = worker.waiting.pop(0)
    store.begin_sending(conn, [item.pk for item in worker.current.deliveries], worker.current.id)
    worker.begun = time.monotonic()
    worker.go.put(message)
    return True


def _settle(conn: Connection, worker: _Worker, now: datetime, report: Report, problem: str | None) -> None:
    """Note how the message that ``worker`` had begun went."""
    assert worker.current is not None
    deliveries, sent = worker.current.deliveries, report.channels[worker.channel.name]
    pks = [item.pk for item in deliveries]
    if problem is None:
        store.mark_sent(conn, pks, now)
        worker.failures = 0
        sent.messages += 1
        sent.alerts += len(deliveries)
        return
    worker.failures += 1
    sent.failed += 1
    sent.problem = problem
    for item in deliveries:
        attempts = item.attempts + 1
        again = retry_at(attempts, now) if attempts < worker.channel.attempts else None
        sent.dead += again is None
        store.mark_failed(conn, [item.pk], again, problem)
    _log.warning("channel %s: %s", worker.channel.name, problem)


def _work(worker: _Worker, results: queue.Queue[tuple[_Worker, str | None]], now: datetime) -> None:
    """Send, one after the other, the messages that the calling thread hands over; None ends it."""
    while (message := worker.go.get()) is not None:
        problem: str | None = None
        try:
            send(worker.channel, message, now)
        except Exception as error:  # noqa: BLE001 - whatever a service's library raises is a failure to tell, not to die of
            text = str(error) if isinstance(error, (OSError, ValueError)) else f"{type(error).__name__}: {error}"
            problem = scrubbed(" ".join(text.split())[:500], worker.channel.hidden) or type(error).__name__
        results.put((worker, problem))
