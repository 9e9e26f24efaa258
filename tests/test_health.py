"""Judging health from histories with the time given: rhythm, symptoms, runs, languages, and two months simulated."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.health import (
    Health,
    History,
    LanguageHealth,
    Run,
    RunHealth,
    SourceHealth,
    SourceHistory,
    WayIn,
    Window,
    find_spikes,
    judge,
    judge_languages,
    judge_run,
    judge_sources,
    own_fault,
    unseen,
)
from monitor.health.history import observed, representative
from monitor.health.rhythm import chance_of_at_least, chance_of_at_most, chance_of_share, find_low, learn
from monitor.sources import Source

NOW = datetime(2025, 10, 12, 6, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FEED = "https://gazette.example/feed"
FULL = (1.0,) * 57


# Chance


def poisson(count: int, mean: float) -> float:
    return sum(math.exp(-mean) * mean**value / math.factorial(value) for value in range(count + 1))


@pytest.mark.parametrize(("count", "mean"), [(0, 3.0), (2, 5.0), (10, 20.0), (40, 60.0)])
def test_chance_without_spread_is_that_of_poisson(count: int, mean: float) -> None:
    assert chance_of_at_most(count, mean, 1e-4) == pytest.approx(poisson(count, mean), rel=1e-4)


def test_chance_with_a_spread_of_one_is_geometric() -> None:
    stop = 1 / 11  # a negative binomial of size 1 and mean 10
    for count in (0, 1, 7, 30):
        assert chance_of_at_most(count, 10, 1.0) == pytest.approx(1 - (1 - stop) ** (count + 1))
        assert chance_of_at_least(count + 1, 10, 1.0) == pytest.approx((1 - stop) ** (count + 1))


@given(st.integers(0, 3000), st.floats(0.1, 3000), st.floats(0.05, 0.5), st.floats(0.3, 1))
def test_chance_is_a_chance_and_grows_with_the_count(count: int, mean: float, spread: float, grain: float) -> None:
    chance = chance_of_at_most(count, mean, spread, grain)
    assert 0 <= chance <= chance_of_at_most(count + 5, mean, spread, grain) + 1e-9 <= 1 + 2e-9


def test_chance_too_small_for_a_float_is_none() -> None:
    assert chance_of_at_least(100_000, 1.0, 0.1) == 0.0
    for count in range(3800, 4000):  # on the way there floats lose their last digits
        assert 0 <= chance_of_at_least(count, 50.0, 0.3) < 1e-290


def test_chance_of_a_share_is_exact() -> None:
    for count, total in ((0, 5), (3, 5), (5, 5), (9, 20)):
        share = Fraction(1, 10)
        exact = sum(math.comb(total, n) * share**n * (1 - share) ** (total - n) for n in range(count, total + 1))
        assert chance_of_share(count, total, 0.1) == pytest.approx(float(exact))


# Rhythm


def days(*counts: int) -> list[int | None]:
    """Counts a day, newest first."""
    return list(counts)


def test_no_rhythm_before_a_week_is_seen() -> None:
    assert learn(days(*[20] * 7)) is None
    rhythm = learn(days(*[20] * 8))
    assert rhythm is not None and rhythm.usual == 20 and rhythm.days == 7


def test_weekend_is_expected() -> None:
    counts = days(*[40 if ago % 7 not in (0, 1) else 15 for ago in range(43)])
    rhythm = learn(counts)
    assert rhythm is not None and rhythm.expected(0) < 18 and rhythm.expected(3) == 40
    assert find_low(counts, rhythm, FULL) is None
    assert find_low(counts[2:], learn(counts[2:]) or rhythm, FULL) is None
    assert find_low([15, *counts[3:]], learn(counts[2:]) or rhythm, FULL), "15 on a working day is low"


def test_burst_does_not_become_the_standard() -> None:
    counts = days(*[41, 39] * 10, *[160] * 5, *[40] * 20)
    rhythm = learn(counts)
    assert rhythm is not None and 39 <= rhythm.usual <= 41
    assert find_low(counts, rhythm, FULL) is None


def test_silence_does_not_become_usual_however_long_it_lasts() -> None:
    for silent in (1, 3, 10, 30, 45):
        counts = days(*[0] * silent, *[12] * (57 - silent))
        rhythm = learn(counts)
        low = find_low(counts, rhythm, FULL) if rhythm else None
        assert low is not None and low.seen == 0 and low.days >= min(silent, 7)


def test_days_on_which_nobody_looked_count_for_nothing() -> None:
    counts: list[int | None] = [None if ago in (0, 4, 5) else 20 for ago in range(57)]
    rhythm = learn(counts)
    assert rhythm is not None and rhythm.usual == 20
    assert find_low(counts, rhythm, FULL) is None, "nobody looked today"
    assert observed([5, 0, 5], [1, 0, 1], [1.0, 1.0, 0.0]) == [5, None, None]
    assert representative([5, 6, None, 7, 8], [1.0, 0.5, 1.0, 1.0, 1.0]) == [5, None, None, 7, 8]
    assert representative([5, None], [1.0, 1.0]) == [None, None], "a day after one not seen catches up"


def test_our_own_short_day_lowers_what_is_expected() -> None:
    counts = days(9, *[40] * 56)
    rhythm = learn(counts)
    assert rhythm is not None and find_low(counts, rhythm, FULL)
    assert find_low(counts, rhythm, (0.25, *FULL[1:])) is None


def test_steady_outlet_is_held_to_its_steadiness() -> None:
    steady, loose = days(10, *[20, 21, 19] * 14), days(10, *[20, 34, 9, 27, 14, 31] * 7)
    for counts, found in ((steady, True), (loose, False)):
        rhythm = learn(counts)
        assert rhythm is not None and (find_low(counts, rhythm, FULL) is not None) is found


# One source at a time


def source(**values: object) -> Source:
    defaults: dict[str, object] = {
        "id": "gazette", "name": "Gazette", "country": "XA", "languages": ("en",), "affiliation": "independent",
        "homepage": "https://gazette.example/", "feeds": (FEED,),
    }  # fmt: skip
    return Source(**{**defaults, **values})  # type: ignore[arg-type]


def window(listed: int = 20, **values: object) -> Window:
    defaults: dict[str, object] = {"reads": 24, "listed": listed, "fetched": 10, "extracted": 5, "stored": 1}
    return Window(**{**defaults, "languages": {"en": listed}, **values})  # type: ignore[arg-type]


def way(url: str = FEED, **values: object) -> WayIn:
    defaults: dict[str, object] = {"polled_at": NOW, "read_at": NOW, "entries": 20}
    return WayIn(url, **{**defaults, **values})  # type: ignore[arg-type]


def past(*newest: Window, ways_in: tuple[WayIn, ...] = (way(),), known: int = 57, **values: object) -> SourceHistory:
    """A source known for ``known`` days, 20 entries on each but the ``newest``."""
    windows = (*newest, *[window(18 + ago % 5) for ago in range(len(newest), known)], *[Window()] * (57 - known))
    given: dict[str, object] = {"added_at": NOW - known * DAY, "listed_at": NOW - HOUR, **values}
    return SourceHistory(windows=windows[:57], ways_in=ways_in, **given)  # type: ignore[arg-type]


def history(*pasts: SourceHistory, covered: tuple[int, ...] = (24,) * 57, names: str = "gazette") -> History:
    run = Run(7, "crawl", NOW - HOUR, NOW - HOUR / 2, "done", polled=10)
    return History(dict(zip(names.split(), pasts, strict=True)), covered, run, run)


def judged(past: SourceHistory, declared: Source | None = None, **values: object) -> SourceHealth:
    (health,) = judge_sources(history(past, **values), [declared or source()], NOW)  # type: ignore[arg-type]
    return health


def test_healthy_source_has_no_reasons() -> None:
    health = judged(past())
    assert (health.state, health.reasons, health.notes, health.listed, health.usual) == ("healthy", (), (), 18, 20)


@pytest.mark.parametrize("daily", [3, 4, 5, 6, 8, 10, 14, 20, 30, 50, 100])
def test_outlet_that_fills_a_quota_is_told_on_the_day_it_halves(daily: int) -> None:
    health = judged(past(window(daily // 2), *[window(daily)] * 56), source())
    assert health.state == "quiet" or health.chance is not None
    if daily not in {3, 4, 6}:
        assert health.state == "quiet"


def test_switched_off_and_unknown_sources_are_not_judged() -> None:
    off = source(enabled=False, disabled_reason="its terms forbid it")
    assert judged(past(), off).state == "off" and judged(past(), off).reasons == ("its terms forbid it",)
    (unknown,) = judge_sources(History(), [source()], NOW)
    assert unknown.state == "new" and unknown.notes == ("no run has known it yet",)


def test_new_source_is_not_judged_by_volume() -> None:
    for known in (1, 3, 7):
        health = judged(past(window(1), known=known))
        assert health.state == "new" and f"seen on {known - 1} of 7 days" in health.notes[0]
    assert judged(past(window(1), known=9)).state == "quiet"


def down(failures: int, hours: float, **values: object) -> WayIn:
    return way(failures=failures, read_at=NOW - hours * HOUR, problem="status 503", **values)


@pytest.mark.parametrize(
    ("failures", "hours", "state"),
    [(1, 1, "healthy"), (2, 7, "healthy"), (3, 2, "healthy"), (3, 6, "sick"), (1, 23, "sick"), (9, 90, "sick")],
)
def test_source_that_cannot_be_read(failures: int, hours: float, state: str) -> None:
    health = judged(past(ways_in=(down(failures, hours),)))
    assert health.state == state
    assert "status 503" in (health.reasons + health.notes)[0]
    if failures == 9:
        assert health.reasons == ("could not be read since 8 Oct 2025 12:00 UTC, 9 failures in a row: status 503",)


def test_one_failure_after_we_stood_still_is_no_fault_of_the_source() -> None:
    health = judged(past(ways_in=(down(1, 60),)), covered=(10, 0, 0, *(24,) * 54))
    assert health.state == "healthy"


def test_source_that_never_answered() -> None:
    never = way(failures=5, read_at=None, problem="status 410")
    health = judged(past(*[Window(unread=4)] * 57, ways_in=(never,), listed_at=None, added_at=NOW - DAY))
    assert health.state == "sick"
    assert health.reasons == (
        "was never read since it was added on 11 Oct 2025 06:00 UTC, 5 failures in a row: status 410",
    )


def test_one_dead_way_in_of_two_is_named() -> None:
    other = "https://gazette.example/ps/feed"
    both = source(feeds=(FEED, other))
    assert judged(past(ways_in=(way(), down(5, 9, url=other))), both).state == "healthy"
    health = judged(past(ways_in=(way(), down(5, 30, url=other))), both)
    assert health.state == "sick" and health.reasons[0].startswith(f"{other} is dead since 11 Oct 2025 00:00 UTC")


def test_empty_feed_is_found_though_it_answers() -> None:
    health = judged(past(ways_in=(way(entries=0),)))
    assert health.reasons == ("answers, but its feed is empty",)
    index = source(feeds=(), sitemaps=(FEED,))
    assert judged(past(ways_in=(way(entries=0),)), index).state == "healthy", "an index lists parts, not entries"


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"fetched": 1, "unfetched": 9}, "9 of 10 pages could not be fetched"),
        ({"extracted": 1, "empty": 9}, "no article text was found on 9 of 10 pages"),
        ({"languages": {"en": 1, "ur": 19}}, "19 of 20 new entries are not in English as declared, but mostly in Urdu"),
    ],
)
def test_shares_that_turn(values: dict[str, object], says: str) -> None:
    health = judged(past(window(20, **values)))
    assert (health.state, health.reasons) == ("sick", (says,))
    always = past(*[window(20, **values)] * 57)
    assert judged(always).reasons, "what was always so is wrong all the same"


@pytest.mark.parametrize(
    "values",
    [{"unfetched": 4}, {"fetched": 1, "unfetched": 2}, {"empty": 3}, {"languages": {"en": 15, "fr": 5}}, {"languages": {"und": 20}}],
)  # fmt: skip
def test_shares_that_may_be_chance(values: dict[str, object]) -> None:
    assert judged(past(window(20, **values))).state == "healthy"


def test_few_cases_are_gathered_over_days() -> None:
    assert judged(past(window(20, extracted=0, empty=2))).state == "healthy"
    assert judged(past(*[window(20, extracted=0, empty=2)] * 3)).state == "sick"


def test_source_that_always_lists_some_foreign_entries_is_left_alone() -> None:
    mixed = past(*[window(20, languages={"en": 12, "ur": 8})] * 57)
    assert judged(mixed).state == "healthy"


def test_half_is_quiet() -> None:
    assert judged(past(window(60), *[window(60)] * 56)).state == "healthy"
    health = judged(past(window(30), *[window(57 + ago % 7) for ago in range(56)]))
    assert (health.state, health.reasons) == ("quiet", ("30 new in a day, usually 60",))


def test_silence_is_quiet_and_says_since_when() -> None:
    health = judged(past(*[window(0)] * 4))
    assert (health.state, health.reasons) == ("quiet", ("nothing new for 4 days, usually 20 a day",))
    ever = judged(past(*[window(0)] * 57, listed_at=NOW - 80 * DAY))
    assert (ever.state, ever.reasons) == ("quiet", ("nothing new for 80 days",))
    never = judged(past(*[window(0)] * 57, listed_at=None))
    assert never.reasons == ("was read on 57 days and has never listed anything",)


def test_low_count_that_chance_may_explain_is_doubtful_only() -> None:
    loose = [window(count) for count in [20, 26, 14, 23, 17, 28] * 10]
    health = judged(past(window(10), *loose))
    assert health.state == "healthy" and health.chance is not None and 0.005 < health.chance < 0.02


@pytest.mark.parametrize(
    ("usual", "today", "named"), [(12, 6, True), (9, 4, True), (9, 7, False), (4, 2, False), (2, 1, False)]
)
def test_small_source_that_halves_is_named_within_a_day_and_its_chance_said(
    usual: int, today: int, named: bool
) -> None:
    """No alarm, for chance does as much every few weeks; of the smallest one day says nothing at all."""
    steps = [window(max(0, usual + change)) for change in (0, 4, -3, 2, -4, 0, 3, -2) * 7]
    health = judged(past(window(today), *steps), source(expected_per_day=None))
    assert health.state == "healthy"
    assert (health.chance is not None) == named
    assert health.chance is None or 0.005 < health.chance < 0.15


def test_declared_fewest_is_kept_where_it_fits() -> None:
    declared = source(expected_per_day=(8, 60))
    steps = [window(count) for count in (14, 9, 12, 10, 17) * 11]
    assert judged(past(window(5), *steps), source()).state == "healthy"
    health = judged(past(window(2), *steps), declared)
    assert health.state == "quiet"
    wrong = judged(past(*[window(count) for count in (14, 6, 12, 5, 16) * 11]), declared)
    assert wrong.state == "healthy" and "expected_per_day says at least 8 a day: not so on" in wrong.notes[0]


def test_flood_is_a_fault_and_a_burst_is_none() -> None:
    assert judged(past(window(75))).state == "healthy"
    health = judged(past(window(900)))
    assert health.state == "sick" and "its addresses may have changed" in health.reasons[0]
    catching_up = judged(past(window(900), Window()), covered=(20, 0, *(24,) * 55))
    assert catching_up.state == "healthy", "after days not seen there is more to list"


def test_declared_language_that_vanishes_is_missed() -> None:
    both = source(languages=("en", "ps"))
    before = [window(40, languages={"en": 25, "ps": 15})] * 50
    health = judged(past(window(40, languages={"en": 39, "ps": 1}), *before), both)
    assert health.state == "quiet" and "hardly any Pashto left" in health.reasons[0]
    assert judged(past(window(40, languages={"en": 31, "ps": 9}), *before), both).state == "healthy"


def test_common_lull_is_forgiven_but_not_silence() -> None:
    names = [f"s{number}" for number in range(12)]
    sources = [source(id=name) for name in names]

    def states(*counts: int) -> list[str]:
        pasts = [past(window(count), *[window(60)] * 56) for count in counts]
        return [health.state for health in judge_sources(history(*pasts, names=" ".join(names)), sources, NOW)]

    assert states(*[30] * 12) == ["healthy"] * 12, "a holiday"
    assert states(*[60] * 11, 30) == ["healthy"] * 11 + ["quiet"]
    assert states(*[30] * 11, 0) == ["healthy"] * 11 + ["quiet"]
    assert states(*[0] * 12) == ["quiet"] * 12


# Runs


def run(outcome: str = "done", hours: float = 1, number: int = 7, **values: object) -> Run:
    ended = None if outcome == "running" else NOW - hours * HOUR
    return Run(number, "crawl", NOW - hours * HOUR, ended, outcome, **values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("last", "good", "says"),
    [
        (None, None, "no crawl has run on this database yet"),
        (run("failed"), None, "no run over all sources has finished well yet"),
        (run(hours=25), run(hours=25), "no run over all sources has finished well for 25 hours"),
        (run("failed", note="OSError: disk"), run(hours=2), "the last run failed: OSError: disk"),
        (run("failed", polled=9, unread=9), run(hours=2), "the last run failed: none of 9 sources could be read"),
        (run("killed"), run(hours=2), "the last run was killed"),
        (run("running", hours=30), run(hours=20), "the last run began 30 hours ago and has not ended"),
        (run(polled=90, unread=80), run(hours=2), "80 of 90 sources could not be read in the last run"),
        (run(), run(), None),
        (run("running"), run(hours=2), None),
        (run("stopped"), run(hours=2), None),
    ],
)
def test_runs(last: Run | None, good: Run | None, says: str | None) -> None:
    health = judge_run(replace(history(past()), last_run=last, last_good_run=good), NOW)
    assert health.state == ("sick" if says else "healthy")
    assert says is None or says in "; ".join(health.reasons)


def test_stale_is_what_the_user_says_it_is() -> None:
    old = replace(history(past()), last_run=run(hours=5), last_good_run=run(hours=5))
    assert judge_run(old, NOW, timedelta(hours=6)).state == "healthy"
    assert judge_run(old, NOW, timedelta(hours=4)).state == "sick"


def test_database_of_other_sources_is_noticed() -> None:
    assert "belong together" in judge_run(replace(history(past()), sources={}), NOW).reasons[0]


def test_own_fault_needs_most_of_several_sources() -> None:
    assert [own_fault(*counts) for counts in ((4, 4), (5, 2), (5, 3), (90, 46), (90, 45))] == [
        False,
        False,
        True,
        True,
        False,
    ]


# Languages


def pashto(count: int, **values: object) -> Window:
    return window(count, languages={"ps": count}, **values)


NAMES = "a b c d e"


def speaking(*pasts: SourceHistory, code: str = "ps") -> tuple[History, list[Source]]:
    names = NAMES.split()[: len(pasts)]
    return history(*pasts, names=" ".join(names)), [source(id=name, languages=(code,)) for name in names]


def test_language_at_forty_percent_is_quiet() -> None:
    usual = past(*[pashto(20)] * 57)
    (health,) = judge_languages(*speaking(*[past(pashto(8), *[pashto(20)] * 56)] * 5))
    assert (health.state, health.listed, health.usual, health.sources, health.read) == ("quiet", 40, 100, 5, 5)
    assert health.share == pytest.approx(0.4) and health.reasons == ("40 new in a day, usually 100",)
    assert judge_languages(*speaking(*[usual] * 5))[0].state == "healthy"


def test_no_source_of_a_language_answers() -> None:
    silent = past(Window(unread=4), *[pashto(20)] * 56)
    (health,) = judge_languages(*speaking(*[silent] * 3))
    assert health.state == "sick" and health.reasons == ("no source in Pashto answered",)


def test_added_source_hides_no_loss() -> None:
    lost, added = past(pashto(2), *[pashto(20)] * 56), past(pashto(90), known=1)
    (health,) = judge_languages(*speaking(lost, lost, lost, added))
    assert health.state == "quiet" and health.listed == 96


def test_source_switched_off_counts_neither_now_nor_before() -> None:
    seen, sources = speaking(past(*[pashto(20)] * 57), past(pashto(0), *[pashto(80)] * 56))
    assert judge_languages(seen, sources)[0].state == "quiet"
    sources[1] = replace(sources[1], enabled=False, disabled_reason="asked us to")
    assert judge_languages(seen, sources)[0].state == "healthy"


def test_stories_of_one_language_that_stop_are_missed_and_a_lull_of_all_is_none() -> None:
    def told(english: int, other: int) -> list[LanguageHealth]:
        def stories(code: str, count: int) -> SourceHistory:
            usual = [window(20, languages={code: 20}, stored_languages={code: 12})] * 50
            return past(*[window(20, languages={code: 20}, stored_languages={code: count})] * 7, *usual)

        sources = [source(id="a", languages=("en",)), source(id="b", languages=("ps",))]
        return list(judge_languages(history(stories("en", english), stories("ps", other), names="a b"), sources))

    english, other = told(12, 0)
    assert (english.state, other.state, other.measure) == ("healthy", "quiet", "stories")
    assert other.reasons == ("stories: nothing new for 7 days, usually 12 a day, though entries come as usual",)
    assert [health.state for health in told(2, 2)] == ["healthy", "healthy"], "the border is calm"


def test_spike_is_explained_by_sources_that_were_added() -> None:
    usual, added = past(), past(window(300), known=1, added_at=NOW - 5 * HOUR)
    names = NAMES.split()
    sources = [source(id=name) for name in names]
    lines = find_spikes(history(usual, usual, added, added, added, names=NAMES), sources, NOW)
    assert lines[0] == "spike: 936 new entries in a day, usually 40; 3 sources were added on 12 Oct 2025 (c, d and e)"
    assert find_spikes(history(*[usual] * 5, names=NAMES), sources, NOW) == ()
    burst = find_spikes(history(*[past(window(70))] * 5, names=NAMES), sources, NOW)
    assert "no source was added" in burst[0]


# In one sentence


def test_unseen_is_one_sentence() -> None:
    well = RunHealth("healthy")
    states = {"a": "sick", "b": "quiet", "c": "healthy", "d": "off"}
    sources = tuple(SourceHealth(name, name, ("ps",), state) for name, state in states.items())  # type: ignore[arg-type]
    languages = (LanguageHealth("ps", "Pashto", "quiet", share=0.4), LanguageHealth("ur", "Urdu", "sick"))
    assert unseen(Health(NOW, well, sources, languages)) == (
        "1 of 3 sources could not be seen properly (a); 1 of 3 sources much quieter than usual (b);"
        " Pashto at 40% of its usual volume; no source in Urdu answered."
    )
    assert unseen(Health(NOW, well, sources[2:])) == "Nothing is known to be missing: 1 source as usual."
    new = SourceHealth("e", "E", ("en",), "new", read_at=NOW)
    assert "1 of 1 source too new to judge" in unseen(Health(NOW, well, (new,)))
    assert unseen(Health(NOW, well, (replace(new, read_at=None),))) == "1 of 1 source not read yet (e)."
    ill = RunHealth("sick", ("no run over all sources has finished well for 3 days",))
    assert unseen(Health(NOW, ill)) == "No run over all sources has finished well for 3 days."


def test_judge_gathers_everything() -> None:
    health = judge(history(past()), [source()], NOW)
    assert health.healthy and health.judged_at == NOW
    assert not judge(history(past(*[window(0)] * 4)), [source()], NOW).healthy
    assert not judge(History(), [source()], NOW).healthy
