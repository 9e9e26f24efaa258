"""What outlets write is shown, never obeyed: attacks from titles, texts, names, addresses, queries and headers."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import lxml.html
import pytest

from monitor.items import Keyword, Place
from monitor.web.filters import archived, web_address
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
