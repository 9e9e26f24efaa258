"""The outlets of the hostile web whose pages or robots.txt misbehave; each has good stories beside the bad ones."""

from __future__ import annotations

import itertools
from dataclasses import replace

from tests.hostile import PACKERS, Answer, Asked, End, Steps, for_ever, head, in_turn, raw, reply
from tests.hostile_cases import Case
from tests.hostile_documents import Tale, page, section
from tests.hostile_outlets import Press, tales

MIB = 1024 * 1024
_numbers = itertools.count(30_000, 10)


def bad(n: int) -> str:
    """The address of the n-th bad page of an outlet."""
    return f"/2025/10/12/fire-at-the-karst-gate-{n}"


def among_good(name: str, *answers: Answer, good: int = 2) -> Press:
    """An outlet with good stories, and a page for each of ``answers``."""
    more = {bad(number): answer for number, answer in enumerate(answers, 1)}
    return Press(name, tales=tales(next(_numbers), good), more=more)


def case(about: str, gets: str, name: str, answer: Answer, state: str, reason: str = "") -> Case:
    """An outlet with one bad page, which is to end in ``state`` for ``reason``."""
    return Case(about, gets, among_good(name, answer), pages={bad(1): (state, reason)})


def story(around: str = "", head: str = "", after: str = "") -> str:
    """A page with a good story in bad company."""
    return page(Tale(next(_numbers)), head=head, around=around) + after


def transport() -> list[Case]:
    """Pages that do not come, or come as what they are not."""
    pdf = b"%PDF-1.7\n" + b"(Veldria and Ostmark exchanged fire across the Grenz Line) Tj\n" * 50
    packed = PACKERS["gzip"](b"Veldria Ostmark Grenz Line " * 4_000_000)
    big = story(after="<!--" + "x" * (9 * MIB) + "-->")
    return [
        case("HTML page served as application/octet-stream", "read: its bytes say what it is", "octets", reply(story(), type="application/octet-stream"), "stored"),
        case("HTML page served without a Content-Type", "read: its bytes say what it is", "no-type", reply(story(), type=""), "stored"),
        case("PDF served as text/html", "known by its first bytes, not read", "pdf", reply(pdf), "failed", "is no web page"),
        case("picture served as text/html", "known by its first bytes, not read", "picture", reply(b"\x89PNG\r\n\x1a\n" + b"Veldria Ostmark Grenz Line" * 99), "failed", "is no web page"),
        case("page of 9 MB", "dropped at the size limit", "big", reply(big), "failed", "larger than the limit"),
        case("page that unpacks to 100 MB", "unpacking stops at the size limit", "page-bomb", raw(head(200, "Content-Encoding: gzip", f"Content-Length: {len(packed)}") + packed, End.KEEP), "failed", "larger than the limit"),
        case("page that resets the connection", "tried once more, then in a later run", "page-reset", raw(head(200, "Content-Length: 9999") + b"<html>", 0.2, End.RESET), "failed", "connection"),
        case("page without end", "dropped at the size limit", "page-endless", for_ever(head(), b"<p>Veldria</p>" * 1000), "failed", "larger than the limit"),
        case("page that comes a byte a second", "given up, tried in a later run", "page-drip", for_ever(head(), b"x", 1), "failed", "timed out"),
        case("page that redirects to itself", "not followed for ever", "page-loop", lambda asked: reply(status=301, Location=asked.path)(asked), "failed", "redirect"),
        case("status 404", "settled, not asked for again", "page-404", reply("no", status=404), "gone", "status 404"),
        case("status 500", "tried in later runs, four times at most", "page-500", reply("no", status=500), "failed", "status 500"),
        case("429 with Retry-After: 2", "the host is left alone for two seconds, then asked again", "page-429", in_turn(reply("slow", status=429, Retry_After="2"), reply(story())), "stored"),
        *silent_hosts(),
    ]  # fmt: skip


def silent_hosts() -> list[Case]:
    """Hosts that must not hold up a run."""
    stalled = among_good("stalled", *(raw(60.0) for _ in range(12)), good=0)
    busy = among_good("busy", *(reply("slow down", status=429, Retry_After="3600") for _ in range(12)), good=0)
    return [
        Case("host that answers no page", "left alone after three requests without an answer", stalled, pages={bad(n): ("failed|listed", "timed out|does not answer") for n in range(1, 13)}),
        Case("429 with Retry-After: 3600 on every page", "the host is left alone at once", busy, pages={bad(n): ("failed|listed", "status 429|asked for a pause") for n in range(1, 13)}),
    ]  # fmt: skip


