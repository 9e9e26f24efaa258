"""A simulated world of outlets, hour by hour: what a crawler that polls them would have seen, and what goes wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import numpy as np

from monitor.health import History, Run, SourceHistory, WayIn, Window
from monitor.sources import Source

# A Monday, midnight.
START = datetime(2025, 9, 1, tzinfo=UTC)
DAY = 24
LANGUAGES = ("en", "ur", "ps", "fa")
_WEEKENDS = ({}, {4: 0.5}, {5: 0.8, 6: 0.7}, {5: 0.6, 6: 0.5}, {3: 0.7, 4: 0.4})
_SHAPES = ((8, 20), (5, 23), (0, 24))  # local office hours, long days, round the clock


@dataclass
class Outlet:
    """One outlet: its mean volume a day, its steadiness, what a feed holds, what is told wrongly of its language."""

    source: Source
    volume: float
    spread: float
    weekend: dict[int, float]
    hours: tuple[int, int]
    feed_holds: int
    entries: np.ndarray = field(default_factory=lambda: np.zeros(0, int))  # entries by hour and language
    down: np.ndarray = field(default_factory=lambda: np.zeros(0, bool))  # hours in which its server does not answer


class World:
    """``outlets`` outlets over ``days`` days, made from ``seed``; then spoilt by the test, crawled, and looked at.

    Noise: Poisson arrivals with office hours and weekends; a gamma factor a day with a coefficient of variation of 5 to
    25 %, larger for small outlets; levels that drift by some 5 % a month; events every 20 days or so that multiply the
    volume of many outlets by up to 2.5 for 1 to 4 days; one entry in 40 told in the wrong language; servers that do
    not answer one poll in 50, and for an hour or four twice in two months; feeds that hold 20 to 60 entries.
    """

    def __init__(self, outlets: int = 100, days: int = 100, seed: int = 1) -> None:
        self.rng = np.random.default_rng(seed)
        self.hours = days * DAY
        self.events = self._events(days)
        self.outlets = [self._outlet(number) for number in range(outlets)]
        self.running = np.ones(self.hours, bool)  # hours in which our crawler runs …
        self.connected = np.ones(self.hours, bool)  # … and has a connection

    def _events(self, days: int) -> np.ndarray:
        factors = np.ones(days)
        for day in np.flatnonzero(self.rng.random(days) < 1 / 20):
            factors[day : day + self.rng.integers(1, 5)] *= self.rng.uniform(1.2, 2.5)
        return factors

    def _outlet(self, number: int) -> Outlet:
        rng = self.rng
        volume = float(np.clip(np.exp(rng.normal(np.log(15), 1.1)), 0.3, 250))
        languages = tuple(
            rng.choice(LANGUAGES, 1 if rng.random() < 0.7 else 2, replace=False, p=[0.45, 0.2, 0.15, 0.2])
        )
        url = f"https://outlet{number}.example/feed"
        source = Source(
            id=f"outlet-{number}", name=f"Outlet {number}", country="XA", languages=tuple(map(str, languages)),
            homepage=f"https://outlet{number}.example/", affiliation="independent", feeds=(url,),
            expected_per_day=(int(volume / 5), int(volume * 5) + 5),
        )  # fmt: skip
        spread = float(rng.uniform(0.05, 0.15) + 0.1 * min(1, 10 / volume))
        outlet = Outlet(
            source, volume, spread, _WEEKENDS[rng.integers(len(_WEEKENDS))], _SHAPES[rng.integers(len(_SHAPES))],
            int(rng.integers(20, 61)),
        )  # fmt: skip
        outlet.entries = self._entries(outlet)
        outlet.down = np.zeros(self.hours, bool)
        for _ in range(rng.poisson(self.hours / DAY / 30)):
            at = rng.integers(self.hours)
            outlet.down[at : at + rng.integers(1, 5)] = True
        return outlet

    def _entries(self, outlet: Outlet) -> np.ndarray:
        """New entries of each hour in each of LANGUAGES."""
        rng, days = self.rng, self.hours // DAY
        level = outlet.volume * np.exp(np.cumsum(rng.normal(0, 0.05 / np.sqrt(30), days)))
        level *= rng.gamma(1 / outlet.spread**2, outlet.spread**2, days)
        level *= 1 + (self.events - 1) * rng.choice([0, 0.5, 1])
        level *= np.array([outlet.weekend.get(day % 7, 1.0) for day in range(days)])
        first, last = outlet.hours
        shape = np.array([1.0 if first <= hour < last else 0.15 for hour in range(DAY)])
        rate = np.repeat(level, DAY) * np.tile(shape / shape.sum(), days)
        found = np.zeros((self.hours, len(LANGUAGES)), int)
        spoken = [LANGUAGES.index(code) for code in outlet.source.languages]
        for index in spoken:
            told = rng.poisson(rate / len(spoken))
            wrong = rng.binomial(told, 1 / 40)
            found[:, index] += told - wrong
            found[:, (index + 1) % len(LANGUAGES)] += wrong
        return found

    # What goes wrong

    def stand_still(self, day: float, hours: int) -> None:
        """Our crawler does not run."""
        at = int(day * DAY)
        self.running[at : at + hours] = False

    def disconnect(self, day: float, hours: int) -> None:
        """Our crawler runs, but reaches nothing."""
        at = int(day * DAY)
        self.connected[at : at + hours] = False

    def thin(self, outlet: Outlet, day: float, share: float) -> None:
        """From ``day`` on only ``share`` of the outlet's entries come: 0 silences it, though its feed answers."""
        at = int(day * DAY)
        outlet.entries[at:] = self.rng.binomial(outlet.entries[at:], share)

    def turn(self, outlet: Outlet, day: float, code: str) -> None:
        """From ``day`` on it writes in language ``code``."""
        at = int(day * DAY)
        after = np.zeros_like(outlet.entries[at:])
        after[:, LANGUAGES.index(code)] = outlet.entries[at:].sum(axis=1)
        outlet.entries[at:] = after

    def kill(self, outlet: Outlet, day: float) -> None:
        """From ``day`` on its server does not answer."""
        outlet.down[int(day * DAY) :] = True

    # What the crawler saw

    def crawl(self) -> Seen:
        """Poll every outlet each hour (one that failed waits longer each time) and note what is seen."""
        return Seen(self)


