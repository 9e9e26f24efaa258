"""What the store keeps for health, and ``monitor status``: real databases, the real command, time injected."""

from __future__ import annotations

import json
import os
import random
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterable, Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.health import judge, judge_sources
from monitor.items import isoformat
from monitor.polling import FeedState
from monitor.sources import Source, load_sources
from monitor.store import collection, ledger
from monitor.store.collection import SourceCounts
from monitor.store.database import open_store
from monitor.store.health import WINDOWS, read_history
from monitor.store.ledger import Listing
from tests.paths import ROOT
from tests.site import Reply, Site, rss
from tests.test_crawl import article, crawl, seeds_for
from tests.test_crawl import run as crawl_command

NOW = datetime(2025, 10, 12, 6, 30, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TITLES = {
    "en": "Ministers are to meet again over the trade and the water of the region",
    "ur": "وزیر خارجہ نے کہا ہے کہ دونوں ملکوں کے درمیان تجارت کا معاہدہ ہو گیا ہے",
    "ps": "د ولايت چارواکو ويلي چې په نښته کې څوک نه دي وژل شوي او لاره بيرته پرانيستل شوې ده",
    "fa": "وزارت خارجه می گوید که گفتگوها در این هفته از سر گرفته خواهد شد",
}
# Sources of the invented desk: their language and how many entries they list in each of four runs a day.
OUTLETS = {"gazette": ("en", 15), "herald": ("en", 10), "naqqara": ("ur", 10), "ghag": ("ps", 10), "awaz": ("fa", 6)}


def feed_url(source: str) -> str:
    return f"https://{source}.example/feed"


class Desk:
    """A database and a seeds folder, filled by crawls whose time is given."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.db = folder / "m.db"
        (folder / "seeds" / "sources").mkdir(parents=True)
        self.declare(OUTLETS)
        self.conn = open_store(self.db)
        self.number = 0
        self.random = random.Random(7)

    def declare(self, names: Iterable[str], extra: Mapping[str, str] | None = None) -> None:
        blocks = [
            f'[[source]]\nid = "{name}"\nname = "{name.title()}"\ncountry = "XA"\nlanguages = ["{OUTLETS[name][0]}"]\n'
            f'affiliation = "independent"\nhomepage = "https://{name}.example/"\nfeeds = ["{feed_url(name)}"]\n'
            + (extra or {}).get(name, "")
            for name in names
        ]
        (self.folder / "seeds" / "sources" / "test.toml").write_text("\n".join(blocks))

    @property
    def sources(self) -> tuple[Source, ...]:
        return load_sources(self.folder / "seeds" / "sources")

    def crawl(
        self,
        at: datetime,
        listed: Mapping[str, int],
        *,
        failing: Mapping[str, str] | None = None,
        languages: Mapping[str, str] | None = None,
        outcome: str = "done",
        counts: Mapping[str, SourceCounts] | None = None,
    ) -> None:
        """A run that ends at ``at`` (``outcome`` killed: never): new entries of each source, and feeds that fail."""
        run = collection.begin_run(self.conn, "crawl", at - timedelta(minutes=2))
        collection.note_sources(self.conn, [(name, name) for name in listed], at)
        for name, count in listed.items():
            problem = (failing or {}).get(name)
            title = TITLES[(languages or {}).get(name, OUTLETS[name][0])]
            state = FeedState(feed_url(name), name, fetched_at=isoformat(at), problem=problem, entries=20)
            collection.save_feed(self.conn, state)
            if problem is None:
                ledger.note(self.conn, [self.listing(name, title) for _ in range(count)], at)
        if outcome != "killed":
            collection.finish_run(self.conn, run, at, outcome, None, counts or {})

    def listing(self, name: str, title: str) -> Listing:
        self.number += 1
        url = f"https://{name}.example/{self.number}"
        return Listing(url=url, fetch_url=url, source=name, spider="feeds", title=f"{title} {self.number}")

    def usual(self, names: Iterable[str] = OUTLETS) -> dict[str, int]:
        return {name: OUTLETS[name][1] + self.random.choice((-1, 0, 0, 1)) for name in names}

    def month(self, until: datetime, days: int = 30) -> None:
        """Four sound runs a day up to ``until``."""
        for quarter in range(days * 4, 0, -1):
            self.crawl(until - quarter * 6 * HOUR, self.usual())

    def states(self, now: datetime) -> dict[str, str]:
        return {health.id: health.state for health in judge_sources(self.history(now), self.sources, now)}

    def history(self, now: datetime):  # type: ignore[no-untyped-def]
        return read_history(self.conn, self.sources, now)

    def status(self, *words: str, **environ: str) -> subprocess.CompletedProcess[str]:
        env = {**os.environ, "PYTHONPATH": str(ROOT), **environ}
        command = [
            sys.executable,
            "-m",
            "monitor",
            "status",
            "--db",
            str(self.db),
            "--seeds",
            str(self.folder / "seeds"),
        ]
        return subprocess.run([*command, *words], env=env, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture
def desk(tmp_path: Path):  # type: ignore[no-untyped-def]
    made = Desk(tmp_path)
    with closing(made.conn):
        yield made


# What the store keeps


def test_hours_become_windows_of_the_last_24(desk: Desk) -> None:
    for hours_ago, count in ((48, 16), (47, 8), (24, 4), (23, 2), (0, 1)):
        desk.crawl(NOW - hours_ago * HOUR, {"gazette": count})
    history = desk.history(NOW)
    windows = history.sources["gazette"].windows
    assert [window.listed for window in windows[:4]] == [3, 12, 16, 0] and len(windows) == WINDOWS
    assert [window.reads for window in windows[:3]] == [2, 2, 1] and history.covered[:4] == (2, 2, 1, 0)
    assert windows[0].languages == {"en": 3}
    later = desk.history(NOW + 10 * HOUR)
    assert [window.listed for window in later.sources["gazette"].windows[:3]] == [1, 6, 24]
    assert history.sources["gazette"].listed_at == later.sources["gazette"].listed_at
    assert desk.history(NOW + 80 * DAY).sources["gazette"].windows[0].listed == 0


def test_what_a_killed_run_listed_is_counted_by_the_next(desk: Desk) -> None:
    desk.crawl(NOW - 30 * HOUR, {"gazette": 5}, outcome="killed")
    assert desk.history(NOW).sources["gazette"].windows[1].listed == 0
    desk.crawl(NOW - HOUR, {"gazette": 2})
    windows = desk.history(NOW).sources["gazette"].windows
    assert [window.listed for window in windows[:2]] == [2, 5]
    assert desk.history(NOW).last_run.outcome == "done"


def test_what_became_of_pages_is_kept(desk: Desk) -> None:
    counts = {
        "gazette": SourceCounts(fetched=9, unfetched=1, extracted=6, empty=2, stored=5, languages={"en": 4, "ur": 1})
    }
    desk.crawl(NOW - HOUR, {"gazette": 10}, counts=counts)
    window = desk.history(NOW).sources["gazette"].windows[0]
    assert (window.fetched, window.unfetched, window.extracted, window.empty, window.stored) == (9, 1, 6, 2, 5)
    assert window.stored_languages == {"en": 4, "ur": 1}
    assert collection.last_run(desk.conn)[1]["gazette"].empty == 2  # type: ignore[index]


def test_failures_in_a_row_are_counted_and_forgotten(desk: Desk) -> None:
    for hours_ago in (4, 3, 2):
        desk.crawl(NOW - hours_ago * HOUR, {"gazette": 1, "herald": 1}, failing={"gazette": "status 503"})
    (way,) = desk.history(NOW).sources["gazette"].ways_in
    assert (way.failures, way.problem, way.read_at) == (3, "status 503", None)
    assert desk.history(NOW).sources["gazette"].windows[0].unread == 3
    desk.crawl(NOW - HOUR, {"gazette": 1})
    (way,) = desk.history(NOW).sources["gazette"].ways_in
    assert (way.failures, way.problem, way.read_at) == (0, None, NOW - HOUR)


def test_outage_of_our_own_is_not_held_against_sources(desk: Desk) -> None:
    desk.crawl(NOW - 3 * HOUR, desk.usual())
    counts = {"gazette": SourceCounts(unfetched=7)}
    desk.crawl(
        NOW - 2 * HOUR, desk.usual(), failing=dict.fromkeys(OUTLETS, "no route"), outcome="failed", counts=counts
    )
    desk.crawl(NOW - HOUR, desk.usual(), failing=dict.fromkeys(list(OUTLETS)[:4], "no route"), counts=counts)
    history = desk.history(NOW)
    assert [way.failures for past in history.sources.values() for way in past.ways_in] == [0] * 5
    assert history.sources["gazette"].windows[0].unfetched == 0
    assert (history.last_run.polled, history.last_run.unread) == (5, 4)
    assert history.last_good_run.finished_at == NOW - 3 * HOUR and history.covered[0] == 1


def test_run_over_named_sources_is_no_look_at_all_of_them(desk: Desk) -> None:
    run = collection.begin_run(desk.conn, "crawl gazette", NOW - 2 * HOUR)
    collection.finish_run(desk.conn, run, NOW - HOUR, "done", None, {})
    history = desk.history(NOW)
    assert history.last_run.command == "crawl gazette" and history.last_good_run is None and sum(history.covered) == 0


def test_only_declared_ways_in_count(desk: Desk) -> None:
    desk.declare(["gazette"], {"gazette": 'telegram = ["gazette_news"]\n'})
    for url in (feed_url("gazette"), "https://t.example/s/gazette_news", "https://gazette.example/sitemap-2019.xml"):
        state = FeedState(
            url, "gazette", fetched_at=isoformat(NOW - HOUR), problem=None if "t.example" in url else "status 404"
        )
        collection.save_feed(desk.conn, state)
    desk.crawl(NOW, {})
    collection.note_sources(desk.conn, [("gazette", "Gazette")], NOW)
    ways = desk.history(NOW).sources["gazette"].ways_in
    assert [(way.url, way.failures) for way in ways] == [
        (feed_url("gazette"), 1),
        ("https://t.example/s/gazette_news", 0),
    ]


def test_long_run_covers_all_its_hours(desk: Desk) -> None:
    run = collection.begin_run(desk.conn, "crawl", NOW.replace(minute=0) - 5 * HOUR)
    collection.finish_run(desk.conn, run, NOW, "done", None, {})
    assert desk.history(NOW).covered[0] == 6


# Within a day, in a real database


def spoilt(desk: Desk, **values: object) -> None:
    """A sound month, then a day (until NOW) of which ``values`` say what is wrong."""
    desk.month(NOW - DAY)
    for quarter in (3, 2, 1, 0):
        listed = {**desk.usual(), **values.get("listed", {})}  # type: ignore[dict-item]
        desk.crawl(NOW - quarter * 6 * HOUR, listed, failing=values.get("failing"), languages=values.get("languages"))  # type: ignore[arg-type]


def test_sound_month_is_healthy_at_any_hour(desk: Desk) -> None:
    desk.month(NOW)
    for hours in range(0, 24, 5):
        now = NOW - 6 * HOUR + hours * HOUR / 4
        health = judge(desk.history(now), desk.sources, now)
        assert health.healthy, health
    assert {language.language for language in health.languages} == {"en", "fa", "ps", "ur"}
    assert {language.state for language in health.languages} == {"healthy"}


@pytest.mark.parametrize(
    ("values", "state", "says"),
    [
        ({"failing": {"gazette": "status 503"}}, "sick", "could not be read since 11 Oct 2025 00:30 UTC, 4 failures in a row: status 503"),
        ({"listed": {"gazette": 0}}, "quiet", "nothing new for a day, usually"),
        ({"listed": {"gazette": 7}}, "quiet", "28 new in a day, usually"),
        ({"languages": {"gazette": "ur"}}, "sick", "new entries are not in English as declared, but mostly in Urdu"),
    ],
    ids=["dies", "falls silent", "halves", "turns"],
)  # fmt: skip
def test_source_that_goes_wrong_is_reported_within_a_day(
    desk: Desk, values: dict[str, object], state: str, says: str
) -> None:
    spoilt(desk, **values)
    health = {found.id: found for found in judge_sources(desk.history(NOW), desk.sources, NOW)}
    assert health["gazette"].state == state and says in "; ".join(health["gazette"].reasons)
    assert {found.state for name, found in health.items() if name != "gazette"} == {"healthy"}


def test_crawler_that_stands_still_blames_no_source(desk: Desk) -> None:
    desk.month(NOW - 3 * DAY)
    assert set(desk.states(NOW).values()) == {"healthy"}
    desk.crawl(NOW, desk.usual())
    assert set(desk.states(NOW).values()) == {"healthy"}
    health = judge(desk.history(NOW + 30 * HOUR), desk.sources, NOW + 30 * HOUR)
    assert health.run.reasons == ("no run over all sources has finished well for 30 hours",)


def test_added_source_explains_the_spike(desk: Desk) -> None:
    desk.declare(["gazette", "herald", "naqqara", "ghag"])
    desk.month(NOW - DAY)
    desk.declare(OUTLETS)
    desk.conn.execute("delete from sources where id = 'awaz'")
    desk.crawl(NOW - 2 * HOUR, {**desk.usual(), "awaz": 400})
    health = judge(desk.history(NOW), desk.sources, NOW)
    assert "1 source was added on 12 Oct 2025 (awaz)" in " ".join(health.notes)


@pytest.mark.parametrize("minute", [0, 1, 30, 59])
def test_runs_over_the_end_of_an_hour_are_no_more_work_than_others(tmp_path: Path, minute: int) -> None:
    desk, now = Desk(tmp_path), datetime(2025, 10, 12, 14, minute, 30, tzinfo=UTC)
    desk.month(now - DAY)  # its runs take two minutes
    for quarter in (3, 2, 1, 0):
        desk.crawl(now - (quarter * 6 + 0.5) * HOUR, {**desk.usual(), "ghag": 3}, failing={"gazette": "timed out"})
    states = desk.states(now + timedelta(seconds=70))
    desk.conn.close()
    assert (states.pop("gazette"), states.pop("ghag"), set(states.values())) == ("sick", "quiet", {"healthy"})


# The command


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    made = Desk(tmp_path_factory.mktemp("sound"))
    made.month(datetime.now(UTC) + 5 * HOUR)
    made.conn.close()
    return made


@pytest.fixture(scope="module")
def unsound(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """The gazette does not answer, and Pashto is down to a third."""
    made, now = Desk(tmp_path_factory.mktemp("unsound")), datetime.now(UTC)
    made.month(now - DAY)
    for quarter in (3, 2, 1, 0):
        counts = {"herald": SourceCounts(fetched=9, failed=1, unfetched=1, reasons={"status 500": 1})}
        listed = {**made.usual(), "ghag": 3}
        made.crawl(now - (quarter * 6 + 0.5) * HOUR, listed, failing={"gazette": "timed out"}, counts=counts)
    made.conn.close()
    return made


def test_sound_desk_in_a_few_lines(sound: Desk) -> None:
    result = sound.status()
    assert result.returncode == 0, result.stdout + result.stderr
    lines = result.stdout.splitlines()
    assert re.fullmatch(
        r"No new clash since \d+ \w+ \d\d:\d\d; nothing is known to be missing: 5 sources as usual\.", lines[0]
    )
    assert result.stdout.count("missing") == 1, "said once"
    assert "Sources: 5 healthy" in lines and len(lines) <= 6
    assert "\x1b" not in result.stdout, "no colours in a file"
    for words in ("Last run: crawl, ", ": done, 5 sources polled", "English ", "% of usual), Persian "):
        assert words in result.stdout
    assert "gazette" not in result.stdout and "gazette" in sound.status("-v").stdout


def test_unsound_desk_shows_the_worst_first(unsound: Desk) -> None:
    result = unsound.status()
    assert result.returncode == 1
    lines = result.stdout.splitlines()
    seen = re.fullmatch(
        r"No new clash since \d+ \w+ \d\d:\d\d; 1 of 5 sources could not be seen properly \(gazette\); 1 of 5 sources much quieter than usual \(ghag\);"
        r" English at 4\d% of its usual volume; Pashto at (30|31)% of its usual volume\.",
        lines[0],
    )
    assert seen, lines[0]
    rows = [line.split() for line in lines]
    order = [row[1] for row in rows if row and row[0] in ("sick", "quiet")]
    assert order[:2] == ["gazette", "ghag"]
    for words in (
        "could not be read since",
        "failures in a row: timed out",
        "12 new in a day, usually 40",
        "3 healthy",
    ):
        assert words in " ".join(result.stdout.split()), words
    assert "quiet: Pashto: 12 new in a day, usually 40" in result.stdout
    assert "last run: 1 × status 500" in " ".join(unsound.status("-v").stdout.split())


def test_quiet_says_it_by_exit_code_alone(unsound: Desk, sound: Desk) -> None:
    for desk, code in ((unsound, 1), (sound, 0)):
        result = desk.status("-q")
        assert (result.returncode, result.stdout, result.stderr) == (code, "", "")


def test_json_has_the_same_facts(unsound: Desk) -> None:
    result = unsound.status("--format", "json")
    facts = json.loads(result.stdout)
    assert result.returncode == 1 and facts["healthy"] is False
    assert unsound.status().stdout.splitlines()[0].endswith(f"; {facts['unseen']}")
    assert facts["run"]["state"] == "healthy" and facts["run"]["last"]["outcome"] == "done"
    assert facts["run"]["last"]["sources_polled"] == 5 and facts["run"]["last"]["sources_not_read"] == 1
    assert 0.4 < facts["run"]["hours_since_good"] < 1
    sources = {row["source"]: row for row in facts["sources"]}
    assert list(sources) == list(OUTLETS), "as declared"
    assert sources["gazette"]["state"] == "sick" and sources["gazette"]["failures"] == 4
    assert sources["ghag"]["listed_last_day"] == 12 and sources["ghag"]["usual_per_day"] == 40
    assert sources["herald"]["last_run"]["reasons"] == {"status 500": 1}
    languages = {row["language"]: row for row in facts["languages"]}
    assert languages["ps"]["state"] == "quiet" and languages["ps"]["share_of_usual"] == pytest.approx(0.3, abs=0.03)
    assert (
        languages["ur"]["state"] == "healthy"
        and languages["en"]["sources"] == 2
        and languages["en"]["sources_read"] == 1
    )
    assert facts["pages"]["listed"] > 5000


def test_stale_crawl_is_unhealthy_after_the_configured_hours(sound: Desk) -> None:
    result = sound.status(MONITOR_STALE_HOURS="0.5")
    assert result.returncode == 1 and "no run over all sources has finished well for" in result.stdout.lower()
    assert sound.status(MONITOR_STALE_HOURS="never").returncode == 2


def test_other_seeds_are_noticed(sound: Desk, tmp_path: Path) -> None:
    other = Desk(tmp_path)
    other.conn.close()
    with closing(sqlite3.connect(sound.db)) as theirs, closing(sqlite3.connect(other.db)) as ours:
        theirs.backup(ours)
        ours.execute("delete from sources")
        ours.commit()
    result = other.status()
    assert result.returncode == 1 and "do --db and --seeds belong together?" in result.stdout


@pytest.mark.slow
def test_real_crawl_leaves_what_status_needs(tmp_path: Path) -> None:
    """What the spiders and pipelines count arrives: polls, entries by language, pages had and not had, with and without text."""
    with Site() as site:
        site.replies = {
            "/robots.txt": "",
            "/feed": rss(*(f"{site.url}/{name}" for name in ("good", "empty", "broken"))),
            "/dead": Reply("gone", status=410),
            "/good": article(1),
            "/empty": "<html><head><title>Veldria, Ostmark, the Grenz Line</title></head><body><script>app()</script></body></html>",
            "/broken": Reply("oops", status=500),
        }
        seeds = seeds_for(tmp_path, site, feeds=[f"{site.url}/feed", f"{site.url}/dead"])
        assert crawl(tmp_path, seeds).returncode == 0
    now = datetime.now(UTC)
    with closing(open_store(tmp_path / "m.db")) as conn:
        history = read_history(conn, load_sources(seeds / "sources"), now)
    window = history.sources["gazette"].windows[0]
    assert (window.reads, window.unread, window.listed) == (1, 1, 3)
    assert (window.fetched, window.unfetched, window.extracted, window.empty, window.stored) == (2, 1, 1, 1, 1)
    assert window.stored_languages == {"en": 1} and sum(window.languages.values()) == 3
    assert [(way.url.rsplit("/")[-1], way.failures, way.problem) for way in history.sources["gazette"].ways_in] == [
        ("dead", 1, "status 410"),
        ("feed", 0, None),
    ]
    assert history.covered[0] >= 1 and history.last_good_run is not None
    status = crawl_command(tmp_path, seeds, "status")
    assert status.returncode == 0 and "1 of 1 source too new to judge" in status.stdout
