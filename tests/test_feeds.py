"""Feeds of every dialect, with the faults that feeds have: what is read of them, and what is refused."""

from __future__ import annotations

import gzip
import hashlib
import json
from datetime import UTC, datetime, timedelta, timezone

import pytest

from monitor.entries import MAX_SUMMARY, MAX_TITLE, plain_text
from monitor.errors import FeedError
from monitor.feeds import Feed, parse_document, parse_feed, sniff
from monitor.sitemaps import Sitemap

URL = "https://gazette.example/feeds/rss.xml"
NOW = datetime(2025, 10, 14, 12, 0, tzinfo=UTC)
NOON = datetime(2025, 10, 12, 7, 0, tzinfo=UTC)

MODULES = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    ' xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'
    ' xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0" xmlns:media="http://search.yahoo.com/mrss/"'
)


def rss(items: str, channel: str = "", version: str = "2.0") -> bytes:
    return (
        f'<?xml version="1.0" encoding="utf-8"?><rss version="{version}" {MODULES}><channel>'
        f"<title>The Gazette</title><link>https://gazette.example/</link>{channel}{items}</channel></rss>"
    ).encode()


def item(inner: str = "", title: str = "Shots at the pass", link: str = "https://gazette.example/a-1") -> str:
    return f"<item><title>{title}</title><link>{link}</link>{inner}</item>"


def read(body: bytes | str, content_type: str | None = None) -> Feed:
    return parse_feed(body.encode() if isinstance(body, str) else body, URL, content_type, NOW)


def only(body: bytes | str, content_type: str | None = None):
    feed = read(body, content_type)
    assert len(feed.entries) == 1, feed
    return feed.entries[0]


# Dialects

ATOM = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="ps" xml:base="https://gazette.example/ps/">
<title type="html">The &lt;b&gt;Gazette&lt;/b&gt;</title><link rel="self" href="atom.xml"/><link href="./"/>
<entry><title>Shots at the pass</title><link rel="enclosure" href="a.mp3"/><link href="a-1"/>
<id>tag:gazette.example,2025:1</id><updated>2025-10-13T00:00:00Z</updated><published>2025-10-12T12:00:00+05:00</published>
<summary>Two hurt.</summary><author><name>A. Reporter</name><email>a@gazette.example</email></author>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Two men were <b>hurt</b>.</p></div></content></entry>
</feed>"""
ATOM_03 = """<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>The Gazette</title>
<entry><title mode="escaped" type="text/html">Shots at the &lt;i&gt;pass&lt;/i&gt;</title>
<link rel="alternate" type="text/html" href="https://gazette.example/a-1"/><id>1</id>
<issued>2025-10-12T12:00:00+05:00</issued><summary mode="base64" type="text/plain">VHdvIGh1cnQu</summary></entry></feed>"""
RDF = f"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" {MODULES}>
<channel rdf:about="https://gazette.example/rdf"><title>The Gazette</title><link>https://gazette.example/</link>
<items><rdf:Seq><rdf:li rdf:resource="https://gazette.example/a-1"/></rdf:Seq></items></channel>
<item rdf:about="https://gazette.example/a-1"><title>Shots at the pass</title><link>https://gazette.example/a-1</link>
<description>Two hurt.</description><dc:date>2025-10-12T12:00+05:00</dc:date><dc:creator>A. Reporter</dc:creator></item>
</rdf:RDF>"""
RSS_090 = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://my.netscape.com/rdf/simple/0.9/">
<channel><title>The Gazette</title><link>https://gazette.example/</link></channel>
<item><title>Shots at the pass</title><link>https://gazette.example/a-1</link></item></rdf:RDF>"""
RSS_091 = """<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://gazette.invalid/rss-0.91.dtd">
<rss version="0.91"><channel><title>The Gazette</title><link>https://gazette.example/</link><item>
<title>Shots at the pass</title><link>https://gazette.example/a-1</link><description>Two hurt.</description></item></channel></rss>"""
CDF = """<CHANNEL HREF="https://gazette.example/"><TITLE>The Gazette</TITLE><ITEM HREF="https://gazette.example/a-1"
LASTMOD="2025-10-12T12:00+05:00"><TITLE>Shots at the pass</TITLE><ABSTRACT>Two hurt.</ABSTRACT></ITEM></CHANNEL>"""
JSON_11 = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "The Gazette",
    "language": "ur",
    "home_page_url": "https://gazette.example/",
    "authors": [{"name": "The desk"}],
    "items": [
        {
            "id": 1,
            "url": "/a-1",
            "title": "Shots at the pass",
            "content_html": "<p>Two men were <b>hurt</b>.</p>",
            "date_published": "2025-10-12T12:00:00+05:00",
            "date_modified": "2025-10-13T00:00:00Z",
            "authors": [{}, {"name": "A. Reporter"}],
        }
    ],
}
JSON_10 = {
    "version": "https://jsonfeed.org/version/1",
    "title": "The Gazette",
    "items": [
        {
            "id": "1",
            "external_url": "https://gazette.example/a-1",
            "title": "Shots at the pass",
            "content_text": "Two < three.",
            "summary": "Two hurt.",
            "author": {"name": "A. Reporter"},
        }
    ],
}
DIALECTS = {
    "rss": [
        rss(item(f"<pubDate>Sun, 12 Oct 2025 12:00:00 +0500</pubDate><guid>{v}</guid>"), "", v) for v in ("0.92", "2.0")
    ]
    + [RSS_091.encode()],
    "rdf": [RDF.encode(), RSS_090.encode()],
    "atom": [ATOM.encode(), ATOM_03.encode()],
    "cdf": [CDF.encode()],
    "json": [json.dumps(JSON_11).encode(), json.dumps(JSON_10).encode()],
}


