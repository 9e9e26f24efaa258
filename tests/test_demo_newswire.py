"""The articles, pages and listings of the demo newswire, and that its expectations hold against its own pages."""

from __future__ import annotations

import gzip
import itertools
import json
import re
from collections import Counter

import feedparser
import pytest
from lxml import etree, html
from trafilatura import bare_extraction

from monitor.demo.articles import ENDS
from monitor.demo.newswire import Newswire
from monitor.demo.outlets import Outlet, read_outlets
from tests.newswire import FOLDER, SEEDS, ZWNJ, decoded, get, get_page, parsed, token_f1, with_page
from tests.paths import ROOT

# What there is


@pytest.fixture(scope="module")
def newswire():
    with Newswire(SEEDS, stall_seconds=0.1) as served:
        yield served


@pytest.fixture(scope="module")
def outlets() -> dict[str, Outlet]:
    return {outlet.id: outlet for outlet in read_outlets(FOLDER)}


def test_counts(newswire):
    written = [expected for expected in newswire.expectations if expected.text]
    words = [len(expected.text.split()) for expected in written]
    languages = Counter(expected.language for expected in written)
    assert len(newswire.outlets) >= 8
    assert len(written) >= 64
    assert sum(count >= 150 for count in words) >= 25
    assert min(words) >= 60
    assert max(words) <= 450
    assert min(languages["ur"], languages["ps"], languages["fa"]) >= 8
    assert languages["hi"] >= 3
    assert sum(not expected.relevant for expected in written) >= 15
    assert {expected.ends for expected in newswire.expectations} == ENDS


def test_every_incident_of_the_sequence_is_told_in_four_languages(newswire):
    told: dict[str, set[str]] = {}
    for expected in newswire.expectations:
        if expected.incident:
            told.setdefault(expected.incident, set()).add(expected.language)
    assert len(told) == 5
    for incident, languages in told.items():
        assert languages >= {"en", "ur", "ps", "fa"}, incident


def test_reprints_carry_one_text_and_nothing_else_does(newswire):
    def shingles(text: str) -> set[tuple[str, ...]]:
        words = re.findall(r"\w+", text.replace("ي", "ی"))
        return set(zip(words, words[1:], words[2:], strict=False))

    texts = [(expected, shingles(expected.text)) for expected in newswire.expectations if expected.text]
    for (one, first), (other, second) in itertools.combinations(texts, 2):
        shared = len(first & second) / min(len(first), len(second))
        if one.wire and one.wire == other.wire:
            assert shared > 0.7, (one.id, other.id)
        else:
            assert shared < 0.4, (one.id, other.id)
    groups = Counter(expected.wire for expected in newswire.expectations if expected.wire)
    assert groups["tolls-en"] >= 5
    for wire in groups:
        members = [expected for expected in newswire.expectations if expected.wire == wire]
        assert sum(expected.ends == "stored" for expected in members) == 1, wire
        assert len({expected.outlet for expected in members}) == len(members)


NUMBER_WORDS = {
    1: "one یک یو یوه",
    3: "three تین سه درې तीन",
    6: "six",
    7: "seven هفت اووه",
    8: "eight هشت اته",
    9: "nine نه نهه नौ",
    10: "ده",
    12: "twelve",
    15: "fifteen",
    19: "nineteen",
    23: "twenty-three",
    58: "fifty-eight",
}


def test_every_labelled_figure_stands_in_its_article(newswire):
    for expected in newswire.expectations:
        text = f"{expected.title} {expected.text}".lower().translate(str.maketrans("۰۱۲۳۴۵۶۷۸۹", "0123456789"))
        words = set(re.split(r"[\s.,:;()،؛।]+", text)) | set(re.findall(r"\d+", text))
        for claim in (*expected.claims, *expected.other_claims):
            spellings = {str(claim.count), *NUMBER_WORDS.get(claim.count, "").split()}
            assert spellings & words, (expected.id, claim)


