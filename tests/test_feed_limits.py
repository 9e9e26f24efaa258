"""Hostile feeds and sitemaps: none takes long, none takes much memory, and no entity is ever expanded."""

from __future__ import annotations

import gzip
import json
import random
import subprocess
import sys
from collections.abc import Callable

import pytest

from monitor.errors import FeedError
from monitor.feeds import Feed, parse_document, parse_feed
from monitor.sitemaps import Sitemap
from tests.paths import ROOT

URL = "https://gazette.example/rss"
HEAD = (
    '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>x</title>'
)
TAIL = "</channel></rss>"
ATOM = '<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title>'
MANY = 400_000


def items(inner: str, number: int = 500) -> str:
    return HEAD + f"<item><title>t</title><link>https://gazette.example/1</link>{inner}</item>" * number + TAIL


def json_feed(**fields: str) -> str:
    item = {"url": "https://gazette.example/1"} | fields
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": [item] * 500})


def sitemap(row: str, number: int) -> str:
    return "<urlset>" + row * number + "</urlset>"


# Entities

LAUGHS = '<!ENTITY a "EXPANDED">' + "".join(
    f'<!ENTITY {chr(98 + level)} "{f"&{chr(97 + level)};" * 10}">' for level in range(10)
)
ENTITIES = {
    "internal": '<!ENTITY a "EXPANDED">',
    "billion laughs": LAUGHS,
    "quadratic": f'<!ENTITY a "{"EXPANDED" * 5000}">',
    "external file": '<!ENTITY a SYSTEM "file:///etc/passwd">',
    "external url": '<!ENTITY a SYSTEM "http://127.0.0.1:9/EXPANDED">',
    "public": '<!ENTITY a PUBLIC "-//x//y" "http://127.0.0.1:9/EXPANDED">',
    "parameter": '<!ENTITY % p SYSTEM "http://127.0.0.1:9/x.dtd"> %p; <!ENTITY a "EXPANDED">',
    "parameter inside": "<!ENTITY % p '<!ENTITY a \"EXPANDED\">'> %p;",
    "named like a character": '<!ENTITY nbsp "EXPANDED"><!ENTITY a "EXPANDED">',
    "quoted end": "<!ENTITY a \"EXPANDED]><rss>\"><!ENTITY b ']>'>",
    "character references": '<!ENTITY a "&#69;XPANDED">',
}
FEEDS = [
    HEAD + "<item><title>&a;&k;&nbsp;</title><link>https://gazette.example/&a;</link><guid>&a;</guid>"
    '<description xml:base="&a;">&a;</description><pubDate>&a;</pubDate></item>' + TAIL,
    ATOM
    + '<entry><title>&a;&k;</title><link href="https://gazette.example/&a;"/><content type="html">&a;</content></entry></feed>',
    "<urlset><url><loc>https://gazette.example/&a;</loc><news><title>&a;&k;</title></news></url></urlset>",
]


@pytest.mark.parametrize("body", FEEDS)
@pytest.mark.parametrize("declared", ENTITIES)
@pytest.mark.parametrize("charset", ["utf-8", "utf-16"])
def test_no_entity_is_expanded(declared: str, body: str, charset: str) -> None:
    document = f"<!DOCTYPE x [{ENTITIES[declared]}]>\n{body}".encode(charset)
    shown = repr(parse_document(document, URL))
    for entry in parse_document(document, URL).entries:
        shown += entry.title + entry.summary + (entry.content_html or "")
    assert "EXPANDED" not in shown
    assert "root:" not in shown
    assert len(shown) < 3000


@pytest.mark.parametrize("place", ["{}<rss/>", "<rss>{}</rss>", "<rss><channel>{}<item/></channel></rss>", "<rss/>{}"])
def test_a_doctype_in_another_place_declares_nothing(place: str) -> None:
    body = place.replace("<item/>", "<item><title>&a;</title><link>/1</link></item>")
    feed = parse_feed(body.format('<!DOCTYPE x [<!ENTITY a "EXPANDED">]>').encode(), URL)
    assert "EXPANDED" not in repr(feed)


# Time and memory

