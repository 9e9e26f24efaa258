"""The screen lets through every page whose story would be kept, however the page spells it."""

import gzip
import html
import json
import random
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.analysis.reading import read
from monitor.analysis.relevance import judge
from monitor.analysis.screen import Screen
from monitor.analysis.text import normalise
from monitor.analysis.topic import Topic
from monitor.extract import extract_page
from monitor.items import Page
from monitor.reader import read_page
from tests.paths import ROOT, SHARED

SEEDS = ROOT / "seeds"
SECOND = ROOT / "tests" / "second_topic"
TOPIC = Topic.load(SEEDS)
SCREEN = Screen(TOPIC)
STORIES = {
    "en": "Pakistani and Afghan border guards exchanged fire near Torkham on Sunday, killing two soldiers.",
    "ur": "پاکستانی فورسز اور افغان طالبان کے درمیان فائرنگ کے تبادلے میں دو فوجی ہلاک ہوئے۔",
    "ps": "د پاکستان پوځ او د افغان ځواکونو ترمنځ په نښته کې دوه سرتېري ووژل شول.",
    "fa": "در درگیری میان نیروهای طالبان و ارتش پاکستان دو سرباز کشته شدند.",
    "hi": "पाकिस्तानी सेना और अफगान तालिबान के बीच गोलीबारी में दो सैनिक मारे गए।",
}
PAGE = "<!doctype html><html><head><title>News</title></head><body><nav>Home Sport</nav><article>{}</article></body></html>"


def page(text: str, encoding: str = "utf-8") -> bytes:
    return PAGE.format(f"<p>{text}</p>").encode(encoding, "xmlcharrefreplace")


@pytest.mark.parametrize("language", STORIES)
def test_the_stories_of_this_test_are_relevant(language: str) -> None:
    assert judge(TOPIC, read(TOPIC, "", STORIES[language], language)).relevant


@pytest.mark.parametrize("language", STORIES)
def test_a_story_passes(language: str) -> None:
    assert SCREEN.may_be_relevant(page(STORIES[language]), "utf-8")


@pytest.mark.parametrize(
    "text",
    [
        "Prices of wheat rose in Chicago on Monday.",
        "وزیر اعلیٰ نے سڑک کا افتتاح کیا۔",
        "باران شدید در شمال ایتالیا خسارت زد.",
        "Pakistan beat Sri Lanka by six wickets.",
        "A bomb in Kabul killed two.",
    ],
)
def test_other_pages_do_not_pass(text: str) -> None:
    assert not SCREEN.may_be_relevant(page(text), "utf-8")


@pytest.mark.parametrize("language", STORIES)
@pytest.mark.parametrize("style", ["decimal", "hex", "json"])
def test_letters_written_as_numbers(language: str, style: str) -> None:
    forms = {"decimal": "&#{};", "hex": "&#x{:x};", "json": "\\u{:04x}"}
    text = "".join(char if char == " " else forms[style].format(ord(char)) for char in STORIES[language])
    assert SCREEN.may_be_relevant(PAGE.format(text).encode("ascii"), None)


@pytest.mark.parametrize(
    ("encoding", "language"),
    [("windows-1256", "ur"), ("windows-1256", "fa"), ("utf-16", "ur"), ("utf-16", "en"), ("iso-8859-1", "en")],
)
@pytest.mark.parametrize("declared", [True, False])
def test_other_encodings(encoding: str, language: str, declared: bool) -> None:
    body = page(STORIES[language], encoding)
    assert SCREEN.may_be_relevant(body, encoding if declared else None)


def test_a_wrong_charset_in_the_header_does_not_matter() -> None:
    assert SCREEN.may_be_relevant(page(STORIES["ur"]), "iso-8859-1")
    assert SCREEN.may_be_relevant(page(STORIES["en"]), "no-such-charset")


@pytest.mark.parametrize(
    "text",
    [
        "PAKISTANI AND AFGHAN FORCES",
        '<span class="cap">P</span>akistani and <b>A</b>fghan forces',
        "Paki\u00adstani and Af&shy;ghan forces",
        "Pākistānī and Afghān forces",
        "Ｐａｋｉｓｔａｎ and Ａｆｇｈａｎ forces",
        "پاكستاني فورسز او افغان طالبان",
        "پَاکِستانی اور اَفغان فورسز",
        "پاکـستانی اور افـغان فورسز",
        "پاک‌ستانی اور افغ‌ان فورسز",
        "پاک&zwnj;ستانی اور افغ&zwnj;ان فورسز",
        "ﭘﺎﻛﺴﺘﺎﻥ ﺍﻓﻐﺎﻥ",
        "پاک <b>فوج</b> اور افغان فورسز",
        "the Durand&nbsp;Line",
        "fire from across the\n  border hit Bajaur",
        "fire from across <i>the</i> border hit Bajaur",
    ],
)
def test_spellings(text: str) -> None:
    assert SCREEN.may_be_relevant(page(text), "utf-8")


def test_a_topic_that_keeps_everything_screens_nothing(tmp_path: Path) -> None:
    for path in SECOND.rglob("*"):
        if path.is_file():
            copy = tmp_path / path.relative_to(SECOND)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes().replace(b"threshold = 0.5", b"threshold = 0"))
    topic = Topic.load(tmp_path)
    assert Screen(topic).may_be_relevant(b"", None)
    assert judge(topic, read(topic, "", "", "en")).relevant


