"""The outlets of the hostile web whose server, feed, sitemap or robots.txt misbehaves."""

from __future__ import annotations

import functools
import gzip
import itertools
import random
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from tests.hostile import PACKERS, Answer, Asked, End, Steps, for_ever, head, raw, reply
from tests.hostile_cases import Case, broken, working
from tests.hostile_documents import index, rss, sitemap
from tests.hostile_outlets import Press, tales

RSS = "application/rss+xml"
MIB = 1024 * 1024
_numbers = itertools.count(25_000, 10)
ROW = b"<item><title>Clash at the Karst Gate</title><link>http://127.0.1.1/%d</link></item>"


def bomb(packing: str, size: int = 64 * MIB) -> Answer:
    """A feed that unpacks to ``size`` bytes, of a server that says how it is packed."""
    sent = PACKERS[packing](b"<rss><channel>" + b" " * size)
    return raw(head(200, f"Content-Encoding: {packing}", f"Content-Length: {len(sent)}", type=RSS) + sent, End.KEEP)


def packed_thrice() -> Answer:
    """Packed again and again, as its header says."""
    sent = b"<rss><channel>" + b" " * (64 * MIB)
    for _ in range(3):
        sent = gzip.compress(sent)
    return raw(
        head(200, "Content-Encoding: gzip, gzip, gzip", f"Content-Length: {len(sent)}", type=RSS) + sent, End.KEEP
    )


def zstd_with_a_huge_window(asked: Asked) -> Steps:
    """A frame that makes the reader set aside 2 GiB before it has seen a byte."""
    frame = bytes([0x28, 0xB5, 0x2F, 0xFD, 0x00, 0xA8]) + b"\x01\x00\x00"
    return [head(200, "Content-Encoding: zstd", f"Content-Length: {len(frame)}", type=RSS) + frame, End.KEEP]


def entity_case(about: str, gets: str, name: str, declarations: str, use: str) -> Case:
    """A feed whose one story is named by an entity."""
    tale = tales(next(_numbers), 1)[0]
    press = Press(name, tales=[tale])
    press.answers["/feed"] = reply(
        f'<?xml version="1.0"?><!DOCTYPE rss [{declarations}]><rss version="2.0"><channel><title>News</title>'
        f"<item><title>Clash {use}</title><link>{tale.path}</link></item></channel></rss>",
        type=RSS,
    )
    return Case(about, gets, press)


LAUGHS = '<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 11))
DEEP_JSON = '{"version": "https://jsonfeed.org/version/1.1", "items": ' + "[" * 100_000


def bombs() -> list[Case]:
    """Lists that grow when they are unpacked or read."""
    return [
        *(
            Case(
                f"feed that unpacks ({packing}) to 64 MiB",
                "unpacking stops at the size limit, the rest is never made",
                broken(f"bomb-{packing}", bomb(packing)),
                problem="larger than the limit",
            )
            for packing in PACKERS
        ),
        Case(
            "feed packed three times over",
            "each layer is unpacked up to the size limit",
            broken("bomb-nested", packed_thrice()),
            problem="larger than the limit",
        ),
        Case(
            "zstd frame that asks for a window of 2 GiB",
            "refused by the decoder before anything is set aside",
            broken("bomb-window", zstd_with_a_huge_window),
            problem="cannot be unpacked",
        ),
        Case(
            "`sitemap.xml.gz` that unpacks to 64 MiB",
            "unpacking stops at 10 MB, and what came before is read",
            broken(
                "bomb-sitemap", reply(gzip.compress(b"<urlset>" + b" " * (64 * MIB)), type="application/gzip"), sitemap
            ),
            problem="is longer than 10 MB",
        ),
        entity_case(
            "feed with ten billion laughs (entities within entities)",
            "entities are never expanded; the rest of the feed is read",
            "laughs",
            LAUGHS,
            "&a10;",
        ),
        entity_case(
            "feed with an external entity that names a local file",
            "the file is never opened; the rest of the feed is read",
            "entity-file",
            '<!ENTITY x SYSTEM "file:///etc/hostname">',
            "&x;",
        ),
        entity_case(
            "feed with a parameter entity that fetches more declarations",
            "they are never fetched; the rest of the feed is read",
            "entity-parameter",
            '<!ENTITY % x SYSTEM "/more.dtd"> %x;',
            "",
        ),
        Case(
            "JSON Feed nested 100,000 deep",
            "the reader stops, nothing else is touched",
            broken("json-deep", reply(DEEP_JSON, type="application/feed+json")),
            problem="JSON",
        ),
    ]