class Seen:
    """What our crawler saw of a world: what the store would hold of it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.sources = [outlet.source for outlet in world.outlets]
        shape = (len(world.outlets), world.hours)
        self.reads, self.unread = np.zeros(shape, int), np.zeros(shape, int)
        self.listed = np.zeros((*shape, len(LANGUAGES)), int)
        self.failures = np.zeros(shape, int)  # in a row, our own outages aside
        self.read_at, self.polled_at = np.full(shape, -1), np.full(shape, -1)
        for index, outlet in enumerate(world.outlets):
            self._poll(index, outlet)

    def _poll(self, index: int, outlet: Outlet) -> None:
        world, waiting, failures, due = self.world, np.zeros(len(LANGUAGES), int), 0, 0
        hiccups = world.rng.random(world.hours) < 1 / 50
        read_at = polled_at = -1
        for hour in range(world.hours):
            waiting += outlet.entries[hour]
            if world.running[hour] and world.connected[hour] and hour >= due:
                polled_at = hour
                if outlet.down[hour] or hiccups[hour]:
                    failures += 1
                    due = hour + min(2 ** (failures - 1), 24)
                    self.unread[index, hour] = 1
                else:
                    failures, read_at = 0, hour
                    self.reads[index, hour] = 1
                    self.listed[index, hour] = _newest(waiting, outlet.feed_holds)
                    waiting[:] = 0
            self.failures[index, hour], self.read_at[index, hour], self.polled_at[index, hour] = (
                failures,
                read_at,
                polled_at,
            )

    def history(self, hour: int, windows: int = 57) -> History:
        """What is known at the end of ``hour``, as the store would tell it."""
        worked = (self.world.running & self.world.connected)[: hour + 1]
        count = min(windows, (hour + 1) // DAY)
        covered = _per_window(worked, count)
        sources = {source.id: self._source(index, hour, count) for index, source in enumerate(self.sources)}
        ran, good = np.flatnonzero(self.world.running[: hour + 1]), np.flatnonzero(worked)
        return History(
            sources,
            tuple(int(hours) for hours in covered),
            self._run(int(ran[-1])) if len(ran) else None,
            self._run(int(good[-1])) if len(good) else None,
        )

    def _run(self, hour: int) -> Run:
        polled = int((self.reads[:, hour] | self.unread[:, hour]).sum())
        outcome = "done" if self.world.connected[hour] else "failed"
        return Run(hour, "crawl", moment(hour), moment(hour), outcome, None, polled, int(self.unread[:, hour].sum()))

    def _source(self, index: int, hour: int, count: int) -> SourceHistory:
        reads = _per_window(self.reads[index, : hour + 1], count)
        unread = _per_window(self.unread[index, : hour + 1], count)
        listed = [_per_window(self.listed[index, : hour + 1, code], count) for code in range(len(LANGUAGES))]
        windows = tuple(
            Window(
                reads=int(reads[ago]), unread=int(unread[ago]), listed=int(sum(days[ago] for days in listed)),
                languages={code: int(days[ago]) for code, days in zip(LANGUAGES, listed, strict=True) if days[ago]},
            )
            for ago in range(count)
        )  # fmt: skip
        failures = int(self.failures[index, hour])
        last = np.flatnonzero(self.listed[index, : hour + 1].any(axis=1))
        way = WayIn(
            self.sources[index].feeds[0], failures, "timed out" if failures else None,
            moment(self.polled_at[index, hour]), moment(self.read_at[index, hour]), entries=20,
        )  # fmt: skip
        return SourceHistory(START, windows, (way,), moment(int(last[-1])) if len(last) else None)


def moment(hour: int) -> datetime | None:
    """The end of an hour of the world; None for -1, which stands for never."""
    return None if hour < 0 else START + timedelta(hours=int(hour) + 1)


def _per_window(values: np.ndarray, count: int) -> np.ndarray:
    """Sums over the last ``count`` windows of 24 hours, newest first."""
    return values[len(values) - count * DAY :].reshape(count, DAY).sum(axis=1)[::-1]


def _newest(waiting: np.ndarray, most: int) -> np.ndarray:
    """What a feed that holds ``most`` entries shows of those that came since it was read."""
    total = int(waiting.sum())
    return waiting if total <= most else waiting * most // total
