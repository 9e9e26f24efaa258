"""The web page without a browser: what each page shows, who is answered, and that nobody can change anything."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import lxml.html
import pytest

from monitor.analysis.topic import Topic
from monitor.errors import SeedsError
from monitor.store import incidents
from monitor.store.cookbook import COLUMNS, RECIPES, TABLES
from monitor.store.database import open_store, transaction
from monitor.web.gate import COOKIE, is_loopback, pass_of
from monitor.web.policies import POLICY
from monitor.web.site import load_borders
from monitor.web.strict import without_inline
from tests.paths import ROOT
from tests.webworld import NOW, URDU, Client, incident, sides_of, story, world

TOKEN = "correct-horse-battery"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("web")
    stories = [story(n) for n in range(1, 4)] + [story(9, text=URDU, language="ur", title="سرحد پر لڑائی")]
    empty = world(folder, stories)
    sides = sides_of(empty)
    found = incident("itest", stories, sides)
    with closing(open_store(empty.db)) as conn, transaction(conn):
        incidents.put(conn, found, [], NOW)
    return empty, Client(empty), stories, sides


def page(client: Client, path: str) -> lxml.html.HtmlElement:
    answer = client.get(path)
    assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text[:300]}"
    return lxml.html.fromstring(answer.text)


def test_situation_shows_both_sides_face_to_face(made) -> None:
    _, client, _, _ = made
    tree = page(client, "/")
    row = next(r for r in tree.cssselect(".faceoff tbody tr") if "killed" in r.text_content())
    cells = [" ".join(cell.text_content().split()) for cell in row.cssselect("td")]
    assert cells[0].startswith("58 denied was 40"), cells
    assert cells[1].startswith("23"), cells
    assert "disputed" in row.cssselect("th")[0].text_content()
    assert row.cssselect("td details blockquote"), "the sentence is a click away"
    assert tree.cssselect(".unseen-note"), "what could not be seen is said"


def test_situation_tells_what_changed_since_the_last_visit(made) -> None:
    config, client, _, _ = made
    assert not page(client, "/").cssselect(".since")
    with closing(open_store(config.db)) as conn:
        conn.execute(
            "insert into incident_changes (incident, revision, kind, found_at)"
            " values ('itest', 2, 'denial', '2025-10-13T11:00:00Z')"
        )
    two_hours_ago = (NOW - timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M:%SZ")
    answer = client.get("/", headers={"cookie": f"monitor_visit=-~{two_hours_ago}"})
    tree = lxml.html.fromstring(answer.text)
    assert [item.text for item in tree.cssselect(".since .chip")] == ["denial"]
    assert tree.cssselect(".card.changed")
    assert f"{two_hours_ago}~2025-10-13T12:00:00Z" in answer.headers["set-cookie"]


@pytest.mark.parametrize("cookie", ["", "x", "-~-", "2025-13-45T99:00:00Z~2025-10-13T00:00:00Z", "9" * 3000, "%00~"])
def test_a_broken_visit_cookie_is_a_first_visit(made, cookie: str) -> None:
    answer = made[1].get("/", headers={"cookie": f"monitor_visit={cookie}"})
    assert answer.status_code == 200
    assert "since your visit" not in answer.text


@pytest.mark.parametrize("status", ["developing", "contested", "quiet", "nonsense"])
def test_situation_by_status(made, status: str) -> None:
    cards = page(made[1], f"/?status={status}").cssselect(".card")
    assert len(cards) == (1 if status in ("contested", "nonsense") else 0)


def test_status_is_that_of_now(made) -> None:
    config, _, _, _ = made
    client = Client(config, clock=lambda: NOW + timedelta(days=30))
    assert not page(client, "/?status=contested").cssselect(".card")
    assert len(page(client, "/?status=quiet").cssselect(".card.status-quiet")) == 1


def test_incident_page_has_ledger_history_and_stories_by_origin(made) -> None:
    tree = page(made[1], "/incident/itest")
    assert [li.cssselect("strong")[0].text for li in tree.cssselect(".history ol > li")][:2] == ["40", "58"]
    assert tree.cssselect(".denies")
    assert len(tree.cssselect(".origin .story")) == 4
    assert [h.text for h in tree.cssselect(".origin h4")] == ["English", "Urdu"]
    assert "58 اہلکار" in tree.cssselect(".origin [dir=rtl] mark")[0].text_content()
    assert tree.cssselect("#places tr[data-spots='34.1,71.1,3']"), "a province is drawn as one"


def test_story_page_marks_the_sentence_and_writes_from_right_to_left(made) -> None:
    _, client, stories, _ = made
    tree = page(client, f"/story/{stories[3].id}")
    body = tree.cssselect(".body")[0]
    assert (body.get("dir"), body.get("lang")) == ("rtl", "ur")
    marked = tree.cssselect("mark.sentence")[0].text_content()
    assert marked == stories[3].claims[0].quote
    text = "".join(re.sub(r"\[\d\]", "", p.text_content()) for p in body.cssselect("p"))
    assert text == URDU.replace("\n", "")
    assert page(client, f"/story/{stories[0].id}").cssselect(".body")[0].get("dir") == "ltr"


def test_map_and_timeline_have_the_incident_as_a_row(made) -> None:
    _, client, _, _ = made
    row = page(client, "/map").cssselect("#incidents tbody tr")[0]
    assert (row.get("data-spots"), row.get("data-day")) == ("34.1,71.1,3;", "2025-10-12")
    day = page(client, "/timeline").cssselect("#days tbody tr")[0]
    assert (day.get("data-incidents"), day.get("data-deaths"), day.get("data-added")) == ("1", "58,23,0", "1")
    assert not page(client, "/map?first=2024-01-01&last=2024-02-01").cssselect("#incidents tr[data-day]")


def test_an_incident_without_a_place_of_its_own_is_drawn_at_its_places() -> None:
    from monitor.web.incidents import spots

    places = [{"lat": 1.0, "lon": 2.0, "geo_precision": None}, {"lat": None, "lon": None, "geo_precision": 1}]
    assert spots({"lat": None, "lon": None, "places": places}) == [], "how exactly it is known is not said"
    places.append({"lat": 3.0, "lon": 4.0, "geo_precision": 3})
    assert spots({"lat": None, "lon": None, "places": places}) == [(3.0, 4.0, 3)]
    assert spots({"lat": 5.0, "lon": 6.0, "geo_precision": 1, "places": places}) == [(5.0, 6.0, 1)]


def test_borders_are_geojson_with_the_names_of_the_sides(made) -> None:
    _, client, _, _ = made
    answer = client.get("/-/border/borders.json")
    features = json.loads(answer.text)["features"]
    assert {f["properties"]["role"] for f in features} == {"country", "line"}
    assert all(f["properties"]["name"] for f in features if f["properties"]["role"] == "country")


def test_search_finds_any_spelling_and_counts_what_is_common(made) -> None:
    _, client, _, _ = made
    tree = page(client, "/search?q=سرحد")
    assert len(tree.cssselect(".hits .story")) == 1
    assert tree.cssselect(".hits mark")
    everything = page(client, "/search")
    counts = {a.text_content(): a.getnext().text for a in everything.cssselect(".facet li a")}
    assert (counts["English"], counts["Urdu"], counts["clash"]) == ("3", "1", "4")
    href = next(a.get("href") for a in everything.cssselect(".facet a") if a.text_content() == "Urdu")
    assert len(page(client, href).cssselect(".hits .story")) == 1


@pytest.mark.parametrize("path", ["/search?q=(", "/search?q=AND", "/search?since=yesterday", "/search?q=%22&page=-1"])
def test_a_wrong_query_is_explained(made, path: str) -> None:
    assert page(made[1], path).cssselect(".problem, .hits")


def test_sources_and_a_source(made) -> None:
    _, client, _, _ = made
    assert len(page(client, "/sources").cssselect("tbody tr")) > 50
    assert len(page(client, "/source/gazette").cssselect(".story")) == 4


@pytest.mark.parametrize("path", ["/incident/none", "/story/none", "/source/none", "/none", "/data/none"])
def test_what_is_not_there_is_said_and_not_logged(made, path: str, capfd: pytest.CaptureFixture[str]) -> None:
    answer = made[1].get(path)
    assert answer.status_code == 404
    assert "<h1>Not found</h1>" in answer.text
    assert "Traceback" not in "".join(capfd.readouterr())


@pytest.mark.parametrize("path", ["/", "/data", "/data/stories", "/nowhere", "/-/static-plugins/monitor.web/app.css"])
def test_every_answer_has_the_policy(made, path: str) -> None:
    headers = made[1].get(path).headers
    assert headers["content-security-policy"] == POLICY
    assert headers["x-content-type-options"] == "nosniff"
    assert "unsafe" not in POLICY
    assert "http" not in POLICY


PAGES = ["/", "/map", "/timeline", "/incident/itest", "/search", "/sources", "/source/gazette", "/data", "/nowhere"]
TABLE_PAGES = [
    "/data/stories",
    "/data/incidents?_facet=status",
    "/data/stories/1",
    "/data?sql=select+1",
    "/data/failures",
]


@pytest.mark.parametrize("path", PAGES + TABLE_PAGES)
def test_no_page_has_inline_code_or_leaves_the_host(made, path: str) -> None:
    tree = lxml.html.fromstring(made[1].get(path).text)
    assert not tree.xpath("//script[not(@src)] | //style | //*[@style] | //iframe | //object | //embed")
    assert not [
        a for element in tree.iter() if isinstance(element.tag, str) for a in element.attrib if a.startswith("on")
    ]
    loaded = tree.xpath("//script/@src | //link/@href | //img/@src | //form/@action")
    ours = re.compile(r"(http://127\.0\.0\.1:8001)?/(?!/)")
    assert [url for url in loaded if not ours.match(url)] == []


def test_inline_code_is_taken_out_of_templates_only() -> None:
    source = (
        '<style>a{}</style><h1 style="x: {{ y }}">{{ z }}</h1><script>f()</script><script src="a.js" defer></script>'
    )
    assert without_inline(source) == '<h1>{{ z }}</h1><script src="a.js" defer></script>'


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.name)
def test_every_kept_query_runs(made, recipe) -> None:
    config, client, _, _ = made
    with closing(sqlite3.connect(config.db)) as conn:
        conn.execute(recipe.sql, recipe.examples)
    asked = "&".join(f"{name}={value}" for name, value in recipe.examples.items())
    assert recipe.title in client.get(f"/data/{recipe.name}?{asked}").text


def test_tables_and_columns_that_are_described_exist(made) -> None:
    with closing(sqlite3.connect(made[0].db)) as conn:
        for table in TABLES:
            columns = {name for _, name, *_ in conn.execute(f"pragma table_info({table})")}
            assert columns, table
            assert set(COLUMNS.get(table, {})) <= columns, table


WRITES = [
    "delete from stories",
    "insert into runs (command, started_at) values ('x', 'y')",
    "update stories set title = ''",
    "drop table stories",
    "create table x (y)",
    "attach database '{away}' as x",
    "pragma journal_mode = delete",
    "pragma user_version = 7",
    "vacuum into '{away}'",
    "with x as (select 1) delete from stories",
    "with x as (select 1) insert into runs select 1",
    "select load_extension('x')",
    "select writefile('{away}', 'y')",
    "select 1; delete from stories",
    "explain delete from stories; delete from stories",
    "-- select\ndelete from stories",
    "select fts3_tokenizer('simple', x'00')",
    "replace into settings values ('a', 'b')",
]


@pytest.mark.parametrize("sql", WRITES)
def test_sql_that_writes_is_refused(made, sql: str, tmp_path: Path) -> None:
    config, client, _, _ = made
    before = config.db.read_bytes()
    away = tmp_path / "away"
    answer = client.get(_ask(sql.replace("{away}", str(away))))
    assert answer.status_code == 400, answer.text[:200]
    assert not away.exists()
    assert config.db.read_bytes() == before


def _ask(sql: str) -> str:
    from urllib.parse import urlencode

    return "/data.json?" + urlencode({"sql": sql})


def test_a_query_that_would_never_end_is_ended(made) -> None:
    sql = "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n"
    answer = made[1].get(_ask(sql))
    assert answer.status_code in (400, 503)
    assert "time limit" in answer.text or "interrupted" in answer.text


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_only_reading_is_answered(made, method: str) -> None:
    assert made[1].ask(method, "/data/stories").status_code == 405


HIDDEN = [
    "/-/plugins",
    "/-/databases",
    "/-/allow-debug",
    "/-/patterns",
    "/-/messages",
    "/-/auth-token",
    "/data.db",
    "/_internal",
]


@pytest.mark.parametrize("path", [*HIDDEN, "http://127.0.0.1:8001//evil.example/", "/\\evil.example", "/%2e%2e/x"])
def test_inner_workings_and_odd_addresses_are_not_shown(made, path: str) -> None:
    answer = made[1].get(path)
    assert answer.status_code in (302, 403, 404), answer.status_code
    assert re.match(r"/(?![/\\])", answer.headers.get("location", "/")), "nobody is sent elsewhere"


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8001", "127.0.0.1.evil.example", "10.0.0.1", "", "[::2]"]
)
def test_a_name_that_is_not_this_machine_is_refused_without_a_token(made, host: str) -> None:
    answer = made[1].get("/", headers={"host": host})
    assert answer.status_code == 421
    assert "Ghara" not in answer.text


@pytest.mark.parametrize("host", ["localhost", "localhost:9", "127.0.0.1", "127.9.9.9:1", "[::1]:8001"])
def test_names_of_this_machine_are_answered(made, host: str) -> None:
    assert made[1].get("/", headers={"host": host}).status_code == 200


def test_loopback() -> None:
    assert [is_loopback(name) for name in ("::1", "127.0.0.1", "localhost")] == [True] * 3
    assert [is_loopback(name) for name in ("0.0.0.0", "::", "192.168.0.1", "example.org", "")] == [False] * 5


def test_with_a_token_nothing_is_shown_without_it(made, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.web.gate._PENALTY", 0.01)
    client = Client(made[0], TOKEN)
    for headers in (
        {},
        {"authorization": "Bearer wrong"},
        {"cookie": f"{COOKIE}=wrong"},
        {"cookie": f"{COOKIE}={TOKEN}"},
    ):
        for path in ("/", "/data.json", "/search?q=x", "/-/border/borders.json"):
            answer = client.get(path, headers=headers)
            assert answer.status_code == 401
            assert "Ghara" not in answer.text
    assert client.get("/", headers={"authorization": f"Bearer {TOKEN}", "host": "desk.example"}).status_code == 200


def test_the_token_is_given_once_and_remembered(made, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.web.gate._PENALTY", 0.01)
    client = Client(made[0], TOKEN)
    wrong = client.ask("POST", "/-/enter", data={"token": "wrong"})
    assert (wrong.status_code, "set-cookie" in wrong.headers) == (401, False)
    answer = client.ask("POST", "/-/enter", data={"token": TOKEN})
    assert answer.status_code == 303
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite" in cookie
    assert TOKEN not in cookie
    assert client.get("/", headers={"cookie": f"{COOKIE}={pass_of(TOKEN)}"}).status_code == 200


def test_serve_demands_a_token_for_others(made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from monitor.cli import Globals
    from monitor.cli.serve import _secret, serve
    from monitor.errors import ConfigError

    monkeypatch.delenv("MONITOR_TOKEN", raising=False)
    with (
        serve.make_context("serve", ["--host", "0.0.0.0"], obj=Globals()) as context,
        pytest.raises(ConfigError) as told,
    ):
        serve.invoke(context)
    assert "token" in str(told.value)
    file = tmp_path / "token"
    file.write_text(TOKEN + "\n")
    file.chmod(0o644)
    with pytest.raises(ConfigError, match="chmod 600"):
        _secret(None, file)
    file.chmod(stat.S_IRUSR)
    assert _secret(None, file) == TOKEN
    with pytest.raises(ConfigError, match="at least 16"):
        _secret("short", None)
    assert os.environ["DATASETTE_LOAD_PLUGINS"] == ""


def test_the_database_is_opened_read_only(made) -> None:
    from monitor.web.server import build_datasette

    database = build_datasette(made[0]).get_database("data")
    assert database.is_mutable, "an immutable one would not see what a crawl writes"
    with closing(database.connect()) as conn, pytest.raises(sqlite3.OperationalError, match="readonly"):
        conn.execute("delete from stories")


def test_what_a_crawl_writes_is_seen_at_once(made) -> None:
    config, client, _, _ = made
    new = replace(story(77), title="A story that came later")
    from monitor.store.stories import add_story

    with closing(open_store(config.db)) as conn:
        add_story(conn, new)
        assert "A story that came later" in client.get(f"/story/{new.id}").text
        conn.execute("delete from stories where id = ?", (new.id,))


def test_no_topic_word_in_pages_scripts_and_styles() -> None:
    from tests.test_architecture import STEMS, place_names

    names = "|".join(map(re.escape, sorted(place_names())))
    pattern = re.compile(rf"\b(?:{'|'.join(STEMS)}|(?:{names})\b)", re.I)
    files = [path for kind in ("templates", "static") for path in (ROOT / "monitor" / "web" / kind).iterdir()]
    assert len(files) > 15
    assert [(path.name, hit[0]) for path in files if (hit := pattern.search(path.read_text(encoding="utf-8")))] == []


def test_another_topic_is_another_seeds_folder(tmp_path: Path) -> None:
    seeds = tmp_path / "seeds"
    shutil.copytree(ROOT / "tests" / "second_topic", seeds)
    (seeds / "sources").mkdir()
    (seeds / "sources" / "all.toml").write_text(
        '[[source]]\nid = "gazette"\nname = "The Gazette"\ncountry = "GB"\nlanguages = ["en"]\n'
        'homepage = "https://gazette.example/"\naffiliation = "independent"\nfeeds = ["https://gazette.example/rss"]\n'
    )
    config = replace(world(tmp_path, [story(1)]), seeds=seeds)
    with closing(open_store(config.db)) as conn, transaction(conn):
        incidents.put(conn, incident("iother", [story(1)], sides_of(config)), [], NOW)
    client, names = Client(config), [side.name for side in Topic.load(seeds).all_sides.values()][:2]
    heads = [th.text_content() for th in page(client, "/").cssselect(".faceoff thead th")]
    assert heads[1:3] == [f"{name} says" for name in names]
    assert json.loads(client.get("/-/border/borders.json").text)["features"] == [], "a map without outlines"
    assert page(client, "/map").cssselect("tr[data-spots]")


def test_borders_that_cannot_be_read_are_told_with_the_file(tmp_path: Path) -> None:
    for text, fault in (("{", "no JSON"), ("[]", "FeatureCollection")):
        (tmp_path / "borders.geojson").write_text(text)
        with pytest.raises(SeedsError, match=fault):
            load_borders(tmp_path / "borders.geojson", Topic.load(ROOT / "seeds"))


@pytest.mark.slow
def test_the_command_serves_until_interrupted(made, tmp_path: Path) -> None:
    words = [sys.executable, "-m", "monitor", "--db", str(made[0].db), "serve", "--port", "0"]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        words, cwd=tmp_path, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as run:
        assert run.stdout is not None
        address = run.stdout.readline().strip()
        try:
            assert re.fullmatch(r"http://127\.0\.0\.1:\d+/", address), address
            for _ in range(100):
                try:
                    answer = httpx.get(address, timeout=20)
                    break
                except httpx.ConnectError:
                    time.sleep(0.1)
            assert answer.status_code == 200
            assert "Situation" in answer.text
        finally:
            run.send_signal(signal.SIGINT)
        _, said = run.communicate(timeout=20)
    assert "Traceback" not in said
    assert run.returncode in (0, 130)


def test_ids_in_tables_lead_to_our_pages(made) -> None:
    _, client, stories, _ = made
    links = page(client, "/data/stories").xpath("//td//@href")
    assert f"/story/{stories[0].id}" in links
    assert "/incident/itest" in page(client, "/data/incidents/itest").xpath("//td//@href")
    asked = page(client, _ask("select id as story from stories").replace(".json", ""))
    assert f"/story/{stories[0].id}" in asked.xpath("//td//@href")
    hostile = page(client, _ask("select 'a/../b' as story").replace(".json", ""))
    assert not hostile.xpath("//td//@href")


def test_nothing_but_http_is_spoken(made) -> None:
    said: list[dict[str, object]] = []

    async def ask() -> None:
        async def send(message: dict[str, object]) -> None:
            said.append(message)

        await made[1].app({"type": "websocket", "path": "/", "headers": []}, None, send)

    asyncio.run(ask())
    assert [message["type"] for message in said] == ["websocket.close"]
