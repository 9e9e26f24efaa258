"""Whether a count a day is as usual: a robust rhythm learned from past days, and how unlikely so little would be."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

# A rhythm is learned from at most so many days, and from no fewer than the second …
MOST_DAYS, FEWEST_DAYS = 42, 7
# … and the newest days are left out where there are enough others: what is judged must not set its own standard.
_LEFT_OUT = 7
# A low count of one day is reported when chance does that in no more than this share of cases; of several days, in
# no more than the second, for they are looked at again every day. Hardly anything at all is reported sooner.
CHANCE, CHANCE_LASTING = 5 / 1000, 3 / 10_000
SILENCE_CHANCE, SILENT_SHARE = 5 / 1000, 0.1
# And it must be at most this share of what is usual: a large outlet that lists a tenth less is not worth a report.
LOW_SHARE = 0.65
# What is so low that chance does it in no more than this share of cases is worth a second look, but no alarm; and about
# half of what is usual, or less, in no more than the second: of a small outlet, one day cannot tell more.
DOUBT, HALF_DOUBT, HALF_SHARE = 5 / 100, 20 / 100, 0.55
# Days looked back upon together: the first finds large outlets at once, the others small ones after a few days.
HORIZONS = (1, 2, 3, 7)
# Beyond what chance (Poisson) does, counts vary from day to day by some such share: what is believed before days are
# seen, how many days of evidence that weighs, and the bounds of what is learned.
_SPREAD, _SPREAD_DAYS, _LEAST_SPREAD, _MOST_SPREAD = 0.2, 7, 0.1, 0.5
# Some outlets fill a quota and vary less than chance: believed where their variance is below this share of the mean,
# and then by halves only.
_STEADY, _STEADY_DAYS, _STEADY_SPREAD = 0.3, 14, 0.05
# Days in a row are low together: so much of the spread does not average out over several days.
_SHARED = 0.15
# A median of few small counts is coarse: below this the mean is taken, its highest values cut off.
_COARSE = 4.0
# So many entries on one day of the week weigh as much as all other days together in what is expected of it.
_WEEKDAY_WEIGHT = 30.0


@dataclass(frozen=True)
class Rhythm:
    """What is usual: on each of seven days back (``ago`` modulo 7) and in all, how it spreads, from how many days."""

    expected_by_day: tuple[float, ...]
    usual: float
    days: int
    spread: float  # coefficient of variation beyond chance
    grain: float = 1.0  # variance by chance as a share of a Poisson's; below 1 where the counts are steadier

    @property
    def error(self) -> float:
        """The standard error of the level as a share of it: a median of few days knows it only so well."""
        return math.sqrt(math.pi / 2 * (self.grain / self.usual + self.spread**2) / self.days) if self.usual else 0.0

    def spread_over(self, days: int) -> float:
        """The coefficient of variation, beyond chance, of a sum over so many days about its expectation."""
        return math.hypot(self.spread * math.sqrt(_SHARED + (1 - _SHARED) / days), self.error)

    def expected(self, ago: int) -> float:
        """The count to be expected of the day that ended ``ago`` days before the moment of judging."""
        return self.expected_by_day[ago % 7]


@dataclass(frozen=True)
class Low:
    """A count that is lower than chance explains: over how many days, how much, how much was expected."""

    days: int
    seen: int
    expected: float
    chance: float

    @property
    def share(self) -> float:
        """What was seen as a share of what was expected."""
        return self.seen / self.expected


def learn(counts: Sequence[int | None]) -> Rhythm | None:
    """The rhythm of ``counts``, one a day, newest first; None where nobody could count. None if there are too few days.

    Level: the median, for all days and for the same day of the week; of the two the smaller is expected, so that a
    weekend is no fault. Spread: the negative binomial's, from how far days fell below their expectation (what lies
    above, a burst of news, says nothing about falling silent). Medians and the lower half make it robust against
    bursts and past outages alike: Farrington et al. 1996 and Noufaily et al. 2013 (surveillance of infectious disease
    reports, the same problem upside down), with medians in place of their reweighted regression.

    A run of zeros up to now is left out however long it is: silence must not become what is usual.
    """
    silent = next((ago for ago, count in enumerate(counts) if count), len(counts))
    usable = [(ago, count) for ago, count in enumerate(counts) if count is not None and ago >= max(1, silent)]
    if sum(ago >= _LEFT_OUT for ago, _ in usable) >= FEWEST_DAYS:
        usable = [(ago, count) for ago, count in usable if ago >= _LEFT_OUT]
    usable = usable[:MOST_DAYS]
    if len(usable) < FEWEST_DAYS:
        return None
    usual = _level([count for _, count in usable])
    by_day = tuple(_expected([c for ago, c in usable if ago % 7 == day], usual) for day in range(7))
    spread, grain = _spread([(count, by_day[ago % 7]) for ago, count in usable])
    return Rhythm(by_day, usual, len(usable), spread, grain)


def _level(counts: Sequence[int]) -> float:
    middle = median(counts)
    if middle >= _COARSE:
        return float(middle)
    most = middle + 3 * math.sqrt(middle + 1)
    return sum(min(count, most) for count in counts) / len(counts)


def _expected(same_day: Sequence[int], usual: float) -> float:
    if len(same_day) < 3:
        return usual
    level = _level(same_day)
    weight = len(same_day) * usual / (len(same_day) * usual + _WEEKDAY_WEIGHT)
    return min(usual, weight * level + (1 - weight) * usual)


def _spread(days: Sequence[tuple[int, float]]) -> tuple[float, float]:
    """Spread and grain of counts beside their expectations, by the days below them: half of the variance, doubled."""
    below = 2 * sum(min(max(expected - count, 0.0), 0.5 * expected) ** 2 for count, expected in days)
    by_chance = sum(expected for _, expected in days)
    squares = sum(expected**2 for _, expected in days)
    if not squares:
        return _SPREAD, 1.0
    around = len(days) * (1.4826 * median(abs(count - expected) for count, expected in days)) ** 2
    dispersion = max(below, around) / by_chance
    if dispersion < _STEADY and len(days) >= _STEADY_DAYS:
        return _STEADY_SPREAD, (len(days) * dispersion + _STEADY_DAYS) / (len(days) + _STEADY_DAYS)
    seen = max(0.0, (below - by_chance) / squares)
    mixed = (len(days) * seen + _SPREAD_DAYS * _SPREAD**2) / (len(days) + _SPREAD_DAYS)
    return min(max(math.sqrt(mixed), _LEAST_SPREAD), _MOST_SPREAD), 1.0


def find_low(counts: Sequence[int | None], rhythm: Rhythm, factors: Sequence[float]) -> Low | None:
    """The least likely of the low counts over the last 1, 2, 3 and 7 days, and over the whole of a silence; or None.

    ``factors`` says for each day what part of the expectation could be met at all (our own crawler stood still, the
    whole world was quieter). None also when nobody counted on the last day.
    """
    silent = next((ago for ago, count in enumerate(counts) if count), len(counts))
    worst: Low | None = None
    for days in {*HORIZONS, silent} - {0}:
        if days > len(counts) or counts[0] is None:
            continue
        known = [(ago, count) for ago, count in enumerate(counts[:days]) if count is not None]
        expected = sum(rhythm.expected(ago) * factors[ago] for ago, _ in known)
        seen = sum(count for _, count in known)
        if not expected or seen > LOW_SHARE * expected:
            continue
        likelihood = chance_of_at_most(seen, expected, rhythm.spread_over(len(known)), rhythm.grain)
        limit = CHANCE if days == 1 else CHANCE_LASTING
        if seen <= SILENT_SHARE * expected:
            limit = SILENCE_CHANCE
        if likelihood < limit and (worst is None or likelihood < worst.chance):
            worst = Low(days, seen, expected, likelihood)
    return worst


def doubt(count: int | None, expected: float, rhythm: Rhythm) -> float | None:
    """How often chance brings one day's ``count`` or less, when somebody should look twice; None when nobody need."""
    if count is None or not expected or count > LOW_SHARE * expected:
        return None
    chance = chance_of_at_most(count, expected, rhythm.spread_over(1), rhythm.grain)
    return chance if chance < (HALF_DOUBT if count <= HALF_SHARE * expected else DOUBT) else None