@settings(deadline=None, max_examples=300)
@given(
    st.lists(
        st.sampled_from([*STORIES.items(), ("en", "Prices rose."), ("en", "Cross-border fire hit Bajaur, killing 2.")])
    ),
    st.sampled_from(["plain", "escaped", "referenced", "json", "tagged", "marked", "utf-16"]),
    st.randoms(use_true_random=False),
)
def test_what_would_be_kept_passes(stories: list[tuple[str, str]], style: str, rng: random.Random) -> None:
    text = " ".join(story for _, story in stories)
    language = stories[0][0] if stories else "en"
    if judge(TOPIC, read(TOPIC, "", text, language)).relevant:
        body = written(text, style, rng)
        assert SCREEN.may_be_relevant(body, None)
        whole = extract_page(body, "https://outlet.example/story")
        assert extract_page(body, "https://outlet.example/story", may_hold=SCREEN.may_hold) == whole


def written(text: str, style: str, rng: random.Random) -> bytes:
    """A page with ``text`` in one of the ways pages write it."""
    if style == "escaped":
        return PAGE.format(html.escape(text)).encode()
    if style == "referenced":
        return page(text, "ascii")
    if style == "json":
        return f'<script type="application/ld+json">{json.dumps({"articleBody": text})}</script>'.encode()
    if style == "tagged":
        return page("".join(f"<em>{word}</em> " if rng.random() < 0.4 else f"{word} " for word in text.split()))
    if style == "marked":
        mark = ["\u200c", "\u00ad", "\u064e", "\u0640"]
        return page("".join(char + (rng.choice(mark) if "\u0620" < char < "\u06d3" else "") for char in text))
    return page(text, "utf-16" if style == "utf-16" else "utf-8")


def test_article_is_not_looked_for_where_only_the_menu_names_the_topic() -> None:
    menu = "<nav><a href='/afghanistan'>Afghanistan</a> <a href='/pakistan'>Pakistan</a> Durand Line</nav>"
    article = "<article>" + "<p>Prices of wheat rose in Chicago on Monday, traders said after a dry week.</p>" * 9
    body = (
        f"<!doctype html><html><head><title>Wheat</title></head><body>{menu}{article}</article></body></html>".encode()
    )
    page = Page(url="https://outlet.example/wheat", source="outlet", body=body, fetched_at=datetime.now(UTC))
    assert SCREEN.may_be_relevant(body, None)
    story = read_page(page, SEEDS, UTC)
    assert story is not None and (story.text, story.relevant, story.title) == ("", False, "Wheat")
    again = read_page(replace(page, recheck="known"), SEEDS, UTC)
    assert again is not None and "Chicago" in again.text, "a stored story is read again whatever it says now"
    named = read_page(replace(page, feed_title="Durand Line: shelling raises price of wheat"), SEEDS, UTC)
    assert named is not None and "Chicago" in named.text, "the feed's headline is part of the story"


@given(st.binary(max_size=2000), st.sampled_from([None, "utf-8", "utf-16", "windows-1256", "", "x-unknown"]))
def test_any_bytes_are_screened(body: bytes, encoding: str | None) -> None:
    assert SCREEN.may_be_relevant(body, encoding) in (True, False)


PAGES = SHARED / "data" / "pages"


@pytest.mark.slow
@pytest.mark.skipif(not PAGES.is_dir(), reason="the real pages are not here")
@pytest.mark.parametrize("topic", ["ours", "second", "pages"])
def test_no_real_page_that_would_be_kept_is_stopped(topic: str, tmp_path: Path) -> None:
    used = TOPIC if topic == "ours" else Topic.load(SECOND if topic == "second" else pages_topic(tmp_path))
    screen, kept = Screen(used), 0
    for path in sorted(PAGES.glob("fundus/*/*.html.gz"))[:: 3 if topic != "pages" else 1]:
        body = gzip.decompress(path.read_bytes())
        story = extract_page(body, "https://outlet.example/story")
        if story is None:
            continue
        judgement = judge(used, read(used, story.title or "", story.text, "en"))
        kept += judgement.relevant
        if judgement.relevant:
            assert screen.may_be_relevant(body, None), path.name
            assert extract_page(body, "https://outlet.example/story", may_hold=screen.may_hold) == story, path.name
    assert kept or topic != "pages", "a topic made for these pages finds some of them"


def pages_topic(folder: Path) -> Path:
    """A topic about two countries that real pages often name together, so that the property has something to hold."""
    (folder / "lexicon").mkdir()
    names = {
        "us": "American | Trump | Biden | Washington | United States",
        "ru": "Russia | Ukraine | China | Israel | German",
    }
    sides = "".join(f'[[side]]\nid = "{name}"\nname = "{name}"\ncountry = "{name}"\n' for name in names)
    actors = "".join(
        f'[[actor]]\nid = "c-{name}"\nname = "{name}"\nkind = "country"\nside = "{name}"\nnames_en = "{forms}"\n'
        for name, forms in names.items()
    )
    (folder / "actors.toml").write_text(sides + actors, encoding="utf-8")
    (folder / "topic.toml").write_text(
        '[topic]\nname = "x"\nsides = ["us", "ru"]\n[relevance]\nthreshold = 0.1\n', encoding="utf-8"
    )
    header = (SEEDS / "gazetteer.csv").read_text(encoding="utf-8").splitlines()[0]
    (folder / "gazetteer.csv").write_text(header + "\n", encoding="utf-8")
    words = '[[word]]\ncategory = "event"\nmeans = "{}"\nforms = "{}"\n'
    lexicon = words.format("attack", "attack | war | strikes | killed | fight") + words.format(
        "talks", "talks | deal | said"
    )
    (folder / "lexicon" / "en.toml").write_text(lexicon, encoding="utf-8")
    return folder


def test_folding_of_this_test_is_that_of_the_program() -> None:
    assert normalise("پاكستاني").text == normalise("پاکستانی").text
