"""URLs: which are one story, which are not, which may be fetched, and when a page's own word for its URL is taken."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import unicodedata
from urllib.parse import quote

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from lxml import html

from monitor.urls import canonical_url, host_of, is_fetchable, page_canonical, same_site, unwrap
from tests.paths import ROOT, SHARED

URDU = "سرحد-پر-فائرنگ-دو-اہلکار-زخمی"
PASHTO = "په-پوله-نښته-درې-کسان-ټپیان"
STORY = "https://gazette.example/news/2025/10/12/clash-at-the-pass"

SAME = [
    # scheme, host, port
    ("http://gazette.example/a-story-of-1", "https://gazette.example/a-story-of-1"),
    ("https://GAZETTE.Example/a-1", "https://gazette.example/a-1"),
    ("https://gazette.example:443/a-1", "https://gazette.example/a-1"),
    ("http://gazette.example:80/a-1", "https://gazette.example/a-1"),
    ("https://gazette.example./a-1", "https://gazette.example/a-1"),
    ("https://www.gazette.example/a-1", "https://gazette.example/a-1"),
    ("https://m.gazette.example/a-1", "https://www.gazette.example/a-1"),
    ("https://mobile.gazette.example/a-1", "https://www.gazette.example/a-1"),
    ("https://amp.gazette.example/a-1", "https://www.gazette.example/a-1"),
    ("https://www.m.gazette.example/a-1", "https://gazette.example/a-1"),
    ("https://ur.m.gazette.example/a-1", "https://ur.gazette.example/a-1"),
    ("https://www.urdu.gazette.example/a-1", "https://urdu.gazette.example/a-1"),
    ("https://m.gazette.com.pk/a-1", "https://gazette.com.pk/a-1"),
    ("https://آزمون.example/a-1", "https://xn--hgb6a5cej.example/a-1"),
    # path
    (STORY + "/", STORY),
    (STORY + "/index.html", STORY),
    (STORY + "/index.php", STORY),
    ("https://gazette.example/index.php?id=7", "https://gazette.example/?id=7"),
    ("https://gazette.example", "https://gazette.example/"),
    ("https://gazette.example//news//2025/10/12/clash-at-the-pass", STORY),
    ("https://gazette.example/news/./2025/x/../10/12/clash-at-the-pass", STORY),
    ("https://gazette.example/../news/2025/10/12/clash-at-the-pass", STORY),
    (STORY + ";jsessionid=0A1B2C3D", STORY),
    (STORY + "#comments", STORY),
    (STORY + "#:~:text=two%20soldiers", STORY),
    # percent-encoding
    ("https://gazette.example/%7Edesk/a-1", "https://gazette.example/~desk/a-1"),
    ("https://gazette.example/%61-1", "https://gazette.example/a-1"),
    ("https://gazette.example/a%2d1", "https://gazette.example/a-1"),
    ("https://gazette.example/a%c3%a9", "https://gazette.example/a%C3%A9"),
    ("https://gazette.example/a[b]", "https://gazette.example/a%5bb%5D"),
    ("https://gazette.example/urdu/" + URDU, "https://gazette.example/urdu/" + quote(URDU)),
    ("https://gazette.example/urdu/" + URDU, "https://gazette.example/urdu/" + quote(URDU).lower()),
    ("https://gazette.example/ps/" + PASHTO + "/", "https://gazette.example/ps/" + quote(PASHTO)),
    (
        "https://gazette.example/" + unicodedata.normalize("NFD", "آئی-سرحد"),
        "https://gazette.example/" + unicodedata.normalize("NFC", "آئی-سرحد"),
    ),
    ("https://gazette.example/" + quote(unicodedata.normalize("NFD", "أخبار")), "https://gazette.example/أخبار"),
    ("https://gazette.example/s?q=a+b", "https://gazette.example/s?q=a%20b"),
    # tracking, sharing, sessions, order
    (STORY + "?utm_source=rss&utm_medium=feed", STORY),
    (STORY + "?fbclid=IwAR0abc", STORY),
    (STORY + "?gclid=1&dclid=2&msclkid=3", STORY),
    (STORY + "?UTM_Campaign=x", STORY),
    (STORY + "?at_medium=RSS&at_campaign=KARANGA", STORY),
    (STORY + "?ref=home", STORY),
    (STORY + "?source=rss", STORY),
    (STORY + "?from=whatsapp", STORY),
    (STORY + "?share=telegram", STORY),
    (STORY + "?replytocom=5512", STORY),
    (STORY + "?PHPSESSID=9ab8c7", STORY),
    (STORY + "?sid=0123456789abcdef0123456789abcdef", STORY),
    (STORY + "?", STORY),
    (STORY + "?&&", STORY),
    ("https://gazette.example/a?id=7&cat=2", "https://gazette.example/a?cat=2&id=7"),
    ("https://gazette.example/a?id=7&id=7", "https://gazette.example/a?id=7"),
    ("https://gazette.example/a?id=7&utm_source=x", "https://gazette.example/a?id=7"),
    ("https://gazette.example/?p=7#respond", "https://www.gazette.example/?p=7"),
    # AMP
    (STORY + "/amp", STORY),
    (STORY + "/amp/", STORY),
    (STORY + "?amp", STORY),
    (STORY + "?amp=1", STORY),
    (STORY + "?outputType=amp", STORY),
    (STORY + ".amp", STORY),
    ("https://gazette.example/a-1.amp.html", "https://gazette.example/a-1.html"),
    ("https://gazette.example/amp/news/2025/10/12/clash-at-the-pass", STORY),
    ("https://gazette.example/news/amp/1948023", "https://gazette.example/news/1948023"),
    (STORY + "/amp?usqp=mq331&amp_js_v=0.1#origin=https://x.example", STORY),
    ("https://gazette-example.cdn.ampproject.org/c/s/gazette.example/news/2025/10/12/clash-at-the-pass/amp", STORY),
    ("https://cdn.ampproject.org/v/s/www.gazette.example/news/2025/10/12/clash-at-the-pass", STORY),
    ("https://www.google.com/amp/s/amp.gazette.example/news/2025/10/12/clash-at-the-pass", STORY),
    # print
    (STORY + "/print", STORY),
    (STORY + "/print/", STORY),
    (STORY + "?print=1", STORY),
    (STORY + "?print=print", STORY),
    (STORY + "?view=print", STORY),
    (STORY + "?tmpl=component&print=1", STORY),
    ("https://gazette.example/print/news/2025/10/12/clash-at-the-pass", STORY),
    ("https://gazette.example/news/print/1948023", "https://gazette.example/news/1948023"),
    (STORY + "/print/amp", STORY),
    # mobile
    (STORY + "?m=1", STORY),
    (STORY + "?mobile=true", STORY),
    # slugs beside an id
    ("https://gazette.example/news/1948023/clash-at-the-pass", "https://gazette.example/news/1948023"),
    (
        "https://gazette.example/news/1948023/clash-at-the-pass",
        "https://gazette.example/news/1948023/clash-kills-three",
    ),
    ("https://gazette.example/story/2571111/" + URDU, "https://gazette.example/story/2571111"),
    ("https://gazette.example/latest/628903-clash-at-the-pass", "https://gazette.example/latest/628903"),
    ("https://radio.example/a/clash-at-the-pass/33707958.html", "https://radio.example/a/33707958.html"),
    ("https://radio.example/amp/33707958.html", "https://radio.example/a/33707958.html"),
    # redirects that carry the story's URL
    ("https://www.google.com/url?rct=j&sa=t&url=" + quote(STORY, safe="") + "&ct=ga&usg=AOv0", STORY),
    ("https://l.facebook.com/l.php?u=" + quote(STORY + "?fbclid=1", safe="") + "&h=AT0", STORY),
]

DIFFERENT = [
    ("https://gazette.example/a-1", "https://gazette.example/a-2"),
    ("https://gazette.example/a-1", "https://courier.example/a-1"),
    ("https://gazette.example/a-1", "https://gazette.test/a-1"),
    ("https://gazette.example:8080/a-1", "https://gazette.example/a-1"),
    ("http://gazette.example:8080/a-1", "http://gazette.example:8081/a-1"),
    ("https://en.gazette.example/a-1", "https://ur.gazette.example/a-1"),
    ("https://urdu.gazette.example/a-1", "https://gazette.example/a-1"),
    ("https://one.blogspot.com/a-1", "https://two.blogspot.com/a-1"),
    ("https://m.blogspot.com/a-1", "https://blogspot.com/a-1"),
    ("https://gazette.example/en/a-1", "https://gazette.example/ur/a-1"),
    ("https://gazette.example/?p=1", "https://gazette.example/?p=2"),
    ("https://gazette.example/?p=1", "https://gazette.example/"),
    ("https://gazette.example/news.php?id=1", "https://gazette.example/news.php?id=2"),
    ("https://gazette.example/news.php?cid=1", "https://gazette.example/news.php?cid=2"),
    ("https://gazette.example/news.php?eid=1", "https://gazette.example/news.php?eid=2"),
    ("https://gazette.example/news.php?uid=1", "https://gazette.example/news.php?uid=2"),
    ("https://gazette.example/news.php?source=17", "https://gazette.example/news.php?source=18"),
    ("https://gazette.example/news.php?ref=a17", "https://gazette.example/news.php?ref=a18"),
    ("https://gazette.example/news.php?sid=41", "https://gazette.example/news.php?sid=42"),
    ("https://gazette.example/news.php?print=481516", "https://gazette.example/news.php?print=481517"),
    ("https://gazette.example/news.php?m=202510", "https://gazette.example/news.php?m=202511"),
    ("https://gazette.example/view.php?view=11", "https://gazette.example/view.php?view=12"),
    ("https://gazette.example/a?481516", "https://gazette.example/a?481517"),
    ("https://gazette.example/a-1?page=2", "https://gazette.example/a-1"),
    ("https://gazette.example/a-1?lang=ur", "https://gazette.example/a-1?lang=ps"),
    ("https://gazette.example/A1b", "https://gazette.example/a1B"),
    ("https://gazette.example/a%2Fb", "https://gazette.example/a/b"),
    ("https://gazette.example/a%3Fb", "https://gazette.example/a?b"),
    ("https://gazette.example/a?q=1%262", "https://gazette.example/a?q=1&2"),
    ("https://gazette.example/a?q=1%2B2", "https://gazette.example/a?q=1+2"),
    ("https://gazette.example/" + URDU, "https://gazette.example/" + URDU + "-2"),
    ("https://gazette.example/#!/story/1", "https://gazette.example/#!/story/2"),
    ("https://gazette.example/news/1948023/clash", "https://gazette.example/news/1948024/clash"),
    ("https://gazette.example/news/20251012/clash", "https://gazette.example/news/20251012/talks"),
    ("https://gazette.example/news/12102025/clash", "https://gazette.example/news/12102025/talks"),
    ("https://gazette.example/news/251012-clash", "https://gazette.example/news/251012-talks"),
    ("https://gazette.example/news/202510/clash", "https://gazette.example/news/202510/talks"),
    ("https://gazette.example/news/2025/clash", "https://gazette.example/news/2025/talks"),
    ("https://gazette.example/news/100000-flee-homes", "https://gazette.example/news/100000-return-home"),
    ("https://gazette.example/author/1948023/clash", "https://gazette.example/author/1948023/talks"),
    ("https://gazette.example/live/1948023/first-post", "https://gazette.example/live/1948023/second-post"),
    ("https://gazette.example/news/1948023/2", "https://gazette.example/news/1948023/3"),
    ("https://gazette.example/print/1948023-clash", "https://gazette.example/print/1948024-clash"),
    ("https://gazette.example/print/1948023-clash", "https://gazette.example/latest/1948023-clash"),
    ("https://radio.example/a/clash/33707958.html", "https://radio.example/a/clash/33707959.html"),
    ("https://gazette.example/review/lamp-1", "https://gazette.example/review/l-1"),
    ("https://gazette.example/guitar-amp", "https://gazette.example/guitar"),
    ("https://gazette.example/what-to-print", "https://gazette.example/what-to"),
    ("https://gazette.example/a-1.html", "https://gazette.example/a-1.pdf"),
    ("https://www.google.com/url?url=https://a.example/1", "https://www.google.com/url?url=https://a.example/2"),
    ("https://cdn.ampproject.org/c/s/a.example/1", "https://cdn.ampproject.org/c/s/b.example/1"),
    (
        "https://web.archive.example/web/2024/https://a.example/1",
        "https://web.archive.example/web/2024/https://a.example/2",
    ),
]


def test_the_tables_are_long_enough() -> None:
    assert len(SAME) + len(DIFFERENT) >= 80
    assert len(set(SAME + DIFFERENT)) == len(SAME) + len(DIFFERENT)


@pytest.mark.parametrize(("first", "second"), SAME)
def test_urls_of_one_story_have_one_form(first: str, second: str) -> None:
    assert canonical_url(first) == canonical_url(second)


@pytest.mark.parametrize(("first", "second"), DIFFERENT)
def test_urls_of_two_stories_stay_apart(first: str, second: str) -> None:
    assert canonical_url(first) != canonical_url(second)


@pytest.mark.parametrize("url", sorted({url for pair in SAME + DIFFERENT for url in pair}))
def test_every_url_of_the_tables_keeps_its_form(url: str) -> None:
    once = canonical_url(url)
    assert canonical_url(once) == once
    assert once.isascii()
    assert is_fetchable(once)


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        (
            "http://www.Gazette.example:80/News/A-1/?utm_source=x&b=2&a=1#top",
            "https://gazette.example/News/A-1?a=1&b=2",
        ),
        ("http://127.0.0.1:8099/a-1/", "http://127.0.0.1:8099/a-1"),
        ("https://[2001:DB8::0:1]/a", "https://[2001:db8::1]/a"),
        ("https://gazette.example/" + "پل", "https://gazette.example/%D9%BE%D9%84"),
        ("https://gazette.example/%ed%e3", "https://gazette.example/%ED%E3"),
        ("https://gazette.example/100%", "https://gazette.example/100%25"),
        ("https://gazette.example/?p=7", "https://gazette.example/?p=7"),
        ("  https://gazette.example/a-1\n", "https://gazette.example/a-1"),
    ],
)
def test_canonical_form(url: str, canonical: str) -> None:
    assert canonical_url(url) == canonical


@pytest.mark.parametrize(
    "url", ["", "mailto:desk@gazette.example", "javascript:alert(1)", "/a-1", "http://[::1", "http://"]
)
def test_what_is_no_url_comes_back_as_it_was(url: str) -> None:
    assert canonical_url(f" {url} ") == url


FETCHABLE = [
    "https://gazette.example/",
    "http://gazette.example:8080/a?b=c#d",
    "HTTPS://gazette.example/a",
    "https://gazette.example/" + URDU,
    "https://آزمون.example/",
    "http://127.0.0.1:8000/",
    "http://[::1]:8000/",
    "https://under_score.gazette.example/",
    "https://gazette.example/a\u200cb",  # a non-joiner belongs to Persian spelling
]
NOT_FETCHABLE = [
    "",
    "gazette.example/a",
    "//gazette.example/a",
    "ftp://gazette.example/a",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "data:text/html,x",
    "https:gazette.example/a",
    "https:///a",
    "https://",
    "https://?a",
    "https://:80/",
    "https://user@gazette.example/",
    "https://user:pass@gazette.example/",
    "https://gazette.example:0/",
    "https://gazette.example:99999/",
    "https://gazette.example:http/",
    "https://gazette.example\\@evil.example/",
    "https://gazette.example/a b",
    "https://gazette.example/a\nb",
    "https://gazette.example/\x00",
    "https://gazette.example/\x85",
    "https://gazette.example/\ud800",
    "https://-gazette.example/",
    "https://gazette..example/",
    "https://%67azette.example/",
    "https://" + "a" * 64 + ".example/",
    "https://[::1/",
    "https://[not-an-address]/",
    "https://gazette.example/" + "a" * 5000,
    " https://gazette.example/",
]


@pytest.mark.parametrize("url", FETCHABLE)
def test_is_fetchable(url: str) -> None:
    assert is_fetchable(url)


@pytest.mark.parametrize("url", NOT_FETCHABLE)
def test_is_not_fetchable(url: str) -> None:
    assert not is_fetchable(url)
    assert host_of(url) == ""


# Text that is likely to hit the rules: their own words, escapes, and any letters.
PIECES = st.sampled_from(
    "/ // . .. amp print news story a index.html .amp .amp.html m= p= id= ?amp=1 & = ? # #! + % %2F %61 %25"
    " %C3%A9 %cc%81 %FF 1948023 20251012 -slug ;jsessionid=1 :443 :80 www. m. google.com /url?q="
    " cdn.ampproject.org/c/s/ https:// utm_source= é ا ی \u0338 \u0301 \u200c = .html".split(" ")
)
URLS = st.builds(
    "{}://{}{}".format,
    st.sampled_from(["http", "https", "HTTP"]),
    st.sampled_from(
        ["gazette.example", "www.m.gazette.example", "google.com", "x.cdn.ampproject.org", "127.0.0.1:80", "[::1]"]
    ),
    st.lists(st.one_of(PIECES, st.text(max_size=4)), max_size=12).map(lambda pieces: "/" + "".join(pieces)),
)


@given(URLS)
@example("https://google.com/./url?q=https://gazette.example/a")
@example("https://m.google.com/url?q=https://m.google.com/url?q=https://gazette.example/a")
@example("https://gazette.example/a?=\u0338")
@example("https://gazette.example/%3D\u0323")
@example("https://gazette.example/%%341")
def test_canonical_form_is_stable_and_never_raises(url: str) -> None:
    assume(is_fetchable(url))
    once = canonical_url(url)
    assert canonical_url(once) == once
    assert once.isascii()


@given(st.text())
def test_any_text_is_judged_without_an_exception(text: str) -> None:
    for url in (text, "https://" + text, "https://gazette.example/" + text):
        if is_fetchable(url):
            assert host_of(url)
            assert canonical_url(canonical_url(url)) == canonical_url(url)
        else:
            assert canonical_url(url) in (url.strip(), canonical_url(url.strip()))


def test_hosts() -> None:
    assert host_of("https://WWW.Gazette.example.:8443/a") == "www.gazette.example"
    assert host_of("https://آزمون.example/") == "xn--hgb6a5cej.example"


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("https://www.gazette.example/a", "http://urdu.gazette.example:8080/b", True),
        ("https://a.gazette.com.pk/", "https://b.gazette.com.pk/", True),
        ("https://gazette.com.pk/", "https://courier.com.pk/", False),
        ("https://gazette.co.uk/", "https://courier.co.uk/", False),
        ("https://one.blogspot.com/", "https://two.blogspot.com/", False),
        ("http://127.0.0.1:8000/a", "http://127.0.0.1:8000/b", True),
        ("http://127.0.0.1:8000/a", "http://127.0.0.1:8001/a", False),
        ("http://localhost:8000/a", "http://localhost:8000/b", True),
        ("http://[::1]/a", "http://[0:0::1]:80/b", True),
        ("https://gazette.example/", "ftp://gazette.example/", False),
        ("", "", False),
    ],
)
def test_same_site(first: str, second: str, same: bool) -> None:
    assert same_site(first, second) is same
    assert same_site(second, first) is same


def test_the_suffix_list_is_neither_downloaded_nor_written(tmp_path) -> None:
    """In a process without network and with a home of its own, sites are told apart and no file appears."""
    code = (
        "import socket\n"
        "def refuse(*a, **k): raise AssertionError('network')\n"
        "socket.socket.connect = refuse; socket.getaddrinfo = refuse\n"
        "from monitor.urls import same_site\n"
        "assert same_site('https://a.gazette.com.pk/', 'https://b.gazette.com.pk/')\n"
        "assert not same_site('https://gazette.com.pk/', 'https://courier.com.pk/')\n"
    )
    environment = {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    environment["PYTHONDONTWRITEBYTECODE"] = "1"
    subprocess.run([sys.executable, "-c", code], check=True, env=environment, cwd=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_unwrap_leaves_alone_what_carries_no_url() -> None:
    for url in (
        STORY,
        "https://www.google.com/url?q=file:///etc/passwd",
        "https://l.facebook.com/l.php?u=",
        "https://[bad",
    ):
        assert unwrap(url) == url


# What a page says of itself


def page(head: str = "", body: str = "<p>text</p>") -> html.HtmlElement:
    return html.fromstring(f"<html><head><title>t</title>{head}</head><body>{body}</body></html>")


def link(url: str) -> str:
    return f'<link rel="canonical" href="{url}">'


def og(url: str) -> str:
    return f'<meta property="og:url" content="{url}">'


ACCEPTED = [
    ("https://gazette.example/?p=7", STORY),
    ("https://gazette.example/news.php?id=7", STORY),
    ("https://gazette.example/amp/628903", "https://gazette.example/latest/628903-clash-at-the-pass"),
    ("https://gazette.example/print/628903-clash", "https://gazette.example/latest/628903-clash-kills-three"),
    ("https://gazette.example/news/628903-clash", "https://www.gazette.example/news/628903-clash"),
    ("https://gazette.example/news/clash-at-the-pass?page=2", "https://gazette.example/news/clash-at-the-pass"),
    ("https://gazette.example/border/clash-at-the-pass", "https://gazette.example/world/clash-at-the-pass"),
    ("https://gazette.example/2025/clash-at-pass-kills-two", "https://gazette.example/2025/clash-at-pass-kills-three"),
    ("https://gazette.example/s/x7", "https://gazette.example/2025/clash-at-the-pass"),
    ("https://gazette.example/urdu/" + URDU, "https://gazette.example/urdu/1948023"),
    ("https://gazette.example/news/628903/clash/photos", "https://gazette.example/news/628903"),
    ("https://gazette.example/news.php?id=7&view=full", "https://gazette.example/news.php?id=7&view=full&cat=2"),
]
REFUSED = [
    (STORY, "https://gazette.example/"),
    (STORY, "https://www.gazette.example"),
    (STORY, "https://gazette.example/index.php"),
    (STORY, "https://gazette.example/news"),
    (STORY, "https://gazette.example/news/2025/10"),
    (STORY, "https://courier.example/news/2025/10/12/clash-at-the-pass"),
    (STORY, "https://gazette.example/404"),
    (STORY, "https://gazette.example/login"),
    (STORY, "javascript:void(0)"),
    (STORY, "https://user@gazette.example/news/clash-at-the-pass"),
    (STORY, "http://[bad"),
    (STORY, "https://gazette.example/news/2025/10/12/talks-open-in-doha"),
    ("https://gazette.example/news/1948023", "https://gazette.example/news/1948024"),
    (
        "https://gazette.example/news/1948023/clash-at-the-pass",
        "https://gazette.example/news/1948024/talks-open-in-doha",
    ),
    ("https://gazette.example/news.php?id=7", "https://gazette.example/news.php"),
    ("https://gazette.example/news.php?id=7", "https://gazette.example/news.php?id=8"),
    ("https://gazette.example/?p=7", "https://gazette.example/"),
    ("https://gazette.example/ur/news/1948023", "https://gazette.example/en/news/1948023"),
    ("https://gazette.example/ur/news/1948023", "https://gazette.example/news/1948023"),
    ("https://urdu.gazette.example/news/1948023", "https://www.gazette.example/news/1948023"),
    ("http://127.0.0.1:8001/clash-at-the-pass", "http://127.0.0.1:8002/clash-at-the-pass"),
    ("https://one.blogspot.com/2025/clash-at-the-pass", "https://two.blogspot.com/2025/clash-at-the-pass"),
]


@pytest.mark.parametrize("write", [link, og])
@pytest.mark.parametrize(("url", "declared"), ACCEPTED)
def test_a_page_may_name_its_url(url: str, declared: str, write) -> None:
    assert page_canonical(page(write(declared)), url) == canonical_url(declared)


@pytest.mark.parametrize("write", [link, og])
@pytest.mark.parametrize(("url", "declared"), REFUSED)
def test_a_page_may_not_name_another_story(url: str, declared: str, write) -> None:
    assert page_canonical(page(write(declared)), url) == canonical_url(url)


def test_the_link_goes_before_the_meta_and_a_refused_link_leaves_the_meta() -> None:
    url, good, other = "https://gazette.example/?p=7", STORY, "https://gazette.example/2025/clash-of-words"
    assert page_canonical(page(link(good) + og(other)), url) == canonical_url(good)
    assert page_canonical(page(link("https://gazette.example/") + og(good)), url) == canonical_url(good)


def test_a_page_with_two_different_canonical_links_has_none() -> None:
    url = "https://gazette.example/?p=7"
    assert page_canonical(page(link(STORY) + link(STORY + "-2")), url) == canonical_url(url)
    assert page_canonical(page(link(STORY) + link(STORY + "/?utm_source=x")), url) == canonical_url(STORY)


def test_relative_and_oddly_written_links() -> None:
    url = "https://gazette.example/amp/628903"
    want = canonical_url("https://gazette.example/latest/628903-clash")
    assert page_canonical(page('<link REL="Canonical nofollow" href=" /latest/628903-clash ">'), url) == want
    assert page_canonical(page('<link rel="canonical" href="//gazette.example/latest/628903-clash">'), url) == want
    assert page_canonical(page('<meta name="og:url" content="/latest/628903-clash">'), url) == want
    assert page_canonical(page("<link rel=canonical><link href=/x><meta property=og:url>"), url) == canonical_url(url)


def test_real_pages_keep_their_own_canonical_link() -> None:
    """Real pages fetched from the URL they name, or from their og:url, are taken at their word."""
    folder = SHARED / "data" / "pages" / "fundus"
    if not folder.is_dir():
        pytest.skip("the shared pages are not here")
    seen = 0
    for path in sorted(folder.rglob("*.html.gz")):
        tree = html.fromstring(gzip.decompress(path.read_bytes()))
        links = tree.xpath("//link[@rel='canonical']/@href")
        metas = tree.xpath("//meta[@property='og:url']/@content")
        if len(links) != 1 or not is_fetchable(links[0]):
            continue
        seen += 1
        assert page_canonical(tree, links[0]) == canonical_url(links[0]), path
        if len(metas) == 1 and same_site(links[0], metas[0]):
            assert page_canonical(tree, metas[0]) == canonical_url(links[0]), (path, json.dumps([links, metas]))
    assert seen > 200
