"""The second sequence's data: labels that fit the stories, as those of the replay do."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from monitor.sources import load_sources
from tests.eval.linked import SECOND
from tests.replay_truth import FOLDER, HOUR, published, read_days, read_lines
from tests.test_replay_data import assert_only_reprints_repeat, has_figure

DAYS = read_days(SECOND)
STORIES = {story["url"]: story for _, stories in DAYS for story in stories}
LABELS = read_lines("truth.jsonl", SECOND)
TRUTH = {label["url"]: label for label in LABELS}


def test_each_file_holds_its_news_day_in_the_order_of_publication() -> None:
    assert [label["url"] for label in LABELS] == list(STORIES)
    for day, stories in DAYS:
        times = [published(story) for story in stories]
        start = datetime(day.year, day.month, day.day, HOUR, tzinfo=UTC)
        assert times == sorted(times) and start <= times[0] and times[-1] < start + timedelta(days=1), day


def test_the_outlets_are_others_than_the_replays_and_write_these_languages(tmp_path) -> None:
    (tmp_path / "second.toml").write_text((SECOND / "outlets.toml").read_text("utf-8"))
    outlets = {source.id: source for source in load_sources(tmp_path)}
    assert outlets.keys() == {story["source"] for story in STORIES.values()}
    assert not outlets.keys() & {story["source"] for _, stories in read_days(FOLDER) for story in stories}
    for story in STORIES.values():
        assert story["language"] in outlets[story["source"]].languages
        assert urlsplit(story["url"]).netloc == urlsplit(outlets[story["source"]].homepage).netloc


# Figures that these stories write as words, beside those of the replay.
WORDS = {
    1: r"\b(an? \w+ \w+ soldier|FC man|an afghan taliban border guard|one \w+)|يو|يوه|یک|ایک",
    2: r"دوه",
    5: r"five",
    6: r"شپږ",
    11: r"eleven|یازده",
    16: r"sixteen",
    19: r"nineteen",
    20: r"twenty",
    46: r"forty-six",
    50: r"fifty",
}


def test_every_figure_stands_in_its_story() -> None:
    for label in LABELS:
        text = STORIES[label["url"]]["text"]
        for figure in label["claims"] + label["denies"]:
            spelt = re.search(rf"(?<!\w)({WORDS.get(figure['count'], '$^')})(?!\w)", text, re.IGNORECASE)
            assert spelt or has_figure(text, figure["count"]), (label["url"], figure)


def test_a_reprint_repeats_an_earlier_text_and_nothing_else_does() -> None:
    assert_only_reprints_repeat(STORIES, TRUTH)
