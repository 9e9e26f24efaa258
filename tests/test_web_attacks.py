"""What outlets write is shown, never obeyed: attacks from titles, texts, names, addresses, queries and headers."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import lxml.html
import pytest

from monitor.config import load_config
from monitor.items import Keyword, Place
from monitor.warc import read_pages
from monitor.web.filters import archived, web_address
from monitor.web.policies import COPY_POLICY, POLICY
from tests.keeping import keep, with_page
from tests.paths import ROOT
from tests.webworld import Client, incident, sides_of, story, world

MARKUP = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    '" autofocus onfocus="alert(1)',
    "</title><script>alert(1)</script>",
    "</textarea><svg onload=alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "<style>*{display:none}</style>",
    "<base href='https://evil.example/'>",
    "<meta http-equiv=refresh content='0;url=https://evil.example/'>",
    "{{ 7 * 191 }}{% raw %}",
    "${7*191}",
    "<!-- ",
    "]]><x>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "\u202etxet desrever\u202c <b>",
    "\x00\x1b[31m<i>",
]
LINKS = ["javascript:alert(1)", " javascript:alert(1)", "data:text/html,<script>alert(1)</script>", "vbscript:x",
         "JaVaScRiPt:alert(1)", "java\nscript:alert(1)", "//evil.example/", "file:///etc/passwd", "https:evil",
         'https://a.example/"onclick="alert(1)', "https://[::1", "ftp://a.example/"]  # fmt: skip
# Elements and attributes that no page of ours has.
FOREIGN = "//script[not(@src)] | //style | //img | //iframe | //base | //meta[@http-equiv] | //b | //i | //svg[@onload]"


def wicked(number: int, attack: str, link: str = "https://gazette.example/"):
    """A story in which everything that a page can say is ``attack``."""
    found = story(number, text=f"{attack}\nThe army {attack} said 23 were killed. Nobody.")
    claim = replace(found.claims[0], speaker=attack, what=attack, claimant="other")
    found.url = found.canonical_url = f"{link}{number}"
    found.title, found.byline, found.source, found.origin = attack, attack, attack, attack
    found.key_points = [attack]
    found.claims = [claim]
    found.places = [Place(attack, attack, attack, 34.0, 71.0, 1, f"place{number}")]
    found.keywords = [Keyword(attack, attack, 1)]
    found.actors = [attack]
    found.variant = attack
    return found


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("attacked")
    stories = [wicked(number, attack) for number, attack in enumerate(MARKUP)]
    config = world(folder, stories)
    sides = sides_of(config)
    found = []
    for number, item in enumerate(stories):
        attack = MARKUP[number]
        found.append(
            incident(
                f"i{number}", [item], sides, title=attack, event_type=attack, languages=(attack,), actors=(attack,),
                places=(Place(attack, attack, attack, 34.0, 71.0, 3, f"place{number}"),),
                claimed={"speaker": attack, "quote": attack, "source": attack, "url": "javascript:alert(1)"},
            )
        )  # fmt: skip
    from contextlib import closing

    from monitor.incident import Change
    from monitor.store import incidents
    from monitor.store.database import open_store, transaction
    from tests.webworld import NOW

    with closing(open_store(config.db)) as conn, transaction(conn):
        for item in found:
            incidents.put(conn, item, [Change("claim", line=item.claims[0], text=item.title, other=item.title)], NOW)
    return Client(config), [item.id for item in stories]


def check(text: str) -> lxml.html.HtmlElement:
    """The page, after making sure that nothing in it is code of somebody else."""
    tree = lxml.html.fromstring(text)
    assert not tree.xpath(FOREIGN), [lxml.html.tostring(e)[:120] for e in tree.xpath(FOREIGN)]
    for element in tree.iter():
        if isinstance(element.tag, str):
            assert not [name for name in element.attrib if name.startswith("on") or name in ("style", "srcdoc")]
            assert "autofocus" not in element.attrib
    for url in tree.xpath("//@href | //@src | //@action"):
        assert url.startswith(
            ("/", "#", "https://gazette.example/", "https://web.archive.org/", "http://127.0.0.1:8001/")
        ), url
        assert not url.startswith("//")
    assert "1337" not in text, "nothing is calculated"
    return tree


PLAIN = ["/", "/map", "/timeline", "/search", "/data/stories", "/data/incidents", "/data/claims?_facet=speaker",
         "/data/places?_facet=name", "/data/clashes_by_source?first=2025-10-01", "/data/what_changed?since=2025",
         "/data/keywords"]  # fmt: skip


@pytest.mark.parametrize("path", PLAIN)
def test_lists_show_what_outlets_write_as_text(attacked, path: str) -> None:
    client, _ = attacked
    visit = {"cookie": "monitor_visit=-~2025-10-12T00:00:00Z"}
    text = client.get(path, headers=visit).text
    check(text)
    assert "&lt;script&gt;" in text or "/map" in path or "timeline" in path


@pytest.mark.parametrize("number", range(len(MARKUP)))
def test_stories_and_incidents_show_it_as_text(attacked, number: int) -> None:
    client, ids = attacked
    tree = check(client.get(f"/story/{ids[number]}").text)
    shown = "".join(MARKUP[number].split())
    if "\x00" not in shown:
        assert "".join(tree.cssselect("h1")[0].text_content().split()) == shown
    check(client.get(f"/incident/i{number}").text)
    check(client.get(f"/data/stories/{number + 1}").text)


FIELDS = ["/search?q=", "/search?place=", "/search?lang=", "/search?source=", "/search?since=", "/search?incident=", "/?status=",
          "/?page=", "/map?first=", "/timeline?last=", "/data?sql=", "/data/stories?title=", "/data/stories?_where=",
          "/data/stories?_sort=", "/data/stories?_facet=", "/data/how_a_story_spread?story=", "/story/", "/incident/",
          "/source/", "/data/", "/", "/data/stories/"]  # fmt: skip


@pytest.mark.parametrize("field", FIELDS)
def test_queries_and_addresses_are_text(attacked, field: str) -> None:
    client, _ = attacked
    for attack in MARKUP:
        answer = client.get(field + quote(attack, safe=""))
        if answer.status_code in (301, 302):
            assert answer.headers["location"].startswith("/")
            assert not answer.headers["location"].startswith("//")
            continue
        assert answer.status_code < 500 or answer.status_code == 503, (field, attack, answer.status_code)
        if answer.headers["content-type"].startswith("text/html"):
            check(answer.text)


@pytest.mark.parametrize(
    "name", ["cookie", "referer", "user-agent", "accept-language", "x-forwarded-host", "x-original-url"]
)
def test_headers_are_not_shown(attacked, name: str) -> None:
    client, _ = attacked
    for attack in MARKUP[:6]:
        assert "alert(1)<" not in check(client.get("/sources", headers={name: attack.strip()}).text).text_content()


@pytest.mark.parametrize("link", LINKS)
def test_only_web_addresses_become_links(link: str, tmp_path: Path) -> None:
    if '"' in link:
        assert '"' in web_address(link), "it is escaped where it is shown"
    else:
        assert web_address(link) == ""
        assert archived(link, None) == ""
    found = story(1)
    found.url = link
    client = Client(world(tmp_path, [found]))
    tree = lxml.html.fromstring(client.get(f"/story/{found.id}").text)
    for url in tree.xpath("//article//@href"):
        assert url.startswith(("/", "#", "https://a.example/", "https://web.archive.org/web/"))
    assert not tree.xpath("//a[@onclick]")


FORMULAS = ['=HYPERLINK("https://evil.example/","x")', "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "=cmd|' /C calc'!A0"]


def test_csv_of_tables_and_queries_holds_no_formula(tmp_path: Path) -> None:
    stories = []
    for number, formula in enumerate(FORMULAS):
        item = story(number)
        item.title = formula
        stories.append(item)
    client = Client(world(tmp_path, stories))
    for path in ("/data/stories.csv?_stream=on", "/data.csv?sql=select+title+from+stories", "/data/stories.csv"):
        answer = client.get(path)
        assert answer.headers["content-type"].startswith("text/plain"), "shown, or downloaded when asked to be"
        rows = list(csv.DictReader(io.StringIO(answer.text, newline="")))
        titles = {row["title"] for row in rows}
        assert len(titles) == len(FORMULAS), path
        assert all(title.startswith("'") for title in titles), (path, titles)


PAGES = [
    *MARKUP,
    "<p onclick=alert(1) style='position:fixed;top:0' class=banner id=c1>x",
    "<iframe src='https://evil.example/'></iframe><iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=https://evil.example/></object><embed src=https://evil.example/>",
    "<form action=https://evil.example/><input name=a autofocus onfocus=alert(1)><button>Give</button></form>",
    "<img src=https://evil.example/a.png srcset='https://evil.example/b.png 2x' alt='\"><script>alert(1)</script>'>",
    "<img src='data:image/svg+xml,<svg onload=alert(1)>'><img src='data:text/html;base64,PHNjcmlwdD4='>",
    "<a href=javascript:alert(1) ping=https://evil.example/ target=_top>link</a><a href=https://evil.example/>out</a>",
    "<link rel=stylesheet href=https://evil.example/x.css><link rel=dns-prefetch href=//evil.example>",
    "<style>@import 'https://evil.example/x.css'; body{background:url(https://evil.example/)}</style>",
    "<svg><script>alert(1)</script><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<div lang='\"><script>alert(1)</script>' dir='x\" onload=\"alert(1)'><td colspan='9\" onclick=\"alert(1)'>t",
    "<template><script>alert(1)</script></template><plaintext><script>alert(1)</script>",
    "<?php echo 1 ?><!--[if IE]><script>alert(1)</script><![endif]--><![CDATA[<script>alert(1)</script>]]>",
    "</div></body></html><script>alert(1)</script><body onload=alert(1)>",
    "<video src=https://evil.example/a autoplay poster=https://evil.example/p></video><audio src=//evil.example/>",
    "<frameset onload=alert(1)><frame src=https://evil.example/></frameset>",
    "<meta charset=utf-7>+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
    "<x:script xmlns:x='http://www.w3.org/1999/xhtml'>alert(1)</x:script>",
    "<b>" * 5000 + "deep",
    "",
]


def wicked_page(attack: str) -> bytes:
    """A page with ``attack`` in its head and its body."""
    return f"<html><head><title>A page</title>{attack}</head><body><p>Before.</p>{attack}<p>After.</body>".encode()


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("copied")
    world(folder, [])
    stories = [with_page(wicked_page(attack), number) for number, attack in enumerate(PAGES)]
    stories[0].title = "</title><script>alert(1)</script>"
    keep(folder / "m.db", *stories)
    config = load_config(environ={}, db=folder / "m.db", seeds=ROOT / "seeds")
    return Client(config), [item.id for item in stories], config


@pytest.mark.parametrize("number", range(len(PAGES)))
def test_copies_of_pages_can_do_nothing(copied, number: int) -> None:
    client, ids, _ = copied
    answer = client.get(f"/story/{ids[number]}/archived")
    assert answer.status_code == 200
    assert answer.headers.get_list("content-security-policy") == [COPY_POLICY]
    assert COPY_POLICY.startswith("sandbox; default-src 'none';") and "allow" not in COPY_POLICY
    assert answer.headers["x-content-type-options"] == "nosniff" and "set-cookie" not in answer.headers
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    tree = lxml.html.document_fromstring(answer.text)
    assert len(tree.xpath("//style")) == 1 and not tree.xpath(
        "//script | //form | //iframe | //object | //svg | //link"
    )
    assert not tree.xpath("//*[@class='copy']//*[@style or @id or @href or @srcset or @class != 'picture']")
    for element in tree.iter():
        assert not [name for name in element.attrib if name.startswith("on")]
    assert tree.xpath("//@href | //@src") == [f"/story/{ids[number]}"]
    assert "https://gazette.example/news/" in tree.cssselect(".banner .url")[0].text_content()
    assert "13 Oct 2025 12:00 UTC" in tree.cssselect(".banner")[0].text_content()
    assert tree.cssselect(".copy")[0].getparent().tag == "body", "what the page closes stays closed"


def test_a_copy_is_had_as_a_file_that_no_browser_opens(copied) -> None:
    client, ids, _ = copied
    answer = client.get(f"/story/{ids[1]}/archived.warc.gz")
    assert answer.headers["content-type"] == "application/gzip"
    assert answer.headers["content-disposition"] == f'attachment; filename="{ids[1]}.warc.gz"'
    assert answer.headers["content-security-policy"] == POLICY
    (found,) = read_pages(io.BytesIO(answer.content), 1 << 20, lambda position, fault: pytest.fail(fault))
    assert found.body == wicked_page(PAGES[1])


def test_what_is_not_kept_is_not_found_and_a_story_says_what_is(copied, attacked) -> None:
    client, ids, _ = copied
    assert "/archived" in client.get(f"/story/{ids[1]}").text
    none, others = attacked
    assert "/archived" not in none.get(f"/story/{others[3]}").text
    answer = none.get(f"/story/{others[3]}/archived")
    assert answer.status_code == 404 and "No copy of its page is kept" in answer.text
    assert answer.headers["content-security-policy"] == POLICY
    for words in ("?revision=9", "?revision=-1", "?revision=1%20or%201", "?revision=" + "9" * 50, "?revision=١"):
        answer = client.get(f"/story/{ids[1]}/archived{words}")
        assert answer.status_code in (200, 404), words
    assert client.get("/story/none/archived").status_code == 404


def test_a_page_keeps_its_words_its_order_and_its_direction(tmp_path: Path) -> None:
    page = (
        "<html lang=ur dir=rtl><head><title>T</title></head><body><header><h1>سرخی</h1></header>"
        "<article><p>پہلا <b>پیرا</b> &amp; &lt;b&gt;</p><ul><li>ایک<li>دو</ul>"
        "<img src='data:image/png;base64,iVBORw0KGgo=' alt=تصویر><img src=/x.png alt='دوسری'></article>"
        "<table><tr><th colspan=2>A</table></body></html>"
    )
    world(tmp_path, [])
    kept = with_page(page.encode("utf-16"))
    keep(tmp_path / "m.db", kept)
    client = Client(load_config(environ={}, db=tmp_path / "m.db", seeds=ROOT / "seeds"))
    copy = lxml.html.document_fromstring(client.get(f"/story/{kept.id}/archived").text).cssselect(".copy")[0]
    assert (copy.get("lang"), copy.get("dir")) == ("ur", "rtl")
    inner = "".join(lxml.html.tostring(part, encoding="unicode") for part in copy)
    assert inner.replace("\n", "") == (
        "<header><h1>سرخی</h1></header><article><p>پہلا <b>پیرا</b> &amp; &lt;b&gt;</p><ul><li>ایک</li><li>دو</li></ul>"
        '<img src="data:image/png;base64,iVBORw0KGgo=" alt="تصویر"><span class="picture">[دوسری]</span></article>'
        '<table><tr><th colspan="2">A</th></tr></table>'
    )