def endless() -> list[Case]:
    """Servers that never come to an end, or never begin."""
    return [
        Case("a byte a second", "given up after the time one request may take", broken("drip", for_ever(head(type=RSS), b"x", 1)), problem="timed out"),
        Case("a header a second", "given up after the time one request may take", broken("drip-headers", for_ever(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n", 1)), problem="timed out"),
        Case("silence before the answer", "given up after the time one request may take", broken("stall", raw(60.0)), problem="timed out"),
        Case("silence in mid-answer", "given up after the time one request may take", broken("stall-body", raw(head(type=RSS) + b"<rss>", 60.0)), problem="timed out"),
        Case("an answer without end", "dropped at the size limit", broken("endless", for_ever(head(type="text/plain"), b"x" * 65536)), problem="larger than the limit"),
        Case("a feed without end", "dropped at the size limit", broken("endless-feed", for_ever(head(type=RSS) + b"<rss><channel>", b"".join(ROW % n for n in range(500)))), problem="larger than the limit"),
        Case("headers without end", "dropped at 128 KiB of headers", broken("endless-headers", for_ever(b"HTTP/1.1 200 OK\r\n", b"X-Filler: yes\r\n" * 1000)), problem="headers"),
        Case("one header of 1 MB", "dropped at 128 KiB of headers", broken("long-header", raw(head(200, "X-Filler: " + "x" * 1_000_000, type=RSS))), problem="headers"),
        Case("10,000 headers", "dropped at 128 KiB of headers", broken("many-headers", raw(head(200, *("X-Filler: yes",) * 10_000, type=RSS))), problem="headers"),
        Case("`100 Continue` without end", "dropped at 128 KiB of headers", broken("continue", for_ever(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 100)), problem="headers"),
    ]  # fmt: skip


def breakages() -> list[Case]:
    """Servers that do not keep to the protocol."""
    feed = rss("", [])
    return [
        Case("no HTTP at all", "tried once more, then left for the next run", broken("no-http", raw(b"SSH-2.0-OpenSSH_9.6\r\n")), problem="no HTTP"),
        Case("connection closed at once", "tried once more, then left for the next run", broken("closed", raw()), problem="connection"),
        Case("connection reset in mid-answer", "tried once more, then left for the next run", broken("reset", raw(head(200, "Content-Length: 9999", type=RSS) + b"<rss>", 0.2, End.RESET)), problem="connection"),
        Case("Content-Length that promises more", "tried once more, then left for the next run: half a list is no list", broken("longer", raw(head(200, "Content-Length: 9999", type=RSS) + feed.encode())), problem="connection"),
        Case("Content-Length that promises less", "what was promised is read; a feed that ends there is said to be broken", broken("shorter", raw(head(200, "Content-Length: 30", type=RSS) + feed.encode())), problem="broken|neither"),
        Case("chunks of no size", "tried once more, then left for the next run", broken("chunks", raw(head(200, "Transfer-Encoding: chunked", type=RSS) + b"zz\r\nfoo\r\n")), problem="connection|protocol"),
        Case("gzip that is none", "said to be damaged", broken("no-gzip", raw(head(200, "Content-Encoding: gzip", "Content-Length: 9", type=RSS) + b"no gzip !", End.KEEP)), problem="cannot be unpacked"),
        cut_gzip(),
        unknown_packing(),
    ]  # fmt: skip


def unknown_packing() -> Case:
    """A plain feed that is said to be packed in a way nobody knows."""
    press = Press("unknown-packing", tales=tales(next(_numbers), 1))
    press.answers["/feed"] = lambda asked: reply(rss(press.url, press.rows()), type=RSS, Content_Encoding="frob")(asked)
    return Case("Content-Encoding that does not exist", "read as it came, if it can be read so", press)


def cut_gzip() -> Case:
    """Half of a packed feed: a story, and of what comes behind it not all."""
    press = Press("cut-gzip", tales=tales(next(_numbers), 1))

    def answer(asked: Asked) -> Steps:
        rest = random.Random(1).randbytes(3000).hex()
        sent = gzip.compress((rss(press.url, press.rows()) + f"<!-- {rest} -->").encode())[:2000]
        return [head(200, "Content-Encoding: gzip", f"Content-Length: {len(sent)}", type=RSS) + sent, End.KEEP]

    press.answers["/feed"] = answer
    return Case("gzip that is cut short", "what can be unpacked is read", press)


def statuses() -> list[Case]:
    """Servers that refuse, or ask for patience."""
    date = format_datetime(datetime.now(UTC) + timedelta(hours=3), usegmt=True)
    found = [
        Case(f"status {status}", "asked again after a growing pause", broken(f"status-{status}", reply("no", status=status)), problem=f"status {status}")
        for status in (401, 403, 404, 410, 429, 500, 999)
    ]  # fmt: skip
    return [
        *found,
        Case("429 with Retry-After: 7200", "not asked again for two hours", broken("wait-429", reply("no", status=429, Retry_After="7200")), problem="status 429", waits=7200),
        Case("503 with Retry-After: 7200", "not asked again for two hours", broken("wait-503", reply("no", status=503, Retry_After="7200")), problem="status 503", waits=7200),
        Case("503 with Retry-After: a date in three hours", "not asked again before then", broken("wait-date", reply("no", status=503, Retry_After=date)), problem="status 503", waits=10_000),
        Case("304 though nothing was remembered", "said to be wrong, asked again after a growing pause", broken("never-sent", raw(head(304, type=""), End.KEEP)), problem="304"),
        Case("204, or an empty answer", "said to be empty", broken("empty", reply(b"", type=RSS)), problem="empty"),
    ]  # fmt: skip


def redirects() -> list[Case]:
    """Servers that send the crawler elsewhere."""

    def to(place: str) -> Answer:
        return reply(status=302, Location=place)

    chain = broken("chain", to("/hop/1"))
    chain.answers.update({f"/hop/{n}": to(f"/hop/{n + 1}") for n in range(1, 20)})
    chain.answers["/hop/20"] = reply(rss("", []), type=RSS)
    target = Press("moved-here", tales=tales(20_000, 2), list_path="/moved/feed")
    mover = Press("moved-away")
    mover.answers["/feed"] = lambda asked: to(f"{target.url}/moved/feed")(asked)
    return [
        Case("redirect to itself", "followed eight times", broken("loop", to("/feed")), problem="redirect"),
        Case("chain of 20 redirects", "followed eight times", chain, problem="redirect"),
        Case("redirect to `file:`", "not followed", broken("to-file", to("file:///etc/hostname")), problem="no web address"),
        Case("redirect to `javascript:`", "not followed", broken("to-script", to("javascript:alert(1)")), problem="no web address"),
        Case("redirect to nowhere (`Location: http://`)", "taken for the same address, so not followed for ever", broken("to-nowhere", to("http://")), problem="redirected too often"),
        Case("redirect to another outlet", "followed; robots.txt and pause of the other host are kept", mover, leads_to=[target]),
        Case("", "", target),
    ]  # fmt: skip


def strange_lists() -> list[Case]:
    """Lists that are not what they are said to be, or too much."""
    html = working("feed-as-html", tales(21_000, 2))
    html.kind = "text/html"
    many = Press("sitemap-60000", form=sitemap, tales=[])
    many.answers["/feed"] = lambda asked: reply(_sixty_thousand(asked.site), type="application/xml", packed="gzip")(
        asked
    )
    return [
        Case("feed served as text/html", "read for what it is", html),
        Case("web page in the place of the feed", "said to be one", broken("html", reply("<html><head><title>Hello</title></head><body>News</body></html>")), problem="is a web page and no feed"),
        Case("sitemap index that lists new indexes without end", "followed three levels deep, five parts each", chain_of_indexes(), problem=""),
        Case("sitemap of 60,000 pages, none of which is there", "of the first 50,000, which is what the protocol allows, the newest 500 count", many, pages={"/2025/10/12/number-45000": ("gone", "status 404")}),
        Case("feed with links of the wrong kind (`javascript:`, `file:`, no host, port 99999, 9,000 characters …), and one of 3,000 characters to a page that is not there", "only the last is followed", broken("links", reply(rss("", [(link, "Clash at the Karst Gate") for link in LINKS]), type=RSS)), pages={LONG_LINK: ("gone", "status 404")}),
        same_for_all(),
    ]  # fmt: skip


def same_for_all() -> Case:
    """A feed all of whose entries lead to one page."""
    tale = tales(next(_numbers), 1)[0]
    press = Press("same-link", tales=[tale])
    press.answers["/feed"] = reply(rss("", [(tale.path, f"Clash, part {n}") for n in range(50)]), type=RSS)
    return Case("one address in all fifty entries", "one page, fetched once", press)


LONG_LINK = "/2025/10/12/long-" + "x" * 3000
LINKS = (
    "javascript:alert(1)", "data:text/html,x", "file:///etc/hostname", "ftp://127.0.1.1/x", "mailto:a@b.example",
    "http://", "http://[::1", "http://127.0.1.1:99999/x", "http://user:word@127.0.1.1/x", "http://a..example/x",
    "http://gazette.example/" + "x" * 9000, LONG_LINK, "//", "http://exa mple/x", "tel:123", "http://127.0.1.1:0x50/x",
)  # fmt: skip


@functools.cache
def _sixty_thousand(site: str) -> str:
    rows = "".join(
        f"<url><loc>{site}/2025/10/12/number-{n}</loc><lastmod>2025-10-{1 + n // 5000:02d}</lastmod></url>"
        for n in range(60_000)
    )
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</urlset>'


def chain_of_indexes() -> Press:
    """Every index lists ten more that were never heard of."""
    press = Press("indexes", form=sitemap, list_path="/index/0.xml")
    count = iter(range(1, 10**9))

    def answer(asked: Asked) -> Steps:
        return reply(index(asked.site, [f"/index/{next(count)}.xml" for _ in range(10)]), type="application/xml")(asked)

    press.answers["/index/0.xml"] = answer
    press.others = lambda path: answer if path.startswith("/index/") else None
    return press
