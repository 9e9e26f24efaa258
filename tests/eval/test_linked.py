"""Floors under incidents, near-duplicates, ledgers and briefs; ``python -m tests.eval.linked -v`` shows what is wrong."""

from __future__ import annotations

from statistics import mean

import pytest

from monitor.analysis.topic import Topic
from tests.eval.grouping import Rate, b_cubed, pairs
from tests.eval.linked import ARTICLES, SECOND, OfArticles, measure_articles
from tests.eval.replayed import Replayed
from tests.eval.sets import YEARS
from tests.paths import ROOT


def test_b_cubed_by_hand() -> None:
    gold = {"a": "x", "b": "x", "c": "y"}
    assert b_cubed(gold, gold) == 1
    assert b_cubed({}, gold) == pytest.approx(2 * 1 * (2 / 3) / (1 + 2 / 3))
    assert b_cubed(dict.fromkeys(gold, "one"), gold) == pytest.approx(2 * (5 / 9) / (1 + 5 / 9))


def test_pairs_and_rates() -> None:
    assert pairs({"a": "x", "b": "x", "c": "y", "d": "x"}) == {("a", "b"), ("a", "d"), ("b", "d")}
    assert (Rate(3, 4, 6).precision, Rate(3, 4, 6).recall) == (0.75, 0.5)


@pytest.fixture(scope="module")
def articles() -> OfArticles:
    if not ARTICLES.is_file():
        pytest.skip("the shared set is not part of the project and not beside it")
    return measure_articles(Topic.load(ROOT / "seeds"), ARTICLES)


@pytest.mark.slow
def test_incidents_of_the_shared_set(articles: OfArticles) -> None:
    assert articles.in_order >= 0.9
    assert mean(articles.shuffled) >= 0.9
    assert min(articles.shuffled) >= 0.87
    # Whatever the order, hardly a story is put elsewhere.
    assert articles.agreement >= 0.95


@pytest.mark.slow
def test_near_duplicates_of_the_shared_set(articles: OfArticles) -> None:
    assert articles.duplicates.precision >= 0.98 and articles.duplicates.recall >= 0.9, articles.duplicates


@pytest.mark.slow
@pytest.mark.parametrize(("name", "in_order", "shuffled", "copies"), [("a", 0.85, 0.85, 0.6), ("b", 0.9, 0.88, 1.0)])
def test_incidents_of_many_years(name: str, in_order: float, shuffled: float, copies: float) -> None:
    found = measure_articles(Topic.load(ROOT / "seeds"), YEARS / f"{name}.jsonl")
    assert found.in_order >= in_order and mean(found.shuffled) >= shuffled
    assert found.duplicates.precision == 1 and found.duplicates.recall >= copies


@pytest.fixture(scope="module")
def replayed(tmp_path_factory: pytest.TempPathFactory) -> Replayed:
    return Replayed(tmp_path_factory.mktemp("replay"))


@pytest.mark.slow
def test_incidents_of_the_replay(replayed: Replayed) -> None:
    assert len(set(replayed.incident_of.values())) == len(replayed.labelled) == 5
    every, recognised = replayed.incidents_f1()
    assert every >= 0.97 and recognised >= 0.99


@pytest.mark.slow
def test_near_duplicates_and_origins_of_the_replay(replayed: Replayed) -> None:
    found = replayed.duplicates()
    assert found.precision >= 0.98 and found.recall >= 0.9, found
    assert replayed.origins() >= 0.98
    assert replayed.independent() <= 0.05


@pytest.mark.slow
def test_days_and_places_of_the_replays_incidents(replayed: Replayed) -> None:
    now = replayed.read(replayed.mornings[-1])
    wrong = []
    for label in replayed.labelled:
        found = now[label["slug"]]
        same = found.date_start and found.date_start <= label["date_end"] and found.date_end >= label["date_start"]
        named = {place.id for place in found.places} & {*label["places"], *label["places_may"]}
        if not same or not named or (found.event_type in ("air_strike",)) != (label["event_type"] == "air_strike"):
            wrong.append((label["slug"], found.title))
    assert wrong == []


@pytest.mark.slow
def test_ledgers_of_every_morning(replayed: Replayed) -> None:
    people, things = replayed.ledger_lines()
    assert people.recall >= 0.98 and people.precision >= 0.98, people
    assert things.recall >= 0.95 and things.precision >= 0.95, things
    whole = replayed.whole_lines()
    assert whole.recall >= 0.8 and whole.precision >= 0.8, whole


@pytest.mark.slow
def test_the_night_that_the_two_sides_tell_differently(replayed: Replayed) -> None:
    """The acceptance case: one incident, each claim with who says it, the contradiction visible."""
    night = replayed.read(replayed.mornings[3])["durand-border-battle-2025-10-11"]
    lines = {line.key[:3]: line for line in night.claims if line.what is None}
    theirs = lines["afghanistan", "pakistani_forces", "killed"]
    ours = lines["pakistan", "pakistani_forces", "killed"]
    assert (theirs.current.best, ours.current.best) == (58, 23)
    assert [figure.best for figure in ours.history] == [12, 23]
    assert "pakistan" in theirs.contradicted_by and "afghanistan" in ours.contradicted_by
    assert lines["afghanistan", "afghan_forces", "killed"].current.best == 9
    assert lines["pakistan", "militants", "killed"].current.best == 200
    assert night.status == "contested" and night.origin_count < len(night.story_ids)
    assert len(night.languages) == 4
    later = {
        line.key[:3]: line for line in replayed.read(replayed.mornings[4])["durand-border-battle-2025-10-11"].claims
    }
    assert later["afghanistan", "pakistani_forces", "killed"].denials


@pytest.mark.slow
def test_the_brief_of_every_morning(replayed: Replayed) -> None:
    told = replayed.briefs()
    assert told["new"].recall == told["new"].precision == 1, told
    assert told["changed"].recall >= 0.9 and told["changed"].precision >= 0.85, told
    assert told["contested"].recall >= 0.9 and told["contested"].precision >= 0.9, told


@pytest.mark.slow
def test_the_second_sequence(tmp_path) -> None:
    """Events that nothing was fitted to: what holds for the replay holds for them."""
    seen = Replayed(tmp_path, SECOND)
    assert len(set(seen.incident_of.values())) == len(seen.labelled) == 4
    every, recognised = seen.incidents_f1()
    assert every >= 0.93 and recognised >= 0.98
    assert seen.origins() >= 0.98 and seen.independent() <= 0.08
    people, things = seen.ledger_lines()
    assert people.recall >= 0.97 and people.precision >= 0.92, people
    assert things.recall >= 0.9 and things.precision >= 0.9, things
    assert all(part.recall >= 0.95 and part.precision >= 0.8 for part in seen.briefs().values()), seen.briefs()