@pytest.mark.parametrize(("kind", "body"), [(kind, body) for kind, bodies in DIALECTS.items() for body in bodies])
def test_every_dialect(kind: str, body: bytes) -> None:
    feed = read(body)
    assert (feed.kind, feed.title, feed.problem, feed.truncated, feed.dropped) == (kind, "The Gazette", None, False, 0)
    (entry,) = feed.entries
    assert entry.title == "Shots at the pass"
    assert entry.url in ("https://gazette.example/a-1", "https://gazette.example/ps/a-1")
    assert entry.published_at in (NOON, None)
    assert (entry.published_at is None) == (entry.published_precision == "unknown")
    assert entry.summary in ("Two hurt.", "", "Two men were hurt.")


def test_atom_in_full() -> None:
    feed = read(ATOM)
    assert (feed.language, feed.link) == ("ps", "https://gazette.example/ps/")
    entry = feed.entries[0]
    assert (entry.id, entry.author, entry.language) == ("tag:gazette.example,2025:1", "A. Reporter", "ps")
    assert entry.modified_at == datetime(2025, 10, 13, tzinfo=UTC)
    assert entry.content_html and "<p>Two men were <b>hurt</b>.</p>" in entry.content_html


def test_atom_03_modes() -> None:
    entry = only(ATOM_03)
    assert (entry.title, entry.summary, entry.published_at) == ("Shots at the pass", "Two hurt.", NOON)


def test_json_feeds_in_full() -> None:
    new, old = only(json.dumps(JSON_11)), only(json.dumps(JSON_10))
    assert (new.id, new.author, new.language, new.published_at) == ("1", "A. Reporter", "ur", NOON)
    assert new.modified_at == datetime(2025, 10, 13, tzinfo=UTC)
    assert new.content_html == "<p>Two men were <b>hurt</b>.</p>"
    assert (old.author, old.summary, old.content_html) == ("A. Reporter", "Two hurt.", "Two &lt; three.")


def test_a_json_feed_with_nonsense_in_its_fields_is_read_as_far_as_it_goes() -> None:
    document = {
        "version": ["x"],
        "title": {"a": 1},
        "items": [
            {
                "url": "https://gazette.example/a-1",
                "title": None,
                "date_published": 20251012,
                "authors": "me",
                "content_html": [],
            },
            {
                "url": "https://gazette.example/a-2",
                "title": "bad \ud800 half",
                "tags": [[]],
                "author": [],
                "language": 7,
            },
            {"url": ["x"]},
            "text",
            None,
        ],
    }
    feed = read(json.dumps(document))
    assert [entry.url for entry in feed.entries] == ["https://gazette.example/a-1", "https://gazette.example/a-2"]
    assert feed.entries[1].title == "bad half"
    assert feed.problem == "names no version of JSON Feed; 3 of 5 entries have no link"