def test_labels_follow_the_rules_of_the_evaluation_set(newswire):
    for expected in newswire.expectations:
        assert expected.clash <= expected.relevant
        assert bool(expected.incident) == expected.clash
        if expected.claims or expected.other_claims:
            assert expected.clash, expected.id
        if expected.published:
            assert (expected.published.year, expected.published.month) == (2025, 10)


# Pages


def test_every_body_is_found_and_comments_are_not(newswire, outlets):
    for expected in with_page(newswire):
        body = get_page(expected.url)
        page = decoded(outlets, expected, body)
        document = bare_extraction(page, favor_precision=True, include_comments=False, fast=True)
        assert document is not None, expected.id
        assert token_f1(document.text, expected.text) >= 0.9, expected.id
        found = document.text.replace(ZWNJ, "")
        for comment in parsed(outlets, expected, body).find_class("reader-says"):
            assert comment.text_content().replace(ZWNJ, "") not in found, expected.id


def test_most_outlets_print_readers_comments(outlets):
    for outlet in outlets.values():
        comments = outlet.template.template.lower().count('class="reader-says"')
        assert comments >= 2 or outlet.id in ("meridian", "balahisar", "bolan-bulletin")


def test_pages_show_their_titles_and_canonical_urls(newswire, outlets):
    for expected in with_page(newswire):
        page = parsed(outlets, expected, get_page(expected.url))
        assert page.xpath("string(//link[@rel='canonical']/@href)") == expected.url
        assert expected.title in page.xpath("string(//title)")


def test_twins_point_to_the_page(newswire):
    twins = 0
    for expected in with_page(newswire):
        for url in expected.twins:
            twins += 1
            page = html.fromstring(get_page(url))
            assert page.xpath("string(//link[@rel='canonical']/@href)") == expected.url
    assert twins > 20


def test_pages_differ_in_weight(newswire):
    sizes = {expected.outlet: len(get_page(expected.url)) for expected in with_page(newswire)}
    assert max(sizes.values()) > 200_000
    assert min(sizes.values()) < 10_000


def test_one_outlet_prints_every_body_twice(newswire, outlets):
    for expected in with_page(newswire):
        page = parsed(outlets, expected, get_page(expected.url))
        first = expected.text.split("\n\n")[0]
        bodies = sum(paragraph.text_content() == first for paragraph in page.iter("p"))
        assert bodies == {"balahisar": 2, "badban": 0}.get(expected.outlet, 1), expected.id


def test_encodings_lie_as_declared(newswire, outlets):
    def head(outlet: str, test=lambda expected: True):
        expected = next(item for item in with_page(newswire) if item.outlet == outlet and test(item))
        _, headers, body = get(expected.url)
        return headers["Content-Type"], body

    kind, body = head("badban")
    assert "ISO-8859-1" in kind
    assert "پاک" in body.decode("utf-8")
    kind, body = head("godar")
    assert "charset" not in kind
    assert b'lang="ur"' in body
    kind, body = head("sada-ye-koch", lambda item: item.language == "fa")
    assert "utf-8" in kind
    assert "طالبان" in body.decode("windows-1256")
    with pytest.raises(UnicodeDecodeError):
        body.decode("utf-8")
    kind, body = head("kohistan-nama", lambda item: item.id.endswith("/doha"))
    assert body[:2] in (b"\xff\xfe", b"\xfe\xff")


def test_gzip_only_for_those_who_take_it(newswire):
    url = next(expected.url for expected in newswire.expectations if expected.outlet == "meridian")
    _, headers, body = get(url, **{"Accept-Encoding": "gzip"})
    assert headers["Content-Encoding"] == "gzip"
    _, plain_headers, plain = get(url)
    assert plain_headers["Content-Encoding"] is None
    assert gzip.decompress(body) == plain


def test_pages_and_feeds_answer_conditional_requests(newswire, outlets):
    base = newswire.outlets[0].base_url
    for url in (base + outlets["meridian"].listings[0].path, newswire.expectations[0].url):
        _, headers, _ = get(url)
        status, _, body = get(url, **{"If-None-Match": headers["ETag"]})
        assert (status, body) == (304, b"")
        assert get(url, **{"If-None-Match": '"other"'})[0] == 200


