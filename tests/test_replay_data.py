"""The replay's data: stories in order, labels that fit them, and a ledger that follows from the labels."""

from __future__ import annotations

import csv
import re
import shutil
import tomllib
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest

from monitor.sources import Source, load_sources
from tests.paths import ROOT
from tests.replay_truth import (
    FOLDER,
    HOUR,
    fold,
    key_of,
    morning_records,
    mornings,
    published,
    read_days,
    read_lines,
    told,
    voices,
)

FIELDS = {"url", "title", "text", "published", "source", "language"}
# Figures that stories write as words.
WORDS = {
    1: r"\b(one|a) tank|یک|يو|ایک",
    2: r"two|دو",
    3: r"three|درې|سه|تین",
    4: r"four|چار",
    6: r"six|شپږ|شش|چھ",
    7: r"seven|اووه|سات",
    8: r"eight|اته|هشت|آٹھ",
    9: r"nine|نهه|نُه|نه|نو",
    10: r"ten|لس|ده",
    12: r"twelve|more than a dozen|دولس|دوازده|بارہ",
    15: r"fifteen|پانزده",
    16: r"شانزده",
    17: r"seventeen|هفده",
    21: r"twenty-one",
    23: r"بیست و سه",
    29: r"بیست و نه",
    58: r"پنجاه و هشت",
    100: r"سو سے زائد زخمی",
    200: r"دویست|دو سو",
}
DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "0123456789" * 2)

DAYS = read_days()
STORIES = {story["url"]: story for _, stories in DAYS for story in stories}
LABELS = read_lines("truth.jsonl")
TRUTH = {label["url"]: label for label in LABELS}
LEDGER = tomllib.loads((FOLDER / "ledger.toml").read_text("utf-8"))
SLUGS = {incident["slug"] for incident in LEDGER["incident"]}


@pytest.fixture(scope="module")
def outlets(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Source]:
    folder = tmp_path_factory.mktemp("outlets")
    shutil.copy(FOLDER / "outlets.toml", folder)
    return {source.id: source for source in load_sources(folder)}


def letters(text: str) -> str:
    """Text with Western digits and no joiners."""
    return text.translate(DIGITS).replace("\u200c", " ").casefold()


def has_figure(text: str, count: int) -> bool:
    """Whether the number stands in the text, in digits or in words."""
    text = letters(text)
    if re.search(rf"(?<![\d,.]){count}(?![\d]|[,.]\d)", text):
        return True
    return count in WORDS and re.search(rf"(?<!\w)(?:{WORDS[count]})(?!\w)", text) is not None


