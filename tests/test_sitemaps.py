"""Sitemaps: plain, as text, of Google News, and indexes of them; what is new in them, and what is refused."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta

import pytest

from monitor.errors import FeedError
from monitor.sitemaps import (
    MAX_LISTED,
    Child,
    Sitemap,
    parse_sitemap,
    recent_children,
    recent_entries,
)

URL = "https://gazette.example/sitemap.xml"
NOW = datetime(2025, 10, 14, 12, 0, tzinfo=UTC)
SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
GOOGLE = "http://www.google.com/schemas/sitemap-news/0.9"


def read(body: bytes | str) -> Sitemap:
    return parse_sitemap(body.encode() if isinstance(body, str) else body, URL, "text/xml", NOW)


def urls(rows: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="{SPACE}" xmlns:news="{GOOGLE}">{rows}</urlset>'


def index(rows: str) -> str:
    return f'<sitemapindex xmlns="{SPACE}">{rows}</sitemapindex>'


def row(path: str, lastmod: str = "") -> str:
    return f"<url><loc>https://gazette.example{path}</loc>{f'<lastmod>{lastmod}</lastmod>' if lastmod else ''}</url>"


def child(path: str, lastmod: str = "") -> str:
    return row(path, lastmod).replace("url>", "sitemap>")


NEWS = """<url><loc> https://gazette.example/a-1 </loc><lastmod>2025-10-13</lastmod><news:news>
<news:publication><news:name>The Gazette</news:name><news:language>ur</news:language></news:publication>
<news:publication_date>2025-10-12T12:00:00+05:00</news:publication_date>
<news:title>سرحد پر فائرنگ &amp;amp; گولے</news:title><news:keywords>a, b</news:keywords></news:news>
<image:image xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"><image:loc>https://gazette.example/x.jpg</image:loc>
<image:title>Photo</image:title></image:image></url>"""


def test_a_news_sitemap() -> None:
    sitemap = read(urls(NEWS))
    assert (sitemap.kind, sitemap.children, sitemap.problem, sitemap.truncated) == ("urlset", (), None, False)
    (entry,) = sitemap.entries
    assert (entry.url, entry.title, entry.language) == ("https://gazette.example/a-1", "سرحد پر فائرنگ & گولے", "ur")
    assert (entry.published_at, entry.published_precision) == (datetime(2025, 10, 12, 7, tzinfo=UTC), "minute")
    assert entry.modified_at == datetime(2025, 10, 13, tzinfo=UTC)


def test_the_prefixes_and_namespaces_do_not_matter() -> None:
    plain = NEWS.replace("news:", "").replace("<news><publication>", "<news><publication>")
    other = urls(NEWS).replace("xmlns:news", "xmlns:n").replace("news:", "n:").replace("xmlns:n=", "xmlns:n=")
    undeclared = urls(NEWS).replace(f' xmlns:news="{GOOGLE}"', "")
    bare = f"<s:urlset xmlns:s='{SPACE}'><s:url><s:loc>https://gazette.example/a-1</s:loc></s:url></s:urlset>"
    for body in (f"<urlset>{plain}</urlset>", other, undeclared):
        (entry,) = read(body).entries
        assert (entry.title, entry.published_precision) == ("سرحد پر فائرنگ & گولے", "minute")
    assert read(bare).entries[0].url == "https://gazette.example/a-1"


def test_lastmod_is_no_publication_date() -> None:
    (entry,) = read(urls(row("/a-1", "2025-10-12T12:00:00+05:00"))).entries
    assert (entry.published_at, entry.published_precision) == (None, "unknown")
    assert entry.modified_at == datetime(2025, 10, 12, 7, tzinfo=UTC)
    ahead, odd = read(urls(row("/a-1", "2026-10-12") + row("/a-2", "soon"))).entries
    assert (ahead.modified_at, odd.modified_at) == (None, None)


def test_an_index() -> None:
    sitemap = read(
        index(child("/s-1.xml", "2025-10-12") + child("/s-2.xml.gz") + "<sitemap><loc>file:///x</loc></sitemap>")
    )
    assert (sitemap.kind, sitemap.entries, sitemap.dropped) == ("index", (), 1)
    assert sitemap.problem == "1 of 3 URLs cannot be followed"
    assert sitemap.children == (
        Child("https://gazette.example/s-1.xml", datetime(2025, 10, 12, tzinfo=UTC)),
        Child("https://gazette.example/s-2.xml.gz", None),
    )


def test_packed_sitemaps() -> None:
    packed = gzip.compress(urls(row("/a-1")).encode())
    assert read(packed).entries[0].url == "https://gazette.example/a-1"
    assert read(gzip.compress(packed)).entries[0].url == "https://gazette.example/a-1"
    torn = gzip.compress(urls("".join(row(f"/{number * 7919 % 9973}") for number in range(300))).encode())[:-300]
    assert read(torn).entries and "gzip data ends too soon" in (read(torn).problem or "")


def test_a_list_of_urls_as_text() -> None:
    text = "\ufeffhttps://gazette.example/a-1\r\n\r\nhttps://gazette.example/a-2\nhttps://gazette.example/a 3\n"
    assert [entry.url for entry in read(text.replace("a 3", "a-3")).entries] == [
        f"https://gazette.example/a-{number}" for number in (1, 2, 3)
    ]
    sitemap = read("https://gazette.example/a-1\n" * 6 + "ftp://gazette.example/a-2\n")
    assert (len(sitemap.entries), sitemap.dropped, sitemap.problem) == (6, 1, "1 of 7 lines are no URL")


@pytest.mark.parametrize(
    ("written", "link"),
    [
        ("/a-1", "https://gazette.example/a-1"),
        ("\n  https://gazette.example/a-1\n  ", "https://gazette.example/a-1"),
        ("<![CDATA[https://gazette.example/?a=1&b=2]]>", "https://gazette.example/?a=1&b=2"),
        ("https://gazette.example/?a=1&amp;b=2", "https://gazette.example/?a=1&b=2"),
        ("https://gazette.example/?a=1&b=2", "https://gazette.example/?a=1&b=2"),
        ("https://gazette.example/سرحد", "https://gazette.example/سرحد"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("file:///etc/passwd", None),
        ("https://user@gazette.example/", None),
        ("", None),
    ],
)
def test_links(written: str, link: str | None) -> None:
    sitemap = read(urls(f"<url><loc>{written}</loc></url>"))
    assert [entry.url for entry in sitemap.entries] == ([link] if link else [])
    assert sitemap.dropped == (0 if link else 1)


def test_broken_sitemaps_are_read_as_far_as_they_go() -> None:
    cut = read(urls(row("/a-1") + row("/a-2"))[: -len("</loc></url></urlset>")])
    assert cut.entries[0].url == "https://gazette.example/a-1"
    assert "broken XML" in (cut.problem or "")
    assert len(read("\n\n" + urls(row("/a-1")) + "<!-- made in 0.1 s -->").entries) == 1
    assert read(urls("<url/><url><loc/></url><junk><loc>https://gazette.example/x</loc></junk>")).entries == ()


def test_no_entity_of_a_sitemap_is_expanded() -> None:
    body = f'<!DOCTYPE urlset [<!ENTITY a "https://evil.example/x">]>{urls("<url><loc>&a;</loc></url>").split("?>")[1]}'
    assert "evil" not in repr(read(body))


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("", "is empty where a sitemap should be"),
        ("<html><p>404", "is a web page and no sitemap"),
        ("<!DOCTYPE html>\n<p>404", "is a web page and no sitemap"),
        ("<rss version='2.0'><channel/></rss>", "is a feed and no sitemap; declare it under `feeds`"),
        ("<opml/>", "is no sitemap: neither <urlset>, <sitemapindex> nor one URL a line"),
        ("User-agent: *\nDisallow: /", "is no sitemap"),
        ("https://gazette.example/a and more", "is no sitemap"),
        ("{}", "is no sitemap"),
    ],
)
def test_what_is_no_sitemap_is_refused_in_one_sentence(body: str, says: str) -> None:
    with pytest.raises(FeedError) as caught:
        read(body)
    assert str(caught.value).startswith(f"{URL}: {says}")


def test_of_a_long_sitemap_the_newest_rows_are_kept() -> None:
    days = [
        (datetime(2025, 10, 1, tzinfo=UTC) - timedelta(days=number % 4000)).date().isoformat() for number in range(8000)
    ]
    sitemap = read(urls("".join(row(f"/a-{number}", day) for number, day in enumerate(days))))
    assert (len(sitemap.entries), sitemap.truncated) == (MAX_LISTED, True)
    kept = {entry.url for entry in sitemap.entries}
    assert {"https://gazette.example/a-0", "https://gazette.example/a-4000"} <= kept
    assert "https://gazette.example/a-3999" not in kept
    places = [int(entry.url.rpartition("-")[2]) for entry in sitemap.entries]
    assert places == sorted(places)


def test_endless_lists_end() -> None:
    assert len(read("https://gazette.example/a\n" * 60_000).entries) == MAX_LISTED
    assert len(read(index(child("/s.xml") * 60_000)).children) == MAX_LISTED


def test_recent_entries_are_the_newest_three_days() -> None:
    body = urls(
        row("/old", "2025-09-01") + row("/b", "2025-10-11") + row("/a", "2025-10-13T00:00:00Z") + row("/undated")
    )
    assert [entry.url[-2:] for entry in recent_entries(read(body))] == ["/a", "/b"]
    assert [entry.url[-2:] for entry in recent_entries(read(body), limit=1)] == ["/a"]
    undated = read(urls(row("/a") + row("/b") + row("/c")))
    assert [entry.url[-2:] for entry in recent_entries(undated, limit=2)] == ["/a", "/b"]
    assert recent_entries(read(urls(""))) == ()


def test_recent_children_are_the_newest_parts() -> None:
    dated = read(index(child("/1", "2025-10-01") + child("/2", "2025-10-13") + child("/3", "2025-10-12") + child("/4")))
    assert [part.url[-2:] for part in recent_children(dated)] == ["/2", "/3"]
    undated = read(index("".join(child(f"/posts-{page}.xml") for page in (1, 2, 10)) + child("/news.xml")))
    assert [part.url[len("https://gazette.example/") :] for part in recent_children(undated, limit=3)] == [
        "news.xml",
        "posts-10.xml",
        "posts-2.xml",
    ]
    monthly = read(index("".join(child(f"/s-2025-{month:02}.xml") for month in (8, 10, 9))))
    assert recent_children(monthly, limit=1)[0].url.endswith("s-2025-10.xml")
    assert recent_children(read(index(""))) == ()