HOSTILE: dict[str, Callable[[], str | bytes]] = {
    "nested elements": lambda: HEAD + "<a>" * MANY,
    "nested items": lambda: HEAD + "<item>" * MANY,
    "nested channels": lambda: "<rss>" + "<channel>" * 250 + "</channel>" * 250 + "</rss>",
    "channels side by side": lambda: "<rss>" + "<channel/>" * MANY + "</rss>",
    "items without end": lambda: items("", 60_000),
    "empty items": lambda: HEAD + "<item/>" * MANY + TAIL,
    "foreign elements": lambda: HEAD + "<x/>" * MANY + TAIL,
    "attributes": lambda: "<rss " + " ".join(f'a{number}="1"' for number in range(100_000)) + "/>",
    "namespaces": lambda: "<rss " + " ".join(f'xmlns:a{number}="u"' for number in range(100_000)) + "/>",
    "blank lines in front": lambda: "<?xml version='1.0'?>" + "\n" * 4_000_000 + "<rss/>",
    "blanks in a tag": lambda: "<rss" + " " * 4_000_000 + "/>",
    "less-than signs": lambda: HEAD + "<item><title>" + "<" * 4_000_000,
    "open tags": lambda: HEAD + "<item><title>" + "<a " * 1_000_000,
    "equal signs": lambda: HEAD + "<item><title><a" + " a=" * 1_000_000,
    "ampersands": lambda: HEAD + "<item><title>" + "&" * 4_000_000,
    "broken references": lambda: HEAD + "<item><title>" + "&a" * 2_000_000,
    "character references": lambda: HEAD + "<item><title>" + "&#" * 2_000_000,
    "open CDATA": lambda: HEAD + "<![CDATA[" * MANY,
    "open comments": lambda: HEAD + "<!--" * MANY,
    "open instructions": lambda: "<?" * 2_000_000,
    "instructions": lambda: "<?x ?>" * MANY,
    "open declarations": lambda: "<!" * 2_000_000,
    "open doctypes": lambda: "<!DOCTYPE " * MANY,
    "doctype of signs": lambda: "<!DOCTYPE " + "<" * 4_000_000,
    "doctype of quotes": lambda: "<!DOCTYPE " + '"' * 4_000_001,
    "open titles": lambda: HEAD + "<title>" * MANY + "</title>",
    "open tags in titles": lambda: HEAD + "<title><b>" * MANY,
    "a long author": lambda: items("<author>" + "a" * 4_000_000 + "</author>", 1),
    "long authors": lambda: items("<author>" + "a" * 8_000 + "</author>"),
    "long dates": lambda: items("<pubDate>" + "1 " * 4_000 + "</pubDate>"),
    "odd dates": lambda: items("<pubDate>Sun, " + "1-" * 45 + "</pubDate><dc:date>" + "2025 " * 20 + "</dc:date>"),
    "categories": lambda: items("<category>a</category>" * 150_000, 1),
    "links": lambda: ATOM + "<entry>" + '<link href="/1"/>' * 150_000 + "</entry></feed>",
    "descriptions of open comments": lambda: items("<description>" + "&lt;!--" * 1_400 + "</description>"),
    "descriptions of open tags": lambda: items("<description><![CDATA[" + "<a " * 3_000 + "]]></description>"),
    "descriptions of scripts": lambda: items("<description><![CDATA[" + "<script>" * 1_200 + "]]></description>"),
    "descriptions of references": lambda: items("<description><![CDATA[" + "&#1" * 3_000 + "]]></description>"),
    "descriptions of lines": lambda: items("<description>" + "\n" * 9_000 + "</description>"),
    "contents": lambda: items("<content:encoded><![CDATA[" + "<p>x</p>\n" * 1_000 + "]]></content:encoded>"),
    "escaped contents": lambda: items("<content:encoded>" + "&lt;p>" * 1_500 + "</content:encoded>"),
    "inline contents": lambda: (
        ATOM + "<entry><content type='xhtml'><p>" + "<b>x</b>" * 60_000 + "</p></content></entry></feed>"
    ),
    "bases": lambda: items("").replace("<item>", f'<item xml:base="http://[{"a" * 900}">'),
    "JSON nested": lambda: "[" * 1_000_000,
    "JSON number": lambda: '{"version": ' + "9" * 4_000_000 + "}",
    "JSON blanks": lambda: json_feed(url="https://gazette.example/" + " " * 9_000 + "a"),
    "JSON contents": lambda: json_feed(content_html="<a " * 3_000),
    "JSON dates": lambda: json_feed(date_published="1-" * 4_000),
    "a long sitemap": lambda: sitemap(
        "<url><loc>https://gazette.example/a</loc><lastmod>2025-10-12</lastmod></url>", 60_000
    ),
    "a sitemap of odd dates": lambda: sitemap("<url><loc>/a</loc><lastmod>12 of October, 25</lastmod></url>", 60_000),
    "a sitemap of news": lambda: sitemap("<url><loc>/a</loc><news><title>a &amp;lt;b</title></news></url>", 60_000),
    "a sitemap of nests": lambda: sitemap("<url><news>" + "<a>" * 200 + "</a>" * 200 + "</news></url>", 1_000),
    "a text sitemap": lambda: "https://gazette.example/a\n" * 200_000,
    "a long line": lambda: "https://gazette.example/" + "a" * 4_000_000,
    "a web page": lambda: "<!DOCTYPE html><html>" + "<p>x</p>" * MANY,
    "a feed inside a web page": lambda: "<div>" * MANY + "<rss/>",
    "words": lambda: "x " * 2_000_000,
    "noise": lambda: random.Random(1).randbytes(6_000_000),
    "noise in a feed": lambda: b"<rss>" + random.Random(2).randbytes(6_000_000),
    "no charset": lambda: HEAD.encode() + b"\xff" * 4_000_000,
    "UTF-16": lambda: items("", 30_000).encode("utf-16"),
    "gzip bomb": lambda: gzip.compress(b"<rss>" + b"a" * 200_000_000, 1),
    "gzip bomb in gzip": lambda: gzip.compress(gzip.compress(b" " * 100_000_000, 1), 1),
    "gzip members": lambda: gzip.compress(b"") * 200_000,
}