def test_a_feed_says_how_long_to_wait() -> None:
    assert read(rss("", "<ttl>15</ttl>")).ttl_minutes == 15
    rhythm = "<sy:updatePeriod> hourly </sy:updatePeriod><sy:updateFrequency>{}</sy:updateFrequency>"
    assert read(rss("", rhythm.format(2))).ttl_minutes == 30
    assert read(rss("", rhythm.format("many"))).ttl_minutes == 60
    assert read(rss("", "<ttl>99999999999999999</ttl>")).ttl_minutes is None
    assert read(rss("", "<ttl>999999</ttl>")).ttl_minutes == 7 * 24 * 60
    assert read(rss("", "<ttl>0</ttl>")).ttl_minutes is None
    assert read(rss("")).ttl_minutes is None


def test_languages_are_tags_or_nothing() -> None:
    assert read(rss("", "<language>ur_PK</language>")).language == "ur-PK"
    assert read(rss("", "<language>PRS</language>")).language == "prs"
    assert read(rss("", "<language>Pashto, of course</language>")).language is None
    entry = read(rss('<item xml:lang="fa"><title>t</title><link>/a</link></item>', "<language>en</language>")).entries[
        0
    ]
    assert entry.language == "fa"


# Dates

DATES = [
    ("<pubDate>Sun, 12 Oct 2025 12:00:00 +0500</pubDate>", NOON, "minute"),
    ("<pubDate>12 Oct 2025 07:00 GMT</pubDate>", NOON, "minute"),
    ("<pubDate>Sunday, 12-Oct-2025 07:00:00 UTC</pubDate>", NOON, "minute"),
    ("<pubDate>Sun, 12 Oct 2025 12:00:00 PKT</pubDate>", NOON, "minute"),
    ("<pubDate>Sun, 12 Oct 2025 11:30:00 +04:30</pubDate>", NOON, "minute"),
    ("<pubDate>\n Sun, 12 Oct 2025 07:00:00 Z\n</pubDate>", NOON, "minute"),
    ("<pubDate>2025-10-12T07:00:00.123Z</pubDate>", NOON, "minute"),
    ("<pubDate>2025-10-12 12:00:00+05:00</pubDate>", NOON, "minute"),
    ("<dc:date>2025-10-12T12:00+05:00</dc:date>", NOON, "minute"),
    ("<pubDate>2025-10-12</pubDate>", datetime(2025, 10, 12, tzinfo=UTC), "day"),
    ("<pubDate>Sun, 12 Oct 2025</pubDate>", datetime(2025, 10, 12, tzinfo=UTC), "day"),
    ("<dc:date>2025-10-13</dc:date><pubDate>Sun, 12 Oct 2025 07:00:00 GMT</pubDate>", NOON, "minute"),
    ("", None, "unknown"),
    ("<pubDate/>", None, "unknown"),
    ("<pubDate>yesterday or so</pubDate>", None, "unknown"),
    ("<pubDate>0000-00-00 00:00:00</pubDate>", None, "unknown"),
    ("<pubDate>Sun, 32 Oct 2025 07:00:00 GMT</pubDate>", None, "unknown"),
    ("<pubDate>Sun, 12 Oct 2025 99:00:00 GMT</pubDate>", datetime(2025, 10, 12, tzinfo=UTC), "day"),
    ("<pubDate>Thu, 16 Oct 2025 12:00:00 GMT</pubDate>", None, "unknown"),  # two days ahead
    ("<pubDate>2099-01-01T00:00:00Z</pubDate>", None, "unknown"),
    ("<pubDate>9999-12-31T23:59:59-14:00</pubDate>", None, "unknown"),
    ("<pubDate>0001-01-01T00:00:00+14:00</pubDate>", None, "unknown"),
    (f"<pubDate>{'1' * 5000}</pubDate>", None, "unknown"),
]


