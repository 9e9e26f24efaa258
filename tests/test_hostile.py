"""A web of a hundred outlets, half of which misbehave, crawled three times in a row by the real command."""

from __future__ import annotations

import os
import re
import socket
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import hostile_lists as lists
from tests import hostile_pages as pages
from tests.hostile import HostileWeb, reply
from tests.hostile_cases import Case
from tests.hostile_documents import Tale, rss
from tests.hostile_outlets import Press, good_outlets, tales
from tests.hostile_runs import Run, crawl, forget_whole, make_due, seeds_of
from tests.paths import ROOT

pytestmark = pytest.mark.slow
DOCUMENT = ROOT / "docs" / "hostile-web.md"
GROUPS = {
    "Servers that do not keep to the protocol": lists.breakages,
    "Answers without end, and none at all": lists.endless,
    "Refusals": lists.statuses,
    "Redirects": lists.redirects,
    "Bombs and entities": lists.bombs,
    "Lists that are not what they should be": lists.strange_lists,
    "robots.txt": pages.robots,
    "Pages that do not come as they should": pages.transport,
    "Charsets": pages.charsets,
    "Pages that lie about their address": pages.addresses,
    "Hard to read, or read before": pages.markup,
}
# Peak of the crawling process, in MiB, and of it with its workers (each bounded by itself).
MOST_MEMORY, MOST_WITH_WORKERS = 400, 1200


@dataclass
class Story:
    """Three crawls of one web, and what was changed before the third."""

    web: HostileWeb
    good: list[Press]
    cases: dict[str, list[Case]]
    first: Run
    second: Run
    third: Run
    published: set[str]
    revised: set[str]

    @property
    def presses(self) -> list[Press]:
        """Every outlet."""
        return self.good + [case.press for group in self.cases.values() for case in group]


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    folder = tmp_path_factory.mktemp("hostile")
    good = [*good_outlets(), Press("good-stuck", tales=tales(8000, 3), validators="stuck")]
    good.append(Press("good-repeated", tales=tales(8100, 3), validators="repeated"))
    cases = {name: build() for name, build in GROUPS.items()}
    presses = good + [case.press for group in cases.values() for case in group]
    with HostileWeb(presses) as web:
        seeds = seeds_of(folder, presses)
        first, second = crawl(folder, seeds, web), crawl(folder, seeds, web)
        published, revised = change(folder, {press.id: press for press in presses})
        third = crawl(folder, seeds, web)
        for run in (first, second, third):
            print(run.measured())
        yield Story(web, good, cases, first, second, third, published, revised)


def change(folder: Path, press: dict[str, Press]) -> tuple[set[str], set[str]]:
    """Change some outlets; return the URLs of the stories that are new, and of those that say something else."""
    database = folder / "m.db"
    published = set()
    for number, name in enumerate(("good-1", "good-2", "good-3", "good-4", "good-8", "good-13", "good-repeated")):
        published |= press[name].publish(*tales(9000 + number * 10, 1 + number % 2))
    # An ETag that stays though the list changes is found out when the list is asked for without it, once a day.
    published |= press["good-stuck"].publish(Tale(9500))
    forget_whole(database, press["good-stuck"].url + "/feed")
    # What was broken is mended …
    mended = press["status-500"]
    mended.tales = tales(9600, 2)
    del mended.answers["/feed"]
    page = press["page-500"]
    page.more[pages.bad(1)] = reply(pages.story())
    make_due(database, [page.url + pages.bad(1)])
    published |= mended.stories() | {page.url + pages.bad(1)}
    # … what worked breaks, and a stored story says something else.
    press["good-5"].answers["/feed"] = reply("gone", status=410)
    other = press["good-6"]
    old = other.tales[0]
    other.tales[0] = Tale(old.number, old.paragraphs, edition=2)
    make_due(database, [other.url + old.path, press["good-7"].url + press["good-7"].tales[0].path])
    return published, {other.url + old.path}


def test_web_is_of_a_hundred_outlets_half_of_them_good(story: Story) -> None:
    assert len(story.presses) >= 100 and len(story.good) >= 50


def test_runs_end_by_themselves_and_quietly(story: Story) -> None:
    for run in (story.first, story.second, story.third):
        assert run.code == 0 and run.out == "", run.out[:3000]