_READ = "درگير شدند و گذرگاه بسته شد"
PERSIAN = "نيروهاي دو کشور شنبه شب در نزديکي گذرگاه مرزي با يکديگر درگير شدند و گذرگاه بسته شد. " * 8


def charsets() -> list[Case]:
    """Pages in another charset than they say."""

    def mixed(charset: str) -> bytes:
        return story().replace("</article>", f"<p>{PERSIAN}</p></article>").encode(charset, "xmlcharrefreplace")

    utf8, windows = "text/html; charset=utf-8", "text/html; charset=windows-1256"
    rows = [
        ("windows-1256 declared as utf-8", mixed("cp1256"), utf8),
        ("windows-1256 declared as iso-8859-1", mixed("cp1256"), "text/html; charset=iso-8859-1"),
        ("utf-8 declared as windows-1256", mixed("utf-8"), windows),
        ("UTF-16 with a byte order mark", mixed("utf-16"), utf8),
        ("UTF-16 without one", mixed("utf-16-le"), utf8),
        ("no charset", mixed("cp1256"), "text/html"),
        ("a charset that does not exist", mixed("cp1256"), "text/html; charset=x-frobnicate-9"),
        ("a charset that is an escape code", mixed("utf-8"), "text/html; charset=unicode_escape"),
    ]
    return [
        replace(case(f"page in {about}", "read as what it is", f"charset-{n}", reply(body, type=kind), "stored"), text=_READ)
        for n, (about, body, kind) in enumerate(rows, 1)
    ]  # fmt: skip


def addresses() -> list[Case]:
    """Pages that give another address as their own. Each is to be kept under the one it was fetched from."""

    def lie(about: str, gets: str, name: str, *heads: str) -> Case:
        press = among_good(name, *(reply(story(head=head)) for head in heads))
        return Case(about, gets, press, pages={bad(n): ("stored", "") for n in range(1, len(heads) + 1)})

    def canonical(place: str) -> str:
        return f'<link rel="canonical" href="{place}">'

    kept = "kept under the address it was fetched from"
    return [
        lie("canonical link to another outlet's story", kept, "canonical-other", canonical("https://gazette.example/2025/10/12/theirs")),
        lie("canonical link to its own front page, on every page", "each page is kept under its own address", "canonical-front", *[canonical("/")] * 3),
        lie("two canonical links that differ", kept, "canonical-two", canonical("/2025/10/12/one") + canonical("/2025/10/12/two")),
        lie("canonical link that is no web address", kept, "canonical-script", canonical("javascript:alert(1)") + '<meta property="og:url" content="file:///etc/hostname">'),
        lie("`<base>` of another outlet before a relative canonical link", kept, "canonical-base", '<base href="https://gazette.example/">' + canonical("2025/10/12/theirs")),
    ]  # fmt: skip


def markup() -> list[Case]:
    """Pages that are hard on a parser. All mention the topic, so that none is dropped before it is parsed."""
    deep, many = 100_000, range(100_000)
    attributes = " ".join(f"a{n}=1" for n in many)
    links = "".join(f"<a href=/{n}>Link {n}</a> " for n in range(30_000))
    topic = "Veldria and Ostmark exchanged fire across the Grenz Line"
    refresh = "<meta http-equiv=refresh content='0; url=?again'>"
    return [
        case("elements nested 100,000 deep", "the parser stops at its depth; what is deeper is not seen", "deep", reply("<div>" * deep + topic), "failed", "no article text"),
        case("attribute of 1 MB", "read", "attribute", reply(story(around=f"<div title='{'x' * MIB}'></div>")), "stored"),
        case("NUL bytes and references to control characters", "left out", "nul", reply(story().replace("fire", "fi\0re&#1;&#xB;")), "stored"),
        case("30,000 links", "read", "links-30000", reply(story(after=links)), "stored"),
        case("headline of 2 MB", "cut at 500 characters", "headline", reply(story().replace("</title>", "x" * 2 * MIB + "</title>")), "stored"),
        case("text of 4 MB", "cut at 200,000 characters", "long", reply(page(Tale(next(_numbers), 6000))), "stored"),
        case("page that is read for ever (an element with 100,000 attributes)", "its worker is killed after the time a page may take; no other page is touched; tried in a later run", "for-ever", reply(story(around=f"<div {attributes}></div>")), "failed", "took longer than"),
        case("page that sends the reader to itself (meta refresh)", "not followed: what stands on the page counts", "refresh", reply(f"<html><head>{refresh}<title>{topic}</title></head></html>"), "failed", "no article text"),
        case("empty page", "tried in later runs, four times at most", "page-empty", reply(""), "failed", "is empty"),
        *listing_pages(attributes),
        *repetitions(),
    ]  # fmt: skip


