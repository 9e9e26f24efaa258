"""Listing pages: four ways to build one, in three scripts, and what must not be taken for a story."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.errors import FeedError
from monitor.sections import MAX_STORIES, parse_section
from monitor.storyshape import shape_of
from tests.site import Reply, Site
from tests.test_crawl import article, crawl, ledger, seeds_for, stored

URL = "https://paper.example/border/"
FOOTER = """
<footer class="site-footer"><ul><li><a href="/about-us">About the paper and the people who make it</a></li>
<li><a href="/privacy-policy-of-the-paper-and-its-apps">Privacy policy of the paper and of all its apps</a></li>
<li><a href="/contact">Contact</a></li></ul></footer>
"""
NAV = """
<header><nav class="main-menu"><ul><li><a href="/">Home</a></li><li><a href="/world/">World</a></li>
<li><a href="/border/">Border</a></li><li><a href="/opinion/letters-to-the-editor/">Letters</a></li>
<li><a href="/video">Video</a></li></ul></nav></header>
"""


def found(page: str, url: str = URL) -> dict[str, str]:
    """URL → title of the stories on ``page``."""
    return {entry.url: entry.title for entry in parse_section(page.encode(), url, "text/html; charset=utf-8").entries}


def wordpress(*stories: tuple[str, str]) -> str:
    """Cards with picture, heading, byline, teaser and tags, as blog software builds them."""
    cards = "".join(
        f"""<article class="post-{n} hentry"><a class="thumb" href="{path}"><img src="/i/{n}.jpg" alt=""></a>
        <header class="entry-header"><h2 class="entry-title"><a href="{path}" rel="bookmark">{title}</a></h2></header>
        <span class="byline">by <a href="/author/staff-reporter-{n}">Staff Reporter</a></span>
        <p>Teaser number {n} tells what happened. <a class="more-link" href="{path}">Read more</a></p>
        <div class="entry-tags"><a href="/tag/border-crossing-closed/">border crossing closed</a></div></article>"""
        for n, (path, title) in enumerate(stories)
    )
    return f"""<!doctype html><html lang="en"><body class="archive has-sidebar-menu">{NAV}<main>{cards}
    <nav class="pagination"><a href="/border/page/2/">2</a><a href="/border/page/2/">Older posts of this section</a></nav>
    </main>{FOOTER}</body></html>"""


def test_cards_of_blog_software() -> None:
    page = wordpress(
        ("/2025/10/12/gate-closed-after-night-of-fire/", "Gate closed after night of fire"),
        ("/2025/10/12/talks-fail/", "Talks fail"),
        ("/2025/10/11/soldiers-killed-at-three-posts/?utm_source=front", "Soldiers killed at three posts, army says"),
    )
    assert found(page) == {
        "https://paper.example/2025/10/12/gate-closed-after-night-of-fire/": "Gate closed after night of fire",
        "https://paper.example/2025/10/12/talks-fail/": "Talks fail",
        "https://paper.example/2025/10/11/soldiers-killed-at-three-posts/?utm_source=front": (
            "Soldiers killed at three posts, army says"
        ),
    }


def test_entries_carry_the_text_around_the_link_and_no_date() -> None:
    section = parse_section(
        wordpress(
            ("/2025/10/12/gate-closed-after-night-of-fire/", "Gate closed after night of fire"),
            ("/2025/10/12/talks-fail/", "Talks fail"),
        ).encode(),
        URL,
    )
    first = section.entries[0]
    assert "Teaser number 0 tells what happened." in first.summary and "number 1" not in first.summary
    assert first.published_at is None and first.published_precision == "unknown"
    assert first.id == "https://paper.example/2025/10/12/gate-closed-after-night-of-fire"
    assert section.language == "en" and not section.truncated


def test_table_of_a_ministry_with_numbers_in_the_query() -> None:
    rows = "".join(
        f"<tr><td>{n} Oct 2025</td><td><a href='press-release-detail.php?id={7300 + n}'>"
        f"Statement of the spokesman on the events of {n} October</a></td></tr>"
        for n in range(1, 5)
    )
    page = f"""<html><body><table id=menu><tr><td><a href=index.php>Home</a><a href=press-release-archive.php?cat=army>
    Army</a><a href=press-release-archive.php?cat=navy>Navy</a></td></tr></table><table class=list>{rows}</table>
    <a href=press-release-archive.php?cat=army&page=2>Next page of the statements</a></body></html>"""
    stories = found(page, "https://ministry.example/press-release-archive.php?cat=army")
    assert sorted(stories) == [f"https://ministry.example/press-release-detail.php?id={7300 + n}" for n in range(1, 5)]


URDU = (
    "طورخم سرحد تیسرے روز بھی ہر قسم کی آمدورفت کے لیے بند",
    "سرحدی جھڑپ میں پانچ اہلکار زخمی، حکام کی تصدیق",
    "دونوں ملکوں کے درمیان مذاکرات کا دوسرا دور ختم",
)


def test_urdu_page_with_slugs_in_urdu() -> None:
    items = "".join(
        f"<li class='story-item'><div class='pic'><a href='/{title.replace(' ', '-')}/'><img alt='' src=x></a></div>"
        f"<div class='text'><a href='/{title.replace(' ', '-')}/'>{title}</a><span>3 گھنٹے پہلے</span></div></li>"
        for title in URDU
    )
    page = f"""<!doctype html><html lang="ur" dir="rtl"><body><div id="top-nav"><a href="/پاکستان/">پاکستان</a>
    <a href="/دنیا/">دنیا</a><a href="/کھیل/">کھیل</a><a href="/ہمارے-بارے-میں/">ہمارے بارے میں</a></div>
    <ul class="stories">{items}</ul><div class="breadcrumb"><a href="/">صفحہ اول</a></div>{FOOTER}</body></html>"""
    assert list(found(page).values()) == list(URDU)


PASHTO = {
    "/ps/news/48213": "په پوله نښته کې درې سرتېري وژل شوي",
    "/ps/news/48212": "تورخم دروازه د درېیمې ورځې لپاره تړلې ده",
    "/ps/news/48209": "د خبرو اترو دویم پړاو پیل شو",
    "/ps/news/48200": "د کډوالو راستنېدل",
}


def test_pashto_page_whose_whole_cards_are_links() -> None:
    cards = "".join(
        f"<a class='card' href='{path}'><div class='card-img'></div><div class='card-body'><h3>{title}</h3>"
        f"<p>د خبر لنډیز دلته دی او څو کلمې لري.</p><small>۲۰ میزان ۱۴۰۴</small></div></a>"
        for path, title in PASHTO.items()
    )
    page = f"""<html lang="ps" dir="rtl"><body><div class="navbar"><a href="/ps/">کور</a><a href="/ps/world">نړۍ</a>
    <a href="/fa/">دری</a></div><div class="grid">{cards}</div>
    <div class="tags"><a href="/ps/topic/12345">د پولې ټولې نښتې او پېښې</a></div></body></html>"""
    section = parse_section(page.encode(), "https://radio.example/ps/world", "text/html")
    assert {entry.url.removeprefix("https://radio.example"): entry.title for entry in section.entries} == PASHTO
    assert "د خبر لنډیز" in section.entries[0].summary


def test_front_page_of_divs_takes_headlines_and_leaves_the_rest() -> None:
    """No semantic element anywhere; a short headline is known by its neighbours."""
    leads = [
        (
            "/news/border/fresh-clashes-erupt-at-karst-gate-overnight-1.402817",
            "Fresh clashes erupt at Karst Gate overnight",
        ),
        ("/news/border/army-denies-loss-of-posts-1.402816", "Army denies loss of posts"),
        ("/news/border/traders-count-their-losses-1.402811", "Traders count their losses as gate stays shut"),
        ("/news/sport/cup-final-1.402790", "Cup final"),
    ]
    items = "".join(f"<div class=tease><span><a href={path}>{title}</a></span></div>" for path, title in leads)
    page = f"""<html><body><div class=wrap><div class=nav><a href=/news>News</a><a href=/news/sport>Sport</a></div>
    <div class=teasers>{items}</div><div class=most><a href=/news/border/live-blog>Live</a></div>
    <div class=social-share><a href=/share/fresh-clashes-erupt-at-karst-gate-overnight>Share this story with all your friends</a></div>
    <a href=https://elsewhere.example/2025/10/12/a-long-story-of-another-site>A long story of another site altogether</a>
    <a href=/files/annual-report-of-the-paper-2025.pdf>Annual report of the paper for the year 2025</a>
    <a href="javascript:void(0)">Show me more of these stories now</a><a href="mailto:a@paper.example">Write a letter to us today</a>
    </div></body></html>"""
    assert found(page, "https://paper.example/") == {f"https://paper.example{path}": title for path, title in leads}


def test_page_without_stories_gives_none() -> None:
    page = f"<html><body>{NAV}<h1>Opening hours of our offices</h1><p>From nine to five.</p>{FOOTER}</body></html>"
    assert found(page) == {}


def test_links_are_relative_to_the_base_only_on_the_own_site() -> None:
    link = "<h2><a href='2025/10/12/gate-closed-after-night-of-fire'>Gate closed after night of fire</a></h2>"
    own = f"<html><head><base href='https://www.paper.example/en/'></head><body>{link}</body></html>"
    assert list(found(own)) == ["https://www.paper.example/en/2025/10/12/gate-closed-after-night-of-fire"]
    foreign = f"<html><head><base href='http://127.0.0.1/'></head><body>{link}</body></html>"
    assert list(found(foreign)) == ["https://paper.example/border/2025/10/12/gate-closed-after-night-of-fire"]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "is empty"),
        (b"<?xml version='1.0'?><rss version='2.0'></rss>", "declare a feed under `feeds`"),
        (b"<urlset></urlset>", "a sitemap under `sitemaps`"),
        (b'{"version": "https://jsonfeed.org/version/1"}', "is no web page"),
    ],
)
def test_what_is_no_web_page_is_refused(body: bytes, says: str) -> None:
    with pytest.raises(FeedError, match=says) as caught:
        parse_section(body, URL)
    assert str(caught.value).startswith(URL)


def test_hostile_pages_are_bounded() -> None:
    deep = b"<div>" * 200_000 + b"<a href=/2025/10/12/a-story-deep-down-in-the-page>A story deep down in the page</a>"
    assert len(parse_section(deep, URL).entries) <= 1
    many = "".join(
        f"<h2><a href=/2025/10/12/story-number-{n}-of-the-day>Story number {n} of the day</a></h2>"
        for n in range(9_000)
    )
    section = parse_section(many.encode(), URL)
    assert len(section.entries) == MAX_STORIES and section.truncated
    assert parse_section(b"\0\0<a href='\xff\xfe'>x</a><a href='http://[::1'>y</a>", URL).entries == ()


@pytest.mark.parametrize("url", [
    "https://a.example/", "https://a.example/world/", "https://a.example/tag/a-very-long-tag-about-the-border",
    "https://a.example/author/some-writer-of-long-stories", "https://a.example/border/page/12", "https://a.example/?s=gate",
    "https://a.example/wp-content/uploads/2025/10/picture-of-the-gate-at-night.jpg",
])  # fmt: skip
def test_shape_of_what_is_no_story(url: str) -> None:
    assert shape_of(url).score <= 0


@pytest.mark.parametrize("url", [
    "https://a.example/12-10-2025/gate-closed", "https://a.example/news/1234567/gate", "https://a.example/?p=77",
    "https://a.example/gate-closed-after-night-of-fire", "https://a.example/world/2025/oct/12/gate",
    "https://a.example/fa/country-181212", "https://a.example/articles/c0jdq2x8rzo",
    "https://a.example/%D8%B7%D9%88%D8%B1%D8%AE%D9%85-%D8%B3%D8%B1%D8%AD%D8%AF-%D8%A8%D9%86%D8%AF",
])  # fmt: skip
def test_shape_of_a_story(url: str) -> None:
    assert shape_of(url).score >= 1


def test_crawl_of_a_listing_page_fetches_what_is_new(tmp_path: Path) -> None:
    with Site() as site:

        def listing(*numbers: int) -> str:
            return wordpress(
                *(
                    (f"/2025/10/12/soldiers-killed-in-clash-at-the-gate-{n}", f"Soldiers killed in clash, report {n}")
                    for n in numbers
                )
            )

        site.replies = {"/robots.txt": "", "/border": Reply(listing(1, 2))}
        for n in range(1, 4):
            site.replies[f"/2025/10/12/soldiers-killed-in-clash-at-the-gate-{n}"] = article(
                n,
                paragraphs=[
                    f"Soldiers of Veldria and Ostmark exchanged fire at the Karst Gate. Version {n} of it.",
                    f"{'Nothing more is known. ' * n}",
                ],
            )
        seeds = seeds_for(tmp_path, site, feeds=[], sections=[f"{site.url}/border"])
        assert crawl(tmp_path, seeds).returncode == 0
        assert len(stored(tmp_path)) == 2 and set(ledger(tmp_path).values()) == {"stored"}
        site.asked.clear()
        site.replies["/border"] = Reply(listing(3, 1, 2))
        assert crawl(tmp_path, seeds).returncode == 0
        assert site.paths() == ["/border", "/2025/10/12/soldiers-killed-in-clash-at-the-gate-3"]
        assert not [path for path in site.paths() if path.startswith(("/author", "/tag", "/border/page"))]
