"""Floors under language detection: odd lines of NTREX-128 (the even ones were looked at) and the labelled articles."""

import json
import random
from collections import Counter
from collections.abc import Callable

import pytest

from monitor.language import detect_language
from tests.paths import SHARED

LANGID = SHARED / "data" / "langid"
ARTICLES = SHARED / "eval" / "articles.jsonl"
EXPECTED = {
    "eng": "en",
    "urd": "ur",
    "pus": "ps",
    "fas": "fa",
    "prs": "fa",
    "hin": "hi",
    "arb": "ar",
    "snd-Arab": "sd",
    "pan": "pa",
}

needs_langid = pytest.mark.skipif(
    not LANGID.is_dir(), reason="the sentences in known languages are not part of the project"
)
needs_articles = pytest.mark.skipif(not ARTICLES.is_file(), reason="../shared/eval/articles.jsonl is absent")


def odd_lines(name: str) -> list[str]:
    """Lines 1, 3, 5 … with a letter of the language's own script in them, so that there is something to tell."""
    lines = (LANGID / f"{name}.txt").read_text(encoding="utf-8").splitlines()[::2]
    return lines if name == "eng" else [line for line in lines if any(character > "\u0370" for character in line)]


def answers(name: str, change: Callable[[str], str] = str) -> Counter[str]:
    return Counter(detect_language(change(line)).language for line in odd_lines(name))


def share(name: str, change: Callable[[str], str] = str) -> float:
    counts = answers(name, change)
    print(name, counts)
    return counts[EXPECTED[name]] / counts.total()


def window(size: int) -> Callable[[str], str]:
    """A function that cuts ``size`` words from a line, always the same ones: a stand-in for a headline."""

    def cut(line: str) -> str:
        words = line.split()
        start = random.Random(line).randrange(max(1, len(words) - size + 1))
        return " ".join(words[start : start + size])

    return cut


def arabic_keys(line: str) -> str:
    return line.translate(str.maketrans("یکہ", "يكه"))


def urdu_keys(line: str) -> str:
    return line.translate(str.maketrans("يكهګ", "یکہگ"))


def without_joiners(line: str) -> str:
    return line.replace("\u200c", "")


@needs_langid
@pytest.mark.parametrize("name", EXPECTED)
def test_sentences(name: str) -> None:
    assert share(name) >= 0.994


@needs_langid
def test_sindhi_is_not_called_pashto() -> None:
    counts = answers("snd-Arab")
    assert counts["ps"] / counts.total() < 0.005


@needs_langid
@pytest.mark.parametrize("change", [arabic_keys, urdu_keys, without_joiners])
@pytest.mark.parametrize("name", ["urd", "pus", "fas", "prs", "snd-Arab"])
def test_sentences_from_other_keyboards_and_scrapers(name: str, change: Callable[[str], str]) -> None:
    assert share(name, change) >= 0.985


@needs_langid
@pytest.mark.parametrize(("size", "floor"), [(8, 0.985), (6, 0.975), (5, 0.965), (4, 0.95), (3, 0.91)])
@pytest.mark.parametrize("name", ["eng", "urd", "pus", "fas", "prs", "hin", "arb"])
def test_headlines(name: str, size: int, floor: float) -> None:
    assert share(name, window(size)) >= floor


@needs_langid
def test_dari_is_told_in_stories_and_not_read_into_other_persian() -> None:
    dari, persian = odd_lines("prs"), odd_lines("fas")
    assert sum(detect_language(line).variant == "prs" for line in persian) / len(persian) <= 0.01
    stories = [" ".join(dari[start : start + 10]) for start in range(0, len(dari), 10)]
    told = sum(detect_language(story).variant == "prs" for story in stories) / len(stories)
    print("Dari stories told:", told)
    assert told >= 0.7


@needs_articles
def test_labelled_articles() -> None:
    articles = [json.loads(line) for line in ARTICLES.read_text(encoding="utf-8").splitlines()]
    right = sum(detect_language(article["text"]).language == article["lang"] for article in articles)
    assert right / len(articles) >= 0.99