@pytest.mark.parametrize(("inner", "moment", "precision"), DATES)
def test_dates(inner: str, moment: datetime | None, precision: str) -> None:
    entry = only(rss(item(inner)))
    got = entry.published_at
    if got is not None and got.second == 0:
        got = got.replace(microsecond=0)
    assert (got, entry.published_precision) == (moment, precision) or (
        got is not None and moment is not None and precision != "day" and abs(got - moment) < timedelta(seconds=1)
    )


def test_a_clock_without_zone_is_in_the_zone_of_the_source() -> None:
    body = rss(item("<pubDate>Sun, 12 Oct 2025 12:00:00</pubDate>"))
    assert only(body).published_at == datetime(2025, 10, 12, 12, tzinfo=UTC)
    zone = timezone(timedelta(hours=5))
    assert parse_feed(body, URL, None, NOW, zone=zone).entries[0].published_at == NOON


# Links

LINKS = [
    ("<link>https://gazette.example/a-1</link>", "https://gazette.example/a-1"),
    ("<link>\n https://gazette.example/a-1\n </link>", "https://gazette.example/a-1"),
    ("<link>https://gazette.example/a\n -1</link>", "https://gazette.example/a-1"),
    ("<link>https://gazette.example/a 1</link>", "https://gazette.example/a%201"),
    ("<link>/a-1</link>", "https://gazette.example/a-1"),
    ("<link>a-1</link>", "https://gazette.example/feeds/a-1"),
    ("<link>//gazette.example/a-1</link>", "https://gazette.example/a-1"),
    ("<link>www.gazette.example/a-1</link>", "https://www.gazette.example/a-1"),
    ("<link><![CDATA[https://gazette.example/?p=1&q=2]]></link>", "https://gazette.example/?p=1&q=2"),
    ("<link>https://gazette.example/?p=1&amp;q=2</link>", "https://gazette.example/?p=1&q=2"),
    ("<link>https://gazette.example/?p=1&amp;amp;q=2</link>", "https://gazette.example/?p=1&q=2"),
    ('<link xml:base="https://gazette.example/ur/">a-1</link>', "https://gazette.example/ur/a-1"),
    ('<link href="https://gazette.example/a-1"/>', "https://gazette.example/a-1"),
    ("<guid>https://gazette.example/a-1</guid>", "https://gazette.example/a-1"),
    ('<guid isPermaLink="true">https://gazette.example/a-1</guid>', "https://gazette.example/a-1"),
    ("<guid>https://gazette.example/x</guid><link>https://gazette.example/a-1</link>", "https://gazette.example/a-1"),
    ('<guid isPermaLink="false">https://gazette.example/a-1</guid>', None),
    ("<guid>1948023</guid>", None),
    ("<guid>tag:gazette.example,2025:1</guid>", None),
    ("<guid>javascript:alert(1)</guid>", None),
    ("", None),
    ("<link/>", None),
    ("<link>javascript:alert(1)</link>", None),
    ("<link>JAVASCRIPT:alert(1)</link>", None),
    ("<link>data:text/html,x</link>", None),
    ("<link>file:///etc/passwd</link>", None),
    ('<link xml:base="file:///etc/">passwd</link>', None),
    ("<link>ftp://gazette.example/a</link>", None),
    ("<link>https://user:secret@gazette.example/a</link>", None),
    ("<link>http://[::1/a</link>", None),
    ("<link>http://</link>", None),
    ("<link>//</link>", None),
    (f"<link>/{'%D8%A7' * 600}</link>", f"https://gazette.example/{'%D8%A7' * 600}"),
    (f"<link>/{'x' * 5000}</link>", None),
    (f"<link>/{'x' * 9000}</link>", None),
    (f"<guid>https://gazette.example/{'x' * 9000}</guid>", None),
    ("<link>mailto:desk@gazette.example</link>", None),
    ('<link rel="self" href="https://gazette.example/feed"/>', None),
    ('<enclosure url="https://gazette.example/a.mp3" type="audio/mpeg"/>', None),
    (
        "<link>https://counter.example/~r/x/1</link><feedburner:origLink>https://gazette.example/a-1</feedburner:origLink>",
        "https://gazette.example/a-1",
    ),
    (
        "<link>https://gazette.example/a-1</link><feedburner:origLink>javascript:x</feedburner:origLink>",
        "https://gazette.example/a-1",
    ),
    (
        "<link>https://www.google.com/url?sa=t&amp;url=https%3A%2F%2Fgazette.example%2Fa-1&amp;ct=ga</link>",
        "https://gazette.example/a-1",
    ),
]


