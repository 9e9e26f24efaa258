"""Finding the ways in to an outlet: what is named, what lies at the usual places, and what is only made to look so."""

from __future__ import annotations

import asyncio
import json
import tomllib
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from monitor.discovery import FEED_PLACES, Discovery, discover, read_front
from monitor.drafting import draft
from monitor.sources import Source, load_sources
from monitor.waysin import Answer
from tests.days import these_days
from tests.outlets import PASHTO, URDU, feed, links, news_sitemap, page, sitemap, sitemap_index
from tests.site import Reply, Site
from tests.test_crawl import run, seeds_for
from tests.test_sections import wordpress

HOME = "https://paper.example/"
NOW = datetime.now(UTC)


def found_at(replies: dict[str, Reply | str], url: str = HOME) -> tuple[Discovery, list[str]]:
    """Discovery on a site that is a table of replies, and the paths it asked for."""
    asked: list[str] = []

    async def fetch(url: str) -> Answer:
        path = "/" + url.split("/", 3)[3] if url.count("/") > 2 else "/"
        asked.append(path)
        reply = replies.get(path, Reply("not here", status=404))
        reply = Reply(reply) if isinstance(reply, str) else reply
        body = reply.body.encode() if isinstance(reply.body, str) else reply.body
        problem = f"status {reply.status}" if reply.status >= 400 else None
        return Answer(url, reply.headers.get("Final", url), reply.status, body, reply.type, problem=problem)

    return asyncio.run(discover(fetch, url, NOW)), asked


def taken(found: Discovery) -> list[tuple[str, str]]:
    return [(finding.way, finding.url.removeprefix(HOME)) for finding in found.taken]


def test_linked_feed_is_taken_and_feed_places_are_left_alone() -> None:
    found, asked = found_at({"/": page("/en/feed"), "/en/feed": feed(*links(HOME))})
    assert taken(found) == [("feeds", "en/feed")]
    assert not set(FEED_PLACES) & set(asked), "what is found is not looked for elsewhere"
    assert "/sitemap.xml" not in asked and "/news-sitemap.xml" in asked, "beside a feed only a news sitemap is worth it"


def test_what_is_named_is_verified() -> None:
    """A page that is no feed, an empty one, a dead one, a stale one and one of comments are all left."""
    replies = {
        "/": page("/web", "/empty", "/dead", "/stale", "/comments/feed", "/good"),
        "/web": page(),
        "/empty": feed(),
        "/stale": feed(*links(HOME), days=60),
        "/comments/feed": feed(*links(HOME, name="remark")),
        "/good": feed(*links(HOME)),
    }
    found, _ = found_at(replies)
    assert taken(found) == [("feeds", "good")]
    said = {tried.url.removeprefix(HOME): tried for tried in found.tried}
    assert said["web"].problem == "is a web page and no feed; give the address of the feed itself"
    assert said["dead"].problem == "status 404"
    assert said["stale"].finding is not None and said["comments/feed"].finding is not None


@pytest.mark.parametrize("place", FEED_PLACES)
def test_usual_places_of_feeds(place: str) -> None:
    found, asked = found_at({"/": page(), place: feed(*links(HOME))})
    assert taken(found) == [("feeds", place.lstrip("/"))]
    assert FEED_PLACES.index(place) == len([path for path in asked if path in FEED_PLACES]) - 1, (
        "no further than needed"
    )


def test_feed_named_only_in_the_text_of_the_page() -> None:
    body = "<footer><a href='/services/rss-feeds'>RSS</a> <a href='/rss/top.xml'>Top stories</a></footer>"
    found, asked = found_at({"/": page(body=body), "/services/rss-feeds": page(), "/rss/top.xml": feed(*links(HOME))})
    assert taken(found) == [("feeds", "rss/top.xml")] and "/feed/" not in asked


def test_feeds_that_list_the_same_are_taken_once() -> None:
    replies = {
        "/": page("/all", "/copy", "/sport"),
        "/all": feed(*links(HOME)),
        "/copy": feed(*links(HOME)),
        "/sport": feed(*links(HOME, name="sport")),
    }
    assert taken(found_at(replies)[0]) == [("feeds", "all"), ("feeds", "sport")]


