"""What can be wrong with a source, one symptom a function: each returns the finding in plain words, or None."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from monitor.health.history import SourceHistory, WayIn, Window, total
from monitor.health.rhythm import CHANCE_LASTING, FEWEST_DAYS, Low, chance_of_at_most, chance_of_share, find_low, learn
from monitor.health.volume import Volume
from monitor.phrases import at, language_name, many, per_day, span
from monitor.sources import Source

# A way in is down when it failed so many times in a row and for so long; after a whole day, once is enough.
_FAILURES, _DOWN_AFTER, _DOWN_DAY = 3, timedelta(hours=6), timedelta(hours=20)
# One dead way in of several is reported later, for the others still speak for the source; but still within a day, with
# pauses that double after each failure.
_ONE_DEAD_AFTER = timedelta(hours=10)
# Shares (of foreign entries, empty pages, failed fetches) are judged over the last 1, 3 or 7 days, the first that has
# enough cases: more pages than entries, for pages fail together. Half or more is reported where the past makes that as
# unlikely as the last.
_SHARE_DAYS, _ENTRIES, _PAGES, _SHARE_CHANCE = (1, 3, 7), 3, 5, 1 / 10_000
# Whatever the past was like, this much over a week, in no fewer cases, is wrong.
_HOPELESS, _HOPELESS_CASES = 0.8, 20
# A declared fewest entries a day is broken when chance would hardly do it, and it was kept on nearly all days before.
_BOUND_CHANCE, _BOUND_BROKEN = 0.005, 0.05
# A declaration that so large a share of so many days or more does not keep to is wrong itself.
_BOUND_WRONG, _BOUND_DAYS = 0.25, 14
# More than so many new entries, so many times the fullest day known: no news does that.
_FLOOD, _FLOOD_TIMES = 150, 4
# A declared language is lost when so little of it is left.
_LOST_SHARE = 0.2


# Ways in


def unreachable(history: SourceHistory, stood_still: bool) -> str | None:
    """No way in could be read for some time. ``stood_still``: our own crawler did not run before the last poll."""
    ways = [way for way in history.ways_in if way.polled_at]
    if not ways or not all(way.failures for way in ways):
        return None
    since = history.read_at or history.added_at or min(way.polled_at for way in ways if way.polled_at)
    failures, polled_at = min(way.failures for way in ways), max(way.polled_at for way in ways if way.polled_at)
    down = failures >= _FAILURES and polled_at - since >= _DOWN_AFTER
    if not down and (stood_still or polled_at - since < _DOWN_DAY):
        return None
    problems = "; ".join(dict.fromkeys(way.problem or "unknown problem" for way in ways))
    times = many(failures, "failure") + (" in a row" if failures > 1 else "")
    if history.read_at is None:
        return f"was never read since it was added on {at(since)}, {times}: {problems}"
    return f"could not be read since {at(since)}, {times}: {problems}"


def dead_ways_in(history: SourceHistory) -> list[str]:
    """The ways in that are dead while others of the same source work."""
    return [
        f"{way.url} is dead since {at(since)}: {way.problem}"
        if way.read_at
        else f"{way.url} never worked: {way.problem}"
        for way in history.ways_in
        if (since := way.read_at or history.added_at) and _is_dead(way, since)
    ]


def _is_dead(way: WayIn, since: datetime) -> bool:
    return way.failures >= _FAILURES and way.polled_at is not None and way.polled_at - since >= _ONE_DEAD_AFTER


def failing_ways_in(history: SourceHistory) -> list[str]:
    """The ways in whose last poll failed: nothing to act upon yet."""
    return [f"{way.url}: {way.problem}" for way in history.ways_in if way.failures]


def empty_feeds(source: Source, history: SourceHistory) -> str | None:
    """Every feed that answers lists nothing at all."""
    ways = [way for way in history.ways_in if way.read_at and not way.failures]
    if ways and all(way.url in source.feeds and way.entries == 0 for way in ways):
        return "answers, but its feed is empty" if len(ways) == 1 else "answers, but its feeds are empty"
    return None


# Shares: pages and languages


def _share(bad: Sequence[int], cases: Sequence[int], fewest: int, usual: float, weight: int) -> tuple[int, int] | None:
    """How many of how many were bad, when that is half or more and unlikely by the past, or hopeless; else None.

    Of ``fewest`` cases or more; ``usual`` is the share believed before any were seen, worth ``weight`` cases.
    """
    week_bad, week = sum(bad[:7]), sum(cases[:7])
    if week >= _HOPELESS_CASES and week_bad >= _HOPELESS * week:
        return week_bad, week
    days = next((days for days in _SHARE_DAYS if sum(cases[:days]) >= fewest), 0)
    count, among = sum(bad[:days]), sum(cases[:days])
    if not days or count < among / 2:
        return None
    past = (sum(bad[7:]) + usual * weight) / (sum(cases[7:]) + weight)
    return (count, among) if chance_of_share(count, among, min(past, 0.99)) < _SHARE_CHANCE else None


def unfetched_pages(windows: Sequence[Window]) -> str | None:
    """Entries are listed, but their pages cannot be had."""
    found = _share([w.unfetched for w in windows], [w.fetched + w.unfetched for w in windows], _PAGES, 0.05, 20)
    return f"{found[0]} of {found[1]} pages could not be fetched" if found else None


def empty_pages(windows: Sequence[Window]) -> str | None:
    """Pages come, but no article text is found on them."""
    found = _share([w.empty for w in windows], [w.empty + w.extracted for w in windows], _PAGES, 0.05, 20)
    return f"no article text was found on {found[0]} of {found[1]} pages" if found else None


def foreign_language(declared: Collection[str], windows: Sequence[Window]) -> str | None:
    """New entries are in another language than the declared ones."""
    told = [{code: count for code, count in w.languages.items() if code != "und"} for w in windows]
    foreign = [sum(count for code, count in day.items() if code not in declared) for day in told]
    found = _share(foreign, [sum(day.values()) for day in told], _ENTRIES, 0.1, 10)
    if not found:
        return None
    counts = total(told[:7])
    main = max((code for code in counts if code not in declared), key=lambda code: (counts[code], code))
    names = " or ".join(language_name(code) for code in sorted(declared))
    return f"{found[0]} of {found[1]} new entries are not in {names} as declared, but mostly in {language_name(main)}"


# Volume


def low_words(low: Low) -> str:
    """``12 new in 3 days, usually 150``."""
    period = "a day" if low.days == 1 else many(low.days, "day")
    if not low.seen:
        return f"nothing new for {period}, usually {per_day(low.expected / low.days)} a day"
    return f"{low.seen:,} new in {period}, usually {per_day(low.expected)}"


def long_silence(past: SourceHistory, volume: Volume, now: datetime) -> str | None:
    """It has been read for long, but listed nothing in all the time looked back upon."""
    read = sum(count is not None for count in volume.seen)
    if read < FEWEST_DAYS or any(volume.seen):
        return None
    if past.listed_at is None:
        return f"was read on {many(read, 'day')} and has never listed anything"
    return f"nothing new for {span(now - past.listed_at)}"


def below_bound(source: Source, volume: Volume, factors: Sequence[float]) -> str | None:
    """Fewer new entries in a day than ``expected_per_day`` says, where that is rare for it."""
    count, rhythm = volume.fit[0], volume.rhythm
    if not source.expected_per_day or rhythm is None or count is None or count >= source.expected_per_day[0]:
        return None
    fewest, past = source.expected_per_day[0], [seen for seen in volume.fit[1:] if seen is not None]
    if sum(seen < fewest for seen in past) > _BOUND_BROKEN * len(past):
        return None
    expected = rhythm.expected(0) * factors[0]
    if (
        not expected
        or count >= fewest * factors[0]
        or chance_of_at_most(count, expected, rhythm.spread_over(1), rhythm.grain) >= _BOUND_CHANCE
    ):
        return None
    return f"{count} new in a day, at least {fewest} expected"


def wrong_bound(source: Source, volume: Volume) -> str | None:
    """``expected_per_day`` does not fit what the source does."""
    past = [seen for seen in volume.fit[1:] if seen is not None]
    if not source.expected_per_day or len(past) < _BOUND_DAYS:
        return None
    fewest, most = source.expected_per_day
    below, above = sum(seen < fewest for seen in past), sum(seen > most for seen in past)
    if max(below, above) <= _BOUND_WRONG * len(past):
        return None
    bound, days = (f"at least {fewest}", below) if below > above else (f"at most {most}", above)
    return f"expected_per_day says {bound} a day: not so on {days} of {len(past)} days"


def flood(source: Source, volume: Volume) -> str | None:
    """Far more new entries in a day than ever: a fault more often than news."""
    count, rhythm = volume.fit[0] if volume.fit else None, volume.rhythm
    if count is None or rhythm is None:
        return None
    fullest = max(seen for seen in volume.fit[1:] if seen is not None)
    if count <= max(_FLOOD, _FLOOD_TIMES * fullest, source.expected_per_day[1] if source.expected_per_day else 0):
        return None
    why = "its addresses may have changed, or it lists its archive anew"
    return f"{count:,} new in a day, usually {per_day(rhythm.usual)}: {why}"


def lost_languages(source: Source, windows: Sequence[Window], volume: Volume, factors: Sequence[float]) -> list[str]:
    """Declared languages that have all but vanished from a source that goes on in another."""
    found = []
    for code in source.languages if len(source.languages) > 1 else ():
        fit = [None if n is None else w.languages.get(code, 0) for w, n in zip(windows, volume.fit, strict=True)]
        rhythm = learn(fit)
        low = find_low(fit, rhythm, factors) if rhythm else None
        if low and low.share <= _LOST_SHARE and low.chance < CHANCE_LASTING:
            found.append(f"hardly any {language_name(code)} left: {low_words(low)}")
    return found