def test_memory_is_bounded(story: Story) -> None:
    for run in (story.first, story.second, story.third):
        assert 0 < run.main_mib < MOST_MEMORY and run.all_mib < MOST_WITH_WORKERS, run.measured()


def test_every_good_story_is_stored_and_nothing_else(story: Story) -> None:
    expected = {url for press in story.presses if press.answers.get("/robots.txt") is None for url in press.stories()}
    for case in (case for group in story.cases.values() for case in group):
        if case.press.answers.get("/robots.txt") and not case.problem:
            expected |= case.press.stories()
    expected -= story.published
    bad = {case.press.url + path for group in story.cases.values() for case in group for path in case.pages}
    stored = set(story.first.stories)
    assert not expected - stored, sorted(expected - stored)[:10]
    assert not stored - expected - bad, sorted(stored - expected - bad)[:10]


def test_every_listed_page_is_accounted_for(story: Story) -> None:
    silent = [(url, page) for url, page in story.first.pages.items() if page.state != "stored" and not page.reason]
    assert not silent
    waiting = {page.source for page in story.first.pages.values() if page.state == "listed"}
    assert waiting == {"stalled", "busy"}


def test_each_misbehaviour_gets_what_is_said(story: Story) -> None:
    wrong = []
    for case in (case for group in story.cases.values() for case in group):
        problems = sorted({way.problem for way in story.first.ways.values() if way.source == case.press.id} - {""})
        if bool(case.problem) != bool(problems) or not re.search(case.problem, " ".join(problems)):
            wrong.append((case.press.id, case.problem, problems))
        for path, (state, reason) in case.pages.items():
            page = story.first.pages.get(case.press.url + path)
            if page is None or not (re.fullmatch(state, page.state) and re.search(reason, page.reason)):
                wrong.append((case.press.id, f"{state}: {reason}", page))
            if state == "stored" and case.text not in story.first.texts.get(case.press.url + path, ""):
                wrong.append((case.press.id, case.text, story.first.texts.get(case.press.url + path, "")[-300:]))
        waits = [way.wait for way in story.first.ways.values() if way.source == case.press.id]
        if case.waits and round(min(waits)) < case.waits:
            wrong.append((case.press.id, case.waits, waits))
    assert not wrong, "\n".join(map(str, wrong))


def test_entities_open_nothing_and_say_nothing(story: Story) -> None:
    names = ("laughs", "entity-file", "entity-parameter")
    for press in (press for press in story.presses if press.id in names):
        allowed = {"/robots.txt", "/feed", *(tale.path for tale in press.tales)}
        assert set(story.first.paths(press)) == allowed
        (text,) = (story.first.texts[url] for url in press.stories())
        assert socket.gethostname() not in text and "haha" not in text


def test_lists_are_bounded(story: Story) -> None:
    """Endless indexes are followed so deep and so wide only, and of long lists the newest count."""
    asked = {press.id: story.first.paths(press) for press in story.presses}
    assert len(asked["indexes"]) <= 2 + 5 + 25
    listed = Counter(page.source for page in story.first.pages.values())
    assert listed["sitemap-60000"] == 500 and listed["section-links"] == 300
    assert asked["chain"].total() <= 2 + 8 and max(asked["loop"].values()) <= 1 + 8


def test_pauses_asked_for_are_kept(story: Story) -> None:
    press = {press.id: press for press in story.presses}
    asked = {
        name: [a for a in story.first.asked if a.host == press[name].host] for name in ("robots-delay", "page-429")
    }
    # The times are the server's, which is a busy one: it may be late with one request, not with all.
    times = [request.at for request in asked["robots-delay"]]
    assert len(times) == 4 and times[-1] - times[0] >= 2.5
    refused, again = (request.at for request in asked["page-429"] if request.path == pages.bad(1))
    assert again - refused >= 1.5
    assert not [r for r in asked["page-429"] if refused < r.at < refused + 1.5], "the host is left alone meanwhile"
    assert sum(path not in ("/feed", "/robots.txt") for path in story.first.paths(press["busy"]).elements()) == 1