def test_sitemaps_of_robots_txt_are_read_the_news_one_first() -> None:
    robots = f"User-agent: *\nDisallow:\nSITEMAP: {HOME}all.xml\n Sitemap:{HOME}google-news.xml # news\nSitemap: no address\n"
    replies = {
        "/": page(),
        "/robots.txt": Reply(robots, type="text/plain"),
        "/all.xml": sitemap_index(f"{HOME}part.xml"),
        "/part.xml": sitemap(*links(HOME)),
        "/google-news.xml": news_sitemap(*links(HOME)),
    }
    found, asked = found_at(replies)
    assert taken(found) == [("sitemaps", "google-news.xml")]
    assert asked.index("/google-news.xml") < asked.index("/all.xml")


def test_index_is_taken_for_what_its_newest_part_holds() -> None:
    replies = {"/": page(), "/sitemap.xml": sitemap_index(f"{HOME}part.xml"), "/part.xml": sitemap(*links(HOME, 7))}
    (finding,) = found_at(replies)[0].taken
    assert (finding.url, finding.kind, finding.entries) == (f"{HOME}sitemap.xml", "index", 7)
    dead = {"/": page(), "/sitemap.xml": sitemap_index(f"{HOME}part.xml")}
    found, _ = found_at(dead)
    assert not found.taken
    said = next(tried.problem for tried in found.tried if tried.url.endswith("/sitemap.xml"))
    assert said == "its newest part https://paper.example/part.xml: status 404"


def test_index_that_points_at_itself_ends() -> None:
    found, asked = found_at({"/": page(), "/sitemap.xml": sitemap_index(f"{HOME}sitemap.xml")})
    assert asked.count("/sitemap.xml") <= 4 and len(found.tried) < 30


def test_front_page_is_the_way_in_where_nothing_else_is() -> None:
    stories = [
        (f"/2025/10/{n:02}/gate-closed-after-night-of-fire", f"Gate closed after night of fire, day {n}")
        for n in range(1, 11)
    ]
    found, _ = found_at({"/": wordpress(*stories)})
    assert taken(found) == [("sections", "")] and found.taken[0].entries == 10
    few, _ = found_at({"/": wordpress(*stories[:3])})
    assert not few.taken and few.tried[-1].problem == "lists 3 stories only"


def test_address_of_a_feed_is_taken_as_it_is_given() -> None:
    text = feed(*links(HOME)).body.replace("<title>Feed", f"<link>{HOME}</link><title>Feed")  # type: ignore[union-attr, arg-type]
    found, _ = found_at({"/": page(name="The Paper"), "/odd/place": Reply(text, type="text/xml")}, f"{HOME}odd/place")
    assert taken(found) == [("feeds", "odd/place")] and found.homepage == HOME and found.front.name == "The Paper"


def test_front_page_that_is_refused_does_not_hide_the_feed() -> None:
    found, _ = found_at({"/": Reply("no", status=403), "/rss": feed(*links(HOME))})
    assert taken(found) == [("feeds", "rss")] and found.problem == "status 403"


def test_host_that_does_not_answer_is_asked_once() -> None:
    asked = []

    async def fetch(url: str) -> Answer:
        asked.append(url)
        return Answer(url, url, problem="host name not found")

    found = asyncio.run(discover(fetch, HOME, NOW))
    assert asked == [HOME] and found.problem == "host name not found" and not found.taken


def test_old_feed_is_better_than_none_and_said_to_be_old() -> None:
    source = drafted(replies={"/": page("/feed", name="The Paper"), "/feed": feed(*links(HOME), days=400)})
    assert source.feeds == (f"{HOME}feed",)
    assert any("had nothing newer than" in note for note in source.notes)


def test_front_page_names_itself_and_its_channels() -> None:
    body = "<a href='https://t.me/s/paper_news'>a</a><a href='https://t.me/paper_news'>b</a><a href='https://t.me/share/url?url=x'>c</a>"
    front = read_front(
        Answer(HOME, HOME, 200, page("/feed", name="The Paper", body=body, title="Home | The Paper").encode())
    )
    assert (front.name, front.title, front.channels) == ("The Paper", "Home | The Paper", ("paper_news",))
    assert front.feeds == (f"{HOME}feed",)
    assert read_front(Answer(HOME, HOME, 200, b"")).feeds == ()