@pytest.mark.parametrize(("inner", "link"), LINKS)
def test_links(inner: str, link: str | None) -> None:
    feed = read(rss(f"<item><title>t</title>{inner}</item>"))
    assert [entry.url for entry in feed.entries] == ([link] if link else [])
    assert feed.dropped == (0 if link else 1)
    assert feed.problem == (None if link else "1 of 1 entries have no link")


def test_of_several_atom_links_the_page_is_taken() -> None:
    links = [
        '<link rel="edit" href="/edit"/>',
        '<link rel="replies" href="/replies"/>',
        '<link rel="alternate" type="application/json" href="/a.json"/>',
        '<link rel="alternate" type="text/html" href="/a-1"/>',
        '<link rel="related" href="/other"/>',
    ]
    feed = '<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>t</title>{}</entry></feed>'
    assert only(feed.format("".join(links))).url == "https://gazette.example/a-1"
    assert only(feed.format(links[2])).url == "https://gazette.example/a.json"
    assert only(feed.format("<id>https://gazette.example/a-1</id>")).url == "https://gazette.example/a-1"
    assert read(feed.format("<id>urn:uuid:1</id>")).dropped == 1
    assert read(feed.format("<id>17</id>")).dropped == 1


# Texts

TITLES = [
    ("Shots &amp; shells", "Shots & shells"),
    ("Shots &amp;amp; shells", "Shots & shells"),
    ("&amp;#8216;Shots&amp;#8217; at the pass", "‘Shots’ at the pass"),
    ("<![CDATA[Shots <b>at</b> the&nbsp;pass]]>", "Shots at the pass"),
    ("  Shots\n\tat   the pass ", "Shots at the pass"),
    ("3 &lt; 5 and 7 &gt; 6", "3 < 5 and 7 > 6"),
    ("&lt;script&gt;alert(1)&lt;/script&gt;Shots", "Shots"),
    ("<b>Shots</b> at <i>the</i> pass", "Shots at the pass"),
    ("سرحد پر فائرنگ", "سرحد پر فائرنگ"),
    ("می\u200cگویند", "می\u200cگویند"),
    ("", ""),
]


@pytest.mark.parametrize(("written", "shown"), TITLES)
def test_titles(written: str, shown: str) -> None:
    assert only(rss(item(title=written))).title == shown


def test_atom_says_what_is_markup() -> None:
    feed = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><title type="{}">{}</title><link href="/a"/></entry></feed>'
    )
    assert only(feed.format("text", "The &lt;blink&gt; tag")).title == "The <blink> tag"
    assert only(feed.format("html", "The &lt;blink&gt; tag")).title == "The tag"
    assert (
        only(feed.format("xhtml", '<div xmlns="http://www.w3.org/1999/xhtml">The <b>b</b> tag</div>')).title
        == "The b tag"
    )


def test_summaries_are_plain_and_short_and_contents_whole() -> None:
    long = "<p>word</p>" * 1500
    entry = only(
        rss(item(f"<description><![CDATA[{long}]]></description><content:encoded><![CDATA[{long}]]></content:encoded>"))
    )
    assert entry.summary.startswith("word word word") and entry.summary.endswith("word…")
    assert len(entry.summary) <= MAX_SUMMARY
    assert entry.content_html == long
    assert only(rss(item(f"<content:encoded><![CDATA[{long}]]></content:encoded>"))).summary.startswith("word word")
    assert len(only(rss(item(title="a" * 5000))).title) == MAX_TITLE


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("<p>One</p><p>two</p>three<br>four", "One two three four"),
        ("un<b>believ</b>able", "unbelievable"),
        ("a<!-- > --><style>p{}</style><script>if (a<b) {}</script>b", "a b"),
        ("open <!-- never closed", "open"),
        ("one<!-- -- odd >two<!-- x -->three", "onethree"),
        ("sa<!-- -- odd >fe", "safe"),
        ("&lt;p&gt;twice&lt;/p&gt; &lt;br/&gt;escaped", "twice escaped"),
        ("&#99999999999999999999; &#x110000; &bogus; &", "\ufffd &bogus; &"),
        ("bad \ud800 half\x00", "bad half"),
        ('<img alt="a" src="x">caption', "caption"),
        ("5 < 6", "5 < 6"),
    ],
)
def test_plain_text(text: str, plain: str) -> None:
    assert plain_text(text, 100) == plain