def test_second_run_costs_only_what_is_new(story: Story) -> None:
    lists_of = {press.id: {*press.feeds, *press.sitemaps, *press.sections} for press in story.good}
    for press in story.good:
        asked = story.second.paths(press)
        allowed = lists_of[press.id] | ({press.list_path} if press.indexed else set())
        assert set(asked) == allowed and max(asked.values()) == 1, (press.id, asked)
        status = story.second.ways[press.url + press.list_path].status
        # An index is never asked for conditionally, and what it points at is.
        assert status == (304 if press.validators in ("etag", "modified", "both", "stuck") else 200), press.id
    again = {
        asked.host
        for asked in story.second.asked
        if asked.path.startswith("/2025/")
        and asked.path in {*(p for p in story.first.paths(story.web.outlets[asked.host]))}
    }
    assert {story.web.outlets[host].id for host in again} <= {"stalled"}, "no page is fetched again"
    assert story.second.stories == story.first.stories


def test_third_run_finds_exactly_what_changed(story: Story) -> None:
    assert set(story.third.stories) - set(story.second.stories) == story.published
    revised = {
        url for url, revision in story.third.stories.items() if story.second.stories.get(url, revision) != revision
    }
    assert revised == story.revised
    good = {press.id: press for press in story.good}
    assert story.third.ways[good["good-5"].url + "/feed"].problem == "status 410"
    pages_asked = {
        press.url + path for press in story.good for path in story.third.paths(press) if path.startswith("/2025/")
    }
    looked_at_again = {good["good-7"].url + good["good-7"].tales[0].path} | story.revised
    assert (
        pages_asked
        == {url for url in story.published if url.startswith(tuple(p.url for p in story.good))} | looked_at_again
    )


def test_unchanged_feeds_cost_little(tmp_path: Path) -> None:
    presses = [Press(f"quiet-{number}", tales=tales(number * 10, 1, 1), form=rss) for number in range(1, 101)]
    with HostileWeb(presses) as web:
        seeds = seeds_of(tmp_path, presses, ROOT / "seeds")
        crawl(tmp_path, seeds, web)
        run = crawl(tmp_path, seeds, web)
    print("polling 100 feeds that have not changed:", run.measured())
    assert {way.status for way in run.ways.values()} == {304} and len(run.asked) == 100
    assert run.main_mib < 250


# The documentation


def seen(story: Story, case: Case) -> str:
    """What the user sees of a case after the first run, in the words of the program."""
    press = case.press
    found = {way.problem for way in story.first.ways.values() if way.source == press.id}
    bad = [story.first.pages.get(press.url + path) for path in case.pages]
    found |= {page.reason or page.state for page in bad if page}
    if not bad and not any(found) and any(url.startswith(press.url + "/") for url in story.first.stories):
        found.add("stored")
    if not bad and not any(found):
        found = {"stored" if any(url in story.first.stories for url in listed_by(case)) else "nothing listed"}
    text = "; ".join(sorted(found - {""})).replace(f"{press.url}/feed: ", "").replace("|", "\\|")
    return re.sub(r"is story \w+ again", "is story … again", text)


def listed_by(case: Case) -> set[str]:
    """The URLs of the stories that a case's list leads to."""
    return {tale_url for press in (case.press, *case.leads_to) for tale_url in press.stories()}


def tables(story: Story) -> str:
    """The tables of the documentation."""
    parts = []
    for name, group in story.cases.items():
        rows = [f"| {case.about} | {case.gets} | {seen(story, case)} |" for case in group if case.about]
        parts.append(
            "\n".join([f"### {name}", "", "| what it does | what it gets | what you see |", "|---|---|---|", *rows])
        )
    return "\n\n".join(parts)


def test_documentation_tells_what_happened(story: Story) -> None:
    begin, end = (
        "<!-- the tables: written by WRITE_DOCS=1 pytest tests/test_hostile.py -->\n",
        "\n<!-- end of the tables -->",
    )
    text = DOCUMENT.read_text(encoding="utf-8")
    head, rest = text.split(begin)
    body, tail = rest.split(end)
    if os.environ.get("WRITE_DOCS"):
        DOCUMENT.write_text(f"{head}{begin}{tables(story)}{end}{tail}", encoding="utf-8")
        return
    assert body == tables(story), (
        "docs/hostile-web.md is out of date; WRITE_DOCS=1 pytest tests/test_hostile.py mends it"
    )