# Drafts


def drafted(url: str = HOME, replies: dict[str, Reply | str] | None = None, **given: object) -> Source:
    found, _ = found_at(replies or {"/": page("/feed", name="The Paper"), "/feed": feed(*links(url))}, url)
    return draft(found, date(2026, 11, 22), **given)  # type: ignore[arg-type]


def test_draft_says_what_nobody_knows() -> None:
    source = drafted()
    assert (source.id, source.name, source.country, source.languages) == ("paper", "The Paper", "ZZ", ("en",))
    assert source.added == date(2026, 11, 22) and source.checked is None
    assert source.notes == ("Not known when it was added, and to be set: affiliation, country.",)


def test_draft_takes_what_is_given() -> None:
    source = drafted(id="p", name="P", country="PK", languages=["ur"], affiliation="state")
    assert (source.id, source.name, source.country, source.languages) == ("p", "P", "PK", ("ur",))
    assert source.affiliation == "state" and source.notes == ()


@pytest.mark.parametrize(
    ("url", "id", "country"),
    [
        ("https://www.paper.com.pk/", "paper", "PK"),
        ("https://urdu.paper.tv/", "paper-urdu", "ZZ"),
        ("https://news.paper.co.uk/", "paper-news", "GB"),
        ("https://paper.af/", "paper", "AF"),
        ("http://192.0.2.7:8080/", "192-0-2-7-8080", "ZZ"),
    ],
)
def test_id_and_country_come_from_the_host(url: str, id: str, country: str) -> None:
    source = drafted(url)
    assert (source.id, source.country) == (id, country)


def test_languages_are_those_of_the_entries_not_of_the_page() -> None:
    replies = {
        "/": page("/feed", language="en"),
        "/feed": Reply(
            feed(*links(HOME), title=PASHTO).body.replace(
                "</channel>",
                feed(*links(HOME, name="u"), title=URDU).body.split("</title>", 1)[1].replace("</rss>", ""),
            ),
            type="text/xml",
        ),  # type: ignore[union-attr]
    }
    assert set(drafted(replies=replies).languages) == {"ps", "ur"}


# The commands


def test_discover_prints_a_block_that_loads(tmp_path: Path) -> None:
    with Site() as site:
        site.replies = {
            "/robots.txt": f"Sitemap: {site.url}/news.xml",
            "/": page("/feed", name='The "Paper"'),
            "/feed": feed(*links(site.url)),
            "/news.xml": news_sitemap(*links(site.url)),
        }
        seeds = seeds_for(tmp_path, site)
        result = run(tmp_path, seeds, "sources", "discover", f"{site.url}/", "--allow-private-hosts", "--country", "PK")
        assert result.returncode == 0, result.stderr
        (tmp_path / "new").mkdir()
        (tmp_path / "new" / "a.toml").write_text(result.stdout)
        (source,) = load_sources(tmp_path / "new")
        assert source.name == 'The "Paper"' and source.country == "PK"
        assert source.feeds == (f"{site.url}/feed",) and source.sitemaps == (f"{site.url}/news.xml",)
        assert f"#   taken  {site.url}/feed (linked from the page): feed (rss), 5 entries, newest" in result.stdout
        as_json = json.loads(
            run(tmp_path, seeds, "sources", "discover", site.url, "--allow-private-hosts", "--format", "json").stdout
        )
        assert [tried["url"] for tried in as_json["tried"] if tried["taken"]] == [
            f"{site.url}/feed",
            f"{site.url}/news.xml",
        ]
        assert not (tmp_path / "m.db").exists(), "nothing is written to the database"


def test_discover_obeys_robots_txt_and_says_so(tmp_path: Path) -> None:
    with Site() as site:
        site.replies = {
            "/robots.txt": "User-agent: *\nDisallow: /feed",
            "/": page("/feed"),
            "/feed": feed(*links(site.url)),
            "/rss": feed(*links(site.url)),
        }
        seeds = seeds_for(tmp_path, site)
        result = run(tmp_path, seeds, "sources", "discover", site.url, "--allow-private-hosts")
        assert "/feed" not in site.paths() and "/feed (linked from the page): forbidden by robots.txt" in result.stdout
        assert tomllib.loads(result.stdout)["source"][0]["feeds"] == [f"{site.url}/rss"]