def test_plain_text_is_cut_between_words() -> None:
    assert plain_text("one two three", 9) == "one two…"
    assert plain_text("onetwothree", 5) == "onet…"
    assert plain_text("one two", 7) == "one two"


# Charsets

URDU = "سرحد پر فائرنگ، دو اہلکار زخمی"
ENCODED = rss(item(title=URDU)).decode()


@pytest.mark.parametrize(
    "charset", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"]
)
@pytest.mark.parametrize("declared", ["utf-8", "UTF-16", "iso-8859-1", "bogus", None])
def test_unicode_whatever_is_declared(charset: str, declared: str | None) -> None:
    xml = ENCODED.replace(' encoding="utf-8"', f' encoding="{declared}"' if declared else "")
    assert only(xml.encode(charset)).title == URDU
    assert only(xml.encode(charset), "text/html; charset=windows-1252").title == URDU


@pytest.mark.parametrize(
    ("charset", "text"),
    [
        ("windows-1256", URDU.replace("ی", "ي")),
        ("iso-8859-1", "Tué à la frontière"),
        ("windows-1252", "‘Shots’ – two hurt"),
        ("gb2312", "边境发生冲突"),
        ("koi8-r", "На границе"),
        ("shift_jis", "国境で衝突"),
        ("iso-2022-jp", "国境で衝突"),
    ],
)
def test_other_charsets_as_declared(charset: str, text: str) -> None:
    xml = rss(item(title=text)).decode()
    assert only(xml.replace("utf-8", charset).encode(charset)).title == text
    if charset != "iso-2022-jp":  # that one needs its declaration: its bytes are ASCII
        bare = xml.replace(' encoding="utf-8"', "")
        assert only(bare.encode(charset), f"application/rss+xml; charset={charset}").title == text


def test_a_charset_that_nothing_names_is_guessed_and_said() -> None:
    text = "خبر: سرحد پر فائرنگ سے دو زخمی ہوئے اور راستہ بند کر ديا گيا"
    body = rss(item(title=text) * 20).replace(text.encode(), text.encode("cp1256", "replace"))
    feed = read(body)
    assert feed.entries[0].title == text.encode("cp1256", "replace").decode("cp1256")
    assert feed.problem == "names no charset that fits; read as cp1256"


def test_a_few_broken_letters_do_not_change_the_charset() -> None:
    body = rss(item(title=URDU * 5) + item(title="cut")).replace(b"cut", URDU.encode()[:7])
    feed = read(body)
    assert feed.entries[0].title == URDU * 5
    assert feed.problem == "is not all UTF-8"
    assert only(rss(item(title="‘quoted’")).decode().encode("cp1252").replace(b"\x91", b"\x91", 1)).title == "‘quoted’"


@pytest.mark.parametrize("name", ["punycode", "zip", "hex", "rot13", "unicode_escape", "utf-7", "idna", "undefined"])
def test_names_that_are_no_charsets_of_servers_are_not_used(name: str) -> None:
    assert only(rss(item(title="+AGE- \\u0041")).replace(b"utf-8", name.encode())).title == "+AGE- \\u0041"


def test_control_characters_and_null_bytes_are_left_out() -> None:
    feed = read(rss(item(title="Sh\x00ots\x0b at\x1b the \x08pass")))
    assert feed.entries[0].title == "Shots at the pass"
    assert feed.problem == "holds control characters"


def test_gzip_is_unpacked() -> None:
    body = rss(item())
    assert only(gzip.compress(body)).title == "Shots at the pass"
    assert only(gzip.compress(gzip.compress(body))).title == "Shots at the pass"
    many = "".join(item(link=f"/{hashlib.sha256(bytes([number])).hexdigest()}") for number in range(50))
    torn = read(gzip.compress(rss(many))[:-200])
    assert torn.entries and "its gzip data ends too soon" in (torn.problem or "")