# Listings


def feeds(newswire: Newswire, outlets: dict[str, Outlet]):
    for served in newswire.outlets:
        for listing in outlets[served.id].listings:
            status, headers, body = get(served.base_url + listing.path)
            assert status == 200
            yield served, listing, headers, body


def without_tracking(url: str) -> str:
    return re.sub(r"[?&]utm_.*", "", url)


def test_every_feed_parses_and_every_article_is_listed(newswire, outlets):
    listed: set[str] = set()
    kinds = set()
    for _, listing, headers, body in feeds(newswire, outlets):
        kinds.add(listing.kind)
        if listing.is_sitemap:
            continue
        if listing.kind == "json":
            links = [item["url"] for item in json.loads(body)["items"]]
        else:
            response = {name.lower(): value for name, value in headers.items()}
            feed = feedparser.parse(body, response_headers=response)
            assert feed.entries, listing.path
            assert all(entry.title for entry in feed.entries)
            links = [entry.link for entry in feed.entries]
        listed |= {without_tracking(url) for url in links}
    assert kinds >= {"rss2", "rss091", "rss092", "rss1", "atom", "json", "index", "news", "urls"}
    for expected in newswire.expectations:
        if expected.outlet != "yamuna-ledger":
            assert expected.listed_url in listed, expected.id


def test_sitemap_index_leads_to_every_article(newswire, outlets):
    served = next(item for item in newswire.outlets if item.id == "yamuna-ledger")
    index = etree.fromstring(get(served.base_url + "/sitemap-index.xml")[2])
    found: set[str] = set()
    titles = 0
    for child in index.iterfind(".//{*}loc"):
        body = get(child.text)[2]
        sitemap = etree.fromstring(gzip.decompress(body) if child.text.endswith(".gz") else body)
        found |= {loc.text for loc in sitemap.iterfind(".//{*}loc")}
        titles += len(list(sitemap.iterfind(".//{http://www.google.com/schemas/sitemap-news/0.9}title")))
    assert found == {expected.url for expected in newswire.expectations if expected.outlet == "yamuna-ledger"}
    assert 0 < titles < len(found)


def test_odd_feeds(newswire, outlets):
    bodies = {(served.id, listing.path): body for served, listing, _, body in feeds(newswire, outlets)}
    with pytest.raises(etree.XMLSyntaxError):
        etree.fromstring(bodies["godar", "/feed.xml"])
    twice = feedparser.parse(bodies["indus-courier", "/rss/home"])
    counts = Counter(entry.link for entry in twice.entries)
    assert sorted(counts.values())[-1] == 2
    assert all("utm_source" in entry.link for entry in twice.entries)
    assert all("/amp/" in entry.link for entry in feedparser.parse(bodies["indus-courier", "/rss/mobile"]).entries)
    full = feedparser.parse(bodies["kohistan-nama", "/feed/"])
    assert any(len(entry.content[0].value) > 500 for entry in full.entries)
    exile = feedparser.parse(bodies["sada-ye-koch", "/atom.php"])
    years = [entry.published_parsed.tm_year if entry.get("published_parsed") else None for entry in exile.entries]
    assert 2047 in years
    assert None in years


def test_an_unreadable_date_is_expected_as_none(newswire):
    undated = [expected for expected in newswire.expectations if expected.published is None]
    assert [expected.id for expected in undated] == ["sada-ye-koch/truck-drivers"]


def test_code_knows_no_topic_and_no_outlet(outlets):
    words = ["afghan", "pakistan", "taliban", "durand", "kabul", "islamabad", "torkham", "chaman"]
    words += [outlet.id for outlet in outlets.values()] + [outlet.name.lower() for outlet in outlets.values()]
    for path in (ROOT / "monitor" / "demo").glob("*.py"):
        text = path.read_text(encoding="utf-8").lower()
        assert not [word for word in words if word in text], path.name