def test_private_addresses_are_not_asked(tmp_path: Path) -> None:
    with Site() as site:
        site.replies = {"/robots.txt": "", "/": page("/feed"), "/feed": feed(*links(site.url))}
        seeds = seeds_for(tmp_path, site)
        for words in (("discover", site.url), ("add", site.url), ("check",), ("check", "--fix")):
            result = run(tmp_path, seeds, "sources", *words)
            assert result.returncode == 1 and "not a public address" in result.stdout + result.stderr, words
        assert site.asked == [], "no connection was made"


def test_add_writes_a_source_once(tmp_path: Path) -> None:
    with Site() as site:
        site.replies = {
            "/robots.txt": "",
            "/": page("/other", name="The Other"),
            "/other": feed(*links(site.url, name="other")),
        }
        seeds = seeds_for(tmp_path, site)
        before = (seeds / "sources" / "test.toml").read_bytes()
        (seeds / "sources" / "test.toml").write_bytes(
            before.replace(f'homepage = "{site.url}/"'.encode(), b'homepage = "https://gazette.example/"')
        )
        before = (seeds / "sources" / "test.toml").read_bytes()
        words = ("sources", "add", site.url, "--allow-private-hosts", "--id", "other", "--affiliation", "party")
        result = run(tmp_path, seeds, *words)
        assert result.returncode == 0 and "other: added to" in result.stderr, result.stderr
        source = next(source for source in load_sources(seeds / "sources") if source.id == "other")
        assert source.feeds == (f"{site.url}/other",) and source.affiliation == "party"
        assert source.added in these_days() and source.checked is None
        assert "# Looked at on" in (seeds / "sources" / "added.toml").read_text()
        again = run(tmp_path, seeds, *words)
        assert again.returncode == 2 and "the id 'other' is already used at" in again.stderr
        again = run(tmp_path, seeds, *words[:-4], "--id", "third")
        assert again.returncode == 2 and "is already declared by other at" in again.stderr
        assert (seeds / "sources" / "test.toml").read_bytes() == before
        assert len(load_sources(seeds / "sources")) == 2


def test_add_takes_a_file(tmp_path: Path) -> None:
    with Site() as site:
        seeds = seeds_for(tmp_path, site)
        block = (
            '[[source]]\nid = "other"\nname = "Other"\ncountry = "XB"\nlanguages = ["en"]\naffiliation = "state"\n'
            'homepage = "https://other.example/"\nfeeds = ["https://other.example/rss"]\n'
        )
        (tmp_path / "new.toml").write_text(block)
        result = run(tmp_path, seeds, "sources", "add", "new.toml", "--file", "test")
        assert result.returncode == 0, result.stderr
        assert [source.id for source in load_sources(seeds / "sources")] == ["gazette", "other"]
        assert site.asked == []
        (tmp_path / "bad.toml").write_text(block.replace("state", "martian"))
        bad = run(tmp_path, seeds, "sources", "add", "bad.toml")
        assert bad.returncode == 2 and "bad.toml:6: affiliation" in bad.stderr
        mixed = run(tmp_path, seeds, "sources", "add", "new.toml", "--name", "X")
        assert mixed.returncode == 2 and "go with a URL" in mixed.stderr
        neither = run(tmp_path, seeds, "sources", "add", "no such thing")
        assert neither.returncode == 2 and "neither a file nor an address" in neither.stderr


def test_nothing_found_adds_nothing(tmp_path: Path) -> None:
    with Site() as site:
        site.replies = {"/robots.txt": "", "/": page()}
        seeds = seeds_for(tmp_path, site)
        result = run(tmp_path, seeds, "sources", "add", site.url, "--allow-private-hosts")
        assert result.returncode == 1 and "no way in to" in result.stderr and "nothing is added" in result.stderr
        assert not (seeds / "sources" / "added.toml").exists()