# Broken XML


@pytest.mark.parametrize(
    "body",
    [
        rss(item(title="Shots & shells")),
        rss(item("<description>3 < 5 & so on</description>", title="Shots & shells")),
        rss(item("<description>a&nbsp;b &eacute; &mystery; c</description>", title="Shots & shells")),
        rss(item("<description>a<br>b<img src='x'>c <p>d</description>", title="Shots & shells")),
        rss(item("<content:encoded><p>a<br>b</content:encoded><media:thumbnail url='x'>", title="Shots & shells")),
        rss(item("<guid isPermaLink=false>1</guid>", title="Shots & shells")),
        rss(item("&#0;&#xFFFF;&#99999999;", title="Shots & shells")),
        rss(item(title="Shots & shells"))[: -len("</channel></rss>")],
        rss(item(title="Shots & shells"))[: -len("</item></channel></rss>")],
        rss(item(title="Shots & shells")) + b"<!-- served by 7 --><script>x</script>",
        b"\n\n  " + rss(item(title="Shots & shells")),
        b"\xef\xbb\xbf\n" + rss(item(title="Shots & shells")),
        b"<br />\n<b>Warning</b>: something in <b>/srv/feed.php</b><br />" + rss(item(title="Shots &amp; shells")),
        b"Notice: something\n" + rss(item(title="Shots &amp; shells")),
        rss(item("<undeclared:thing>x</undeclared:thing>", title="Shots & shells")),
        rss(item(title="<![CDATA[Shots & shells]]>")).replace(b' version="2.0"', b" version=2.0"),
        rss(item(title="Shots & shells") + "<item><title><![CDATA[never closed"),
        rss(item(title="Shots & shells") + "<!-- never closed <item>"),
    ],
)
def test_broken_xml_is_mended(body: bytes) -> None:
    feed = read(body)
    assert (feed.entries[0].title, feed.entries[0].url) == ("Shots & shells", "https://gazette.example/a-1")
    assert feed.problem


def test_what_stands_behind_a_fault_is_not_lost() -> None:
    feed = read(rss(item("<description>a<br>b & c</description>") + item(title="Second", link="/a-2")))
    assert [entry.title for entry in feed.entries] == ["Shots at the pass", "Second"]
    assert feed.entries[0].summary == "a b & c"


def test_modules_whose_prefix_is_not_declared_are_known_by_it() -> None:
    body = rss(item("<dc:date>2025-10-12T07:00:00Z</dc:date><dc:creator>A. Reporter</dc:creator>"))
    entry = only(body.replace(MODULES.encode(), b""))
    assert (entry.published_at, entry.author) == (NOON, "A. Reporter")


def test_elements_of_other_vocabularies_do_not_interfere() -> None:
    inner = (
        "<media:title>Photo</media:title><media:content><media:description>Photo</media:description></media:content>"
        "<source url='https://wire.example/'>The Wire</source>"
    )
    channel = "<image><title>Logo</title><link>https://logo.example/</link></image><textInput><title>Search</title></textInput>"
    feed = read(rss(item(inner), channel))
    assert (feed.title, feed.link) == ("The Gazette", "https://gazette.example/")
    assert (feed.entries[0].title, feed.entries[0].summary) == ("Shots at the pass", "")