def shingles(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", letters(text))
    return set(zip(words, words[1:], words[2:], strict=False))


def test_there_are_eleven_days_and_enough_stories() -> None:
    assert [day.isoformat() for day, _ in DAYS] == [f"2025-10-{number:02d}" for number in range(9, 20)]
    languages = Counter(story["language"] for story in STORIES.values())
    assert sum(languages.values()) >= 96
    assert set(languages) == {"en", "ur", "ps", "fa"}
    assert min(languages.values()) >= 18
    assert sum(label["duplicate_of"] is not None for label in LABELS) >= 20
    assert sum(not label["relevant"] for label in LABELS) >= 15
    assert sum(bool(label["denies"]) for label in LABELS) >= 5
    assert sum(label["corrects"] is not None for label in LABELS) >= 2


def test_each_file_holds_its_news_day_in_the_order_of_publication() -> None:
    for day, stories in DAYS:
        times = [published(story) for story in stories]
        start = datetime(day.year, day.month, day.day, HOUR, tzinfo=UTC)
        assert times == sorted(times), day
        assert start <= times[0] and times[-1] < start + timedelta(days=1), day
        for story in stories:
            assert set(story) == FIELDS, story["url"]
            assert all(isinstance(value, str) and value.strip() for value in story.values()), story["url"]
            assert datetime.fromisoformat(story["published"]).tzinfo is not None
            assert 80 <= len(story["text"].split()) <= 250, story["url"]
    assert len(STORIES) == sum(len(stories) for _, stories in DAYS)


def test_every_story_is_by_an_outlet_that_writes_its_language(outlets: dict[str, Source]) -> None:
    assert len(outlets) >= 14
    assert {"state", "party", "independent", "agency", "international"} == {o.affiliation for o in outlets.values()}
    assert {story["source"] for story in STORIES.values()} == set(outlets)
    for story in STORIES.values():
        outlet = outlets[story["source"]]
        assert urlsplit(story["url"]).netloc == urlsplit(outlet.homepage).netloc
        assert urlsplit(story["url"]).netloc.endswith(".example")
        assert story["language"] in outlet.languages


def test_no_two_stories_share_a_text_or_a_sentence_of_the_newswire() -> None:
    assert len({story["text"] for story in STORIES.values()}) == len(STORIES)
    newswire = " ".join(path.read_text("utf-8") for path in (ROOT / "seeds" / "newswire" / "articles").rglob("*.md"))
    for story in STORIES.values():
        for sentence in re.split(r"(?<=[.۔؟!])\s+", story["text"]):
            assert len(sentence) < 60 or sentence not in newswire, sentence


def test_every_story_has_one_label_that_makes_sense(outlets: dict[str, Source]) -> None:
    assert [label["url"] for label in LABELS] == list(STORIES)
    agencies = {agency["id"] for agency in tomllib.loads((FOLDER / "agencies.toml").read_text("utf-8"))["agency"]}
    actors = {actor["id"] for actor in tomllib.loads((ROOT / "seeds" / "actors.toml").read_text("utf-8"))["actor"]}
    assert agencies <= set(outlets)
    for label in LABELS:
        assert (label["incident"] is not None) == label["clash"], label["url"]
        assert label["relevant"] or not label["clash"]
        assert label["incident"] in SLUGS | {None}
        assert label["clash"] or not (label["claims"] or label["denies"] or label["withdraws"])
        assert label["origin"] in actors | set(outlets)
        assert label["credit"] in agencies | {None}
        assert not label["withdraws"] or STORIES[label["corrects"]]["source"] == STORIES[label["url"]]["source"]


def assert_only_reprints_repeat(stories: dict[str, dict[str, Any]], truth: dict[str, dict[str, Any]]) -> None:
    """Every story labelled as a reprint repeats its text, and that of the other reprints; no other story does."""
    cut = {url: shingles(story["text"]) for url, story in stories.items()}
    order = list(stories)
    for index, url in enumerate(order):
        first = truth[url]["duplicate_of"]
        prints = {
            other for other, label in truth.items() if first is not None and first in (other, label["duplicate_of"])
        }
        for earlier in order[:index]:
            shared = len(cut[url] & cut[earlier]) / min(len(cut[url]), len(cut[earlier]))
            assert shared > 0.6 if earlier in prints else shared < 0.35, (url, earlier, shared)


def test_a_reprint_repeats_an_earlier_text_and_nothing_else_does() -> None:
    assert_only_reprints_repeat(STORIES, TRUTH)
    order = list(STORIES)
    for url, label in TRUTH.items():
        first = label["duplicate_of"]
        if first is not None:
            assert order.index(first) < order.index(url)
            assert STORIES[first]["source"] != STORIES[url]["source"]
            assert TRUTH[first]["duplicate_of"] is None
            assert (label["origin"], label["incident"]) == (TRUTH[first]["origin"], TRUTH[first]["incident"])


def test_every_figure_stands_in_its_story() -> None:
    for label in LABELS:
        story = STORIES[label["url"]]
        for figure in label["claims"] + label["denies"]:
            assert has_figure(story["text"], figure["count"]), (story["url"], figure)
        for figure in label["withdraws"]:
            wrong = STORIES[label["corrects"]]
            assert has_figure(wrong["text"], figure["count"]) and has_figure(story["text"], figure["count"])
            assert figure in TRUTH[label["corrects"]]["claims"]
        said = {(label["incident"], key_of(claim), claim["count"]) for claim in label["claims"]}
        assert len(said) == len(label["claims"]) or told(label) - {label["incident"]}, story["url"]


def test_the_ledger_of_every_morning_follows_from_the_labels() -> None:
    expected = morning_records(DAYS, TRUTH, voices())
    assert len(LEDGER["morning"]) == len(DAYS)
    for written, derived in zip(LEDGER["morning"], expected, strict=True):
        incidents = {entry["incident"]: entry for entry in derived.pop("incidents")}
        ledgers = {entry["incident"]: entry for entry in written.pop("ledger", [])}
        assert written == derived
        assert ledgers == incidents, written["at"]
    assert [morning["at"] for morning in LEDGER["morning"]] == mornings([day for day, _ in DAYS])


def test_the_incidents_hold_the_figures_and_known_places() -> None:
    with (ROOT / "seeds" / "gazetteer.csv").open(encoding="utf-8", newline="") as stream:
        gazetteer = {row["id"] for row in csv.DictReader(stream)}
    ledgers = fold(STORIES.values(), TRUTH)
    assert len(SLUGS) == 5
    for incident in LEDGER["incident"]:
        slug = incident["slug"]
        assert slug.endswith(incident["date_start"].isoformat())
        assert incident["date_start"] <= incident["date_end"]
        assert incident["places"] and set(incident["places"] + incident["places_may"]) <= gazetteer
        derived = [(key, count, url) for key, line in ledgers[slug].items() for count, _, url, _ in line.figures]
        written = [(key_of(figure), figure["count"], figure["url"]) for figure in incident["figures"]]
        assert sorted(map(str, written)) == sorted(map(str, derived))
        assert {(d["by"], key_of(d), d["count"], d["url"]) for d in incident.get("denials", [])} == {
            (by, key, count, url) for key, line in ledgers[slug].items() for by, count, url in line.denials
        }


def test_the_numbers_that_everybody_knows_are_there() -> None:
    ledger = fold(STORIES.values(), TRUTH)["durand-border-battle-2025-10-11"]
    assert ledger["pakistan", "pakistani_forces", "killed", None].history == [12, 23]
    assert ledger["pakistan", "militants", "killed", None].history == [200]
    assert ledger["afghanistan", "afghan_forces", "killed", None].history == [9]
    assert ledger["afghanistan", "pakistani_forces", "killed", None].history[-1] == 58


def test_a_figure_is_found_in_digits_and_words_only_when_it_stands_there() -> None:
    texts: list[tuple[str, int, bool]] = [
        ("killed ۵۸ soldiers", 58, True),
        ("about 580 men", 58, False),
        ("1,200 lorries", 200, False),
        ("eight people", 8, True),
        ("often", 10, False),
    ]
    assert [has_figure(text, count) for text, count, _ in texts] == [found for *_, found in texts]


def test_labels_name_only_known_words() -> None:
    words: dict[str, set[Any]] = {
        "claimant": {"afghanistan", "pakistan", "other"},
        "party": {"pakistani_forces", "afghan_forces", "militants", "civilians", "unknown"},
        "outcome": {"killed", "injured", "captured", "destroyed"},
    }
    for label in LABELS:
        for claim in label["claims"] + label["denies"] + label["withdraws"]:
            assert all(claim[name] in known for name, known in words.items()), claim
            assert (claim["party"] == "unknown") == ("what" in claim), claim