def chance_of_at_most(count: int, mean: float, spread: float, grain: float = 1.0) -> float:
    """P(X ≤ ``count``) for a negative binomial X of this mean (> 0) with variance grain · mean + (spread · mean)².

    For a ``grain`` below 1, X is scaled by it (quasi-likelihood: Wedderburn 1974).
    """
    count, mean = int(count / grain), mean / grain
    if count > mean:
        return max(0.0, 1.0 - _tail(count + 1, 1, mean, spread))
    return min(1.0, _tail(count, -1, mean, spread))


def chance_of_at_least(count: int, mean: float, spread: float) -> float:
    """P(X ≥ ``count``) of the same, with a grain of 1."""
    if count <= mean:
        return max(0.0, 1.0 - _tail(count - 1, -1, mean, spread))
    return min(1.0, _tail(count, 1, mean, spread))


# Below this a float no longer grows smaller by every factor below one.
_NEVER = 1e-290


def _tail(count: int, step: int, mean: float, spread: float) -> float:
    """The probabilities of ``count`` and all beyond it, away from the mean: upwards (``step`` 1) or downwards (-1)."""
    if count < 0:
        return 0.0
    size = 1 / spread**2
    stop = size / (size + mean)
    log = math.lgamma(count + size) - math.lgamma(size) - math.lgamma(count + 1)
    total = probability = math.exp(log + size * math.log(stop) + count * math.log1p(-stop))
    if probability < _NEVER:
        return 0.0
    while probability > 1e-12 * total and (step > 0 or count > 0):
        up = (max(count, count + step) - 1 + size) / max(count, count + step) * (1 - stop)
        probability *= up if step > 0 else 1 / up
        total += probability
        count += step
    return total


def chance_of_share(count: int, total: int, share: float) -> float:
    """P(X ≥ ``count``) for a binomial X of ``total`` trials, each with probability ``share`` (0 < share < 1)."""
    log_factorial = math.lgamma(total + 1)
    return min(
        1.0,
        sum(
            math.exp(
                log_factorial
                - math.lgamma(value + 1)
                - math.lgamma(total - value + 1)
                + value * math.log(share)
                + (total - value) * math.log1p(-share)
            )
            for value in range(count, total + 1)
        ),
    )