def listing_pages(attributes: str) -> list[Case]:
    """Listing pages, which are HTML too."""
    hard = Press("section-for-ever", form=section)
    hard.answers["/feed"] = reply(f"<html><body><div {attributes}></div></body></html>")
    many = Press("section-links", form=section)
    links = "".join(
        f"<p><a href=/2025/10/12/fire-at-the-gate-number-{n}>Fire at the gate, report {n}</a></p>"
        for n in range(10_000)
    )
    many.answers["/feed"] = reply(f"<html><body>{links}</body></html>")
    followed = {f"/2025/10/12/fire-at-the-gate-number-{n}": ("gone", "status 404") for n in range(300)}
    return [
        Case("listing page that is read for ever", "its worker is killed after the time a page may take", hard, problem="took longer than"),
        Case("listing page of 10,000 links to pages that are not there", "the first 300 count", many, pages=followed),
    ]  # fmt: skip


def repetitions() -> list[Case]:
    """Outlets that say the same under many addresses."""
    same, front = page(Tale(90_001)), page(Tale(90_002))
    copies = among_good("copies", *(reply(same) for _ in range(8)))
    everywhere = Press("front-page", tales=[], more={bad(n): reply(front) for n in range(1, 9)})
    everywhere.answers["/"] = reply(front)
    once = {bad(1): ("stored|duplicate", "")} | {bad(n): ("stored|duplicate", "is story|") for n in range(2, 9)}
    return [
        Case("one text under eight addresses", "stored once, the others are duplicates of it", copies, pages=once),
        Case("front page under every address", "stored once, the others are duplicates of it", everywhere, pages=once),
    ]


def robots() -> list[Case]:
    """Hosts whose robots.txt misbehaves."""

    def rules(about: str, gets: str, name: str, answer: Answer, problem: str = "", good: int = 2) -> Case:
        press = Press(f"robots-{name}", tales=tales(next(_numbers), good))
        press.answers["/robots.txt"] = answer
        return Case(about, gets, press, problem=problem)

    plain = "text/plain"
    crowd = "".join(f"User-agent: a{n}\n" for n in range(20_000)) + "".join(f"Disallow: /{n}\n" for n in range(20_000))
    stars = "User-agent: *\nDisallow: /" + "*a" * 5000 + "$\n"

    def loop(asked: Asked) -> Steps:
        return reply(status=302, Location="/robots.txt")(asked)

    return [
        rules("robots.txt: status 500", "nothing is fetched until it can be had", "500", reply("no", status=500), "robots.txt could not be had"),
        rules("robots.txt: status 429", "nothing is fetched until it can be had", "429", reply("no", status=429), "robots.txt could not be had"),
        rules("robots.txt that never comes", "nothing is fetched until it can be had", "stall", raw(60.0), "robots.txt could not be had"),
        rules("robots.txt that redirects to itself", "nothing is fetched until it can be had", "loop", loop, "robots.txt could not be had"),
        rules("robots.txt that breaks off", "nothing is fetched until it can be had", "reset", raw(head(200, "Content-Length: 99", type=plain) + b"User", End.RESET), "robots.txt could not be had"),
        rules("robots.txt: disallow all", "nothing is fetched", "no", reply("User-agent: *\nDisallow: /\n", type=plain), "forbidden by robots.txt"),
        rules("robots.txt: status 404", "all may be fetched", "404", reply("no", status=404)),
        rules("robots.txt: status 403", "all may be fetched (RFC 9309, 2.3.1.3)", "403", reply("no", status=403)),
        rules("robots.txt: Crawl-delay: 1", "a second between two requests", "delay", reply("User-agent: *\nCrawl-delay: 1\n", type=plain)),
        rules("robots.txt of 2 MB", "the first 512 KiB count (RFC 9309, 2.5)", "2mb", reply("User-agent: *\nDisallow: /secret\n" + "# filler\n" * 230_000, type=plain)),
        rules("robots.txt of random bytes", "all may be fetched", "binary", reply(bytes(range(256)) * 400, type="application/octet-stream")),
        rules("robots.txt that is a web page", "all may be fetched", "html", reply("<html><body>Welcome</body></html>")),
        rules("robots.txt with 20,000 agents times 20,000 rules", "only what concerns us is read", "crowd", reply(crowd, type=plain)),
        rules("robots.txt with a pattern of 5,000 wildcards", "matched in one pass", "stars", reply(stars, type=plain)),
    ]  # fmt: skip