# In a process of its own: what hangs can be ended there, and what it took can be read.
CHILD = """
import resource, sys, time
from monitor.errors import FeedError
from monitor.feeds import parse_document
body = sys.stdin.buffer.read()
before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
try:
    parse_document(body, "https://gazette.example/rss")
except FeedError:
    pass
print(time.process_time() - start, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


@pytest.mark.slow
@pytest.mark.parametrize("name", HOSTILE)
def test_nothing_hostile_takes_long_or_much_memory(name: str) -> None:
    """Well under a second each; the test itself only ends what hangs (20 s) and what fills the memory (200 MB)."""
    made = HOSTILE[name]()
    body = made.encode() if isinstance(made, str) else made
    done = subprocess.run(
        [sys.executable, "-c", CHILD], input=body, capture_output=True, timeout=20, cwd=ROOT, check=False
    )
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    seconds, megabytes = done.stdout.decode().split()
    print(f"{name}: {len(body) / 1e6:.1f} MB, {float(seconds):.2f} s, {megabytes} MB more")
    assert int(megabytes) < 200


def test_what_a_bound_cuts_off_is_said() -> None:
    long = parse_feed(items("", 60_000).encode(), URL)
    assert (len(long.entries), long.truncated) == (500, True)
    feed = parse_feed(gzip.compress(items("<description>" + "x " * 6_000 + "</description>").encode()), URL)
    assert feed.truncated and feed.entries and feed.problem == "is longer than 5 MB"
    assert parse_feed((HEAD + "<x/>" * MANY + TAIL).encode(), URL).problem == "has too many elements"


def test_a_deep_feed_keeps_what_stands_before_the_depth() -> None:
    body = HEAD + "<item><title>First</title><link>/1</link></item>" + "<a>" * 5_000
    assert [entry.title for entry in parse_feed(body.encode(), URL).entries] == ["First"]


def test_any_bytes_give_a_result_or_a_feed_error() -> None:
    """Feeds with bytes changed, cut and doubled at random places: nothing but FeedError is raised."""
    noise = random.Random(7)
    seeds = [items("<description>a &amp; b</description>", 2).encode(), FEEDS[1].encode(), FEEDS[2].encode()]
    seeds += [json_feed(title="t")[:400].encode() + b"}]}", HEAD.encode("utf-16"), gzip.compress(FEEDS[0].encode())]
    read = refused = 0
    for _ in range(3000):
        body = bytearray(noise.choice(seeds))
        for _ in range(noise.randint(1, 6)):
            place = noise.randrange(len(body))
            body[place : place + noise.choice((0, 1, 1, 8))] = noise.choice(
                (b"", noise.randbytes(1), b"<", b"&", b"\x00", b"]]>", b"<!--", b'"', body[place : place + 20])
            )
        try:
            assert isinstance(parse_document(bytes(body), URL), Feed | Sitemap)
            read += 1
        except FeedError as error:
            assert str(error).startswith(URL)
            refused += 1
    assert read > 300 and refused > 100
