"""The dates that web pages give as their own publication."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from monitor.dates import Candidate, choose_published, page_dates
from tests.dates import KARACHI, NOW, expected


def found_on(page: str, url: str = "") -> list[tuple[str, str]]:
    return [(candidate.source, candidate.text) for candidate in page_dates(html.document_fromstring(page), url)]


def json_ld(text: str) -> str:
    return f'<html><head><script type="application/ld+json">{text}</script></head><body><p>x</p></body></html>'


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"@type": "NewsArticle", "datePublished": "2025-10-12T10:00Z", "dateModified": "2025-10-13"}',
         "2025-10-12T10:00Z"),
        ('{"@graph": [{"@type": "WebPage", "datePublished": "2025-01-01"}, {"@type": ["Thing", "Article"],'
         ' "datePublished": "2025-10-12"}]}', "2025-10-12"),
        ('[{"@type": "WebSite"}, {"@type": "ReportageNewsArticle", "datePublished": "2025-10-12"}]', "2025-10-12"),
        ('{"@type": "WebPage", "mainEntity": {"@type": "Article", "datePublished": "2025-10-12"}}', "2025-10-12"),
        ('{"@type": "NewsArticle", "headline": "a\nb", "datePublished": "2025-10-12",}', "2025-10-12"),
        ('<!-- {"@type": "NewsArticle", "datePublished": "2025-10-12"} -->', "2025-10-12"),
        ('{"@type": "NewsArticle", "headline": "he said "no"", "datePublished": "2025-10-12"}', "2025-10-12"),
        ('{"@type": "NewsArticle", "dateCreated": "2025-10-12", "dateModified": "2025-10-13"}', "2025-10-12"),
    ],
)  # fmt: skip
def test_json_ld_is_read_however_it_is_written(text: str, value: str) -> None:
    assert found_on(json_ld(text)) == [("jsonld", value)]


@pytest.mark.parametrize(
    "text",
    [
        '{"@type": "NewsArticle", "dateModified": "2025-10-13"}',
        '{"@type": "ItemList", "itemListElement": [{"@type": "NewsArticle", "datePublished": "2025-10-13"}]}',
        '{"@type": "WebPage", "video": {"@type": "VideoObject", "datePublished": "2025-10-13"}}',
        '{"@type": "NewsArticle", "datePublished": 5}',
        '{"@type": "NewsArticle"',
        "[" * 100_000,
        '{"a":' * 5_000,
    ],
)
def test_json_ld_without_a_date_of_publication_gives_none(text: str) -> None:
    assert found_on(json_ld(text)) == []


@pytest.mark.parametrize(
    ("attributes", "found"),
    [
        ('property="article:published_time"', True),
        ('property="og:article:published_time"', True),
        ('name="pubdate"', True),
        ('name="DC.date.issued"', True),
        ('name="publish-date"', True),
        ('itemprop="datePublished"', True),
        ('name="date"', True),
        ('property="article:modified_time"', False),
        ('name="last-modified"', False),
        ('property="og:updated_time"', False),
        ('itemprop="dateModified"', False),
        ('name="expires"', False),
    ],
)
def test_meta_elements(attributes: str, found: bool) -> None:
    page = f'<html><head><meta {attributes} content="2025-10-12T10:00:00Z"></head><body><p>x</p></body></html>'
    assert found_on(page) == ([("meta", "2025-10-12T10:00:00Z")] if found else [])


def body(inner: str) -> str:
    return f"<html><head><title>t</title></head><body>{inner}</body></html>"


@pytest.mark.parametrize(
    ("inner", "found"),
    [
        ('<article><h1>T</h1><time datetime="2025-10-12T10:00">yesterday</time></article>', "2025-10-12T10:00"),
        ("<article><h1>T</h1><time>12 اکتوبر 2025</time></article>", "12 اکتوبر 2025"),
        ('<time class="updated" datetime="2025-10-13">x</time>'
         '<time class="published" datetime="2025-10-12">y</time>', "2025-10-12"),
        ('<header><time datetime="2025-10-13">today</time></header>'
         '<article><time datetime="2025-10-12">y</time></article>', "2025-10-12"),
        ('<aside><time datetime="2025-10-13">x</time></aside>', None),
        ('<div class="related-posts"><time datetime="2025-10-13">x</time></div>', None),
        ('<time itemprop="dateModified" datetime="2025-10-13">x</time>', None),
    ],
)  # fmt: skip
def test_time_elements(inner: str, found: str | None) -> None:
    assert [text for source, text in found_on(body(inner)) if source == "time"] == ([found] if found else [])


@pytest.mark.parametrize(
    ("inner", "found"),
    [
        ("<h1>عنوان</h1><p>12 اکتوبر 2025</p><p>متن</p>", "12 اکتوبر 2025"),
        ('<h1>سرخط</h1><div><span class="entry-date">۲۰ میزان ۱۴۰۴</span></div>', "۲۰ میزان ۱۴۰۴"),
        ('<div class="post-date">د تلې ۲۰مه ۱۴۰۴</div><h1>سرلیک</h1>', "د تلې ۲۰مه ۱۴۰۴"),
        ('<h1>T</h1><div class="byline">By A Reporter | October 12, 2025</div>', "By A Reporter | October 12, 2025"),
        ('<div class="topbar-date">Monday, October 13, 2025</div><h1>T</h1>', None),
        ('<header><span class="date">Monday, October 13, 2025</span></header><h1>T</h1>', None),
        ('<h1>T</h1><div class="meta">Updated <span class="date">October 13, 2025</span></div>', None),
        ('<h1>T</h1><ul class="related"><li class="date">October 1, 2025</li></ul>', None),
        ('<h1>T</h1><figure><figcaption class="info">The gate, 1 October 2025</figcaption></figure>', None),
        ("<h1>T</h1><p>" + "On 12 October 2025 the army said that the night had been quiet. " * 3 + "</p>", None),
        ('<h1>T</h1><p class="info">23 wounded, 5 dead</p>', None),
    ],
)
def test_visible_texts(inner: str, found: str | None) -> None:
    texts = [text for source, text in found_on(body(inner)) if source == "visible"]
    assert texts[:1] == ([found] if found else [])


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("https://gazette.example/2025/10/12/clash-at-the-gate", "2025/10/12"),
        ("https://gazette.example/news/2025-10-12-clash", "2025-10-12"),
        ("https://gazette.example/20251012/clash", "20251012"),
        ("https://gazette.example/fa/1404/07/20/news", "1404/07/20"),
        ("https://gazette.example/2025/10/clash", None),
        ("https://gazette.example/story/1234567890", None),
        ("https://gazette.example/2025/13/12/clash", None),
    ],
)
def test_addresses(url: str, found: str | None) -> None:
    expected_candidates = [("url", found)] if found else []
    assert found_on(body("<p>x</p>"), url) == expected_candidates
    canonical = f'<html><head><link rel="canonical" href="{url}"></head><body><p>x</p></body></html>'
    assert found_on(canonical) == expected_candidates


def test_a_page_is_read_from_end_to_end() -> None:
    page = body(
        '<header><span class="date">پیر 13 اکتوبر 2025</span></header>'
        '<h1>سرحد پر فائرنگ</h1><div class="meta">نامہ نگار | شائع 12 اکتوبر 2025 شام 6:15</div><p>متن</p>'
    )
    assert choose_published(page_dates(html.document_fromstring(page)), NOW, KARACHI) == expected("2025-10-12T13:15:00")


@given(st.text(alphabet='<>/="- ادبtimespandchx20251012h1', max_size=200))
def test_any_page_is_searched(text: str) -> None:
    tree = html.document_fromstring(f"<html><body><p>x</p>{text}</body></html>")
    assert all(isinstance(candidate, Candidate) for candidate in page_dates(tree, text))