# What is no feed


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "is empty where a feed should be"),
        (b" \n\t", "is empty where a feed should be"),
        (b"\xef\xbb\xbf", "is empty where a feed should be"),
        (b"<!DOCTYPE html><html><head><title>x</title></head></html>", "is a web page and no feed; give the address"),
        (b"<html><body><p>404</p></body></html>", "is a web page and no feed"),
        (b"\n<!-- x --><HTML lang=en>", "is a web page and no feed"),
        (b"<!doctype HTML>\n<title>404</title><p>Not found", "is a web page and no feed"),
        (b"<div class=x>Sign in</div>", "is a web page and no feed"),
        (b"<opml version='2.0'><body/></opml>", "is XML but neither feed nor sitemap"),
        (b"<?xml version='1.0'?><!-- only this -->", "is XML but neither feed nor sitemap"),
        (
            b"<urlset><url><loc>https://gazette.example/a</loc></url></urlset>",
            "is a sitemap and no feed; declare it under",
        ),
        (b"https://gazette.example/a\nhttps://gazette.example/b\n", "is a sitemap and no feed"),
        (b'{"error": "not found"}', "is JSON but no JSON Feed"),
        (b'{"version": "https://jsonfeed.org/version/1.1"}', "is JSON but no JSON Feed"),
        (b'[{"title": "x"}]', "is JSON but no JSON Feed"),
        (b'{"items": [{"id": 1}]}', "is JSON but no JSON Feed"),
        (b'{"items": [', "is broken JSON and so no feed"),
        (b'{"a":' * 50_000, "is JSON nested too deep for a feed"),
        (b"[" + b"9" * 5_000 + b"]", "is broken JSON and so no feed"),
        (b"Service unavailable", "is neither XML nor JSON and so no feed"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)), "is neither XML nor JSON and so no feed"),
        (b"\x1f\x8b\x08\x00garbage", "is empty where a feed should be"),
    ],
)
@pytest.mark.parametrize("content_type", [None, "application/rss+xml", "text/html; charset=nonsense"])
def test_what_is_no_feed_is_refused_in_one_sentence(body: bytes, says: str, content_type: str | None) -> None:
    with pytest.raises(FeedError) as caught:
        parse_feed(body, URL, content_type, NOW)
    message = str(caught.value)
    assert message.startswith(f"{URL}: {says}")
    assert "\n" not in message and len(message) < 400


@pytest.mark.parametrize(
    "content_type", ["text/html", "text/plain; charset=us-ascii", "application/json", "image/png", "", ";;"]
)
def test_a_feed_is_a_feed_whatever_it_is_served_as(content_type: str) -> None:
    assert only(rss(item(title=URDU)), content_type).title == URDU


def test_an_empty_feed_is_a_feed() -> None:
    assert read(rss("")).entries == ()
    assert read("<rss/>").entries == ()


def test_documents_are_told_apart() -> None:
    assert isinstance(parse_document(rss(item()), URL, now=NOW), Feed)
    assert isinstance(parse_document(json.dumps(JSON_11).encode(), URL, now=NOW), Feed)
    assert isinstance(parse_document(b"<urlset/>", URL), Sitemap)
    assert isinstance(parse_document(b"https://gazette.example/a", URL), Sitemap)
    with pytest.raises(FeedError, match="web page"):
        parse_document(b"<html>", URL)
    kinds = [
        sniff(text) for text in ("", "{", "<rss>", "<a:sitemapindex>", "<p>", "<x>", "x", "http://gazette.example/")
    ]
    assert kinds == ["empty", "json", "feed", "sitemap", "html", "xml", "other", "sitemap"]


def test_only_so_many_entries_count() -> None:
    items = "".join(item(link=f"/a-{number}") for number in range(30))
    feed = parse_feed(rss(items), URL, now=NOW, max_entries=10)
    assert (len(feed.entries), feed.truncated) == (10, True)
    assert feed.entries[9].url == "https://gazette.example/a-9"
    assert not parse_feed(rss(items), URL, now=NOW, max_entries=30).truncated
    document = JSON_11 | {"items": JSON_11["items"] * 30}
    assert len(parse_feed(json.dumps(document).encode(), URL, now=NOW, max_entries=10).entries) == 10


@pytest.mark.parametrize("text", ["yesterday", "2 hours ago", "دیروز", "پرون", "گزشتہ روز", "on Saturday"])
def test_relative_date_of_a_feed_is_unknown(text: str) -> None:
    """A feed may be an old copy: nobody knows what its "yesterday" counts from."""
    body = f"<rss version='2.0'><channel><title>F</title><item><title>An entry</title><link>https://gazette.example/1</link><pubDate>{text}</pubDate></item></channel></rss>"
    (entry,) = parse_feed(body.encode(), "https://gazette.example/rss").entries
    assert entry.published_at is None and entry.published_precision == "unknown"
