"""GDELT and ReliefWeb: what they are asked, how they answer, and crawls on loopback in their place."""

from __future__ import annotations

import json
import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from monitor.analysis.topic import Topic
from monitor.config import Config
from monitor.crawl import choose_spiders
from monitor.errors import FeedError
from monitor.gdelt import TooManyRequests, article_list_url, build_queries, parse_article_list
from monitor.owners import find_owner
from monitor.reliefweb import country_codes, parse_reports, reports_url
from monitor.sources import Source
from tests.paths import ROOT
from tests.services import problems, run_with
from tests.site import Asked, Reply, Site, rss
from tests.test_crawl import article, run, seeds_for

GDELT = "https://api.example/doc"
INVENTED = ROOT / "tests" / "second_topic"


def source(id: str, homepage: str, **changes: object) -> Source:
    return Source(id, id.title(), "XA", ("en",), homepage, "independent", **changes)  # type: ignore[arg-type]


# GDELT


def test_queries_are_built_from_the_seeds() -> None:
    (query,) = build_queries(Topic.load(INVENTED))
    assert query.startswith("(Veldria OR Veldrian) (Ostmark OR Ostmarkers) (")
    assert '"Grenz Line"' in query and '"Karst Gate"' in query and "clash" in query
    assert query.endswith("sourcelang:english")


def test_one_query_for_each_language_and_none_too_long() -> None:
    queries = build_queries(Topic.load(ROOT / "seeds"))
    assert [query.rpartition(":")[2] for query in queries] == ["english", "persian", "hindi", "pashto", "urdu"]
    for query in queries:
        assert 100 < len(query) <= 250
        assert query.count("(") == query.count(")") == 3
        assert query.count('"') % 2 == 0


def test_address_of_a_query_holds_it_whole() -> None:
    query = '(a OR "b c") sourcelang:urdu'
    asked = parse_qs(urlsplit(article_list_url(GDELT, query)).query)
    assert asked["query"] == [query] and asked["mode"] == ["ArtList"] and asked["format"] == ["json"]


def articles(*links: str, title: str = "Army says gate is closed , traders wait") -> str:
    rows = [
        {"url": link, "title": title, "seendate": "20251012T013000Z", "domain": "x", "language": "English"}
        for link in links
    ]
    return json.dumps({"articles": rows})


def test_articles_are_listed_without_a_date() -> None:
    body = articles("https://a.example/1", "https://a.example/1", "ftp://a.example/2", "https://a.example/3")
    first, second = parse_article_list(body.encode(), GDELT)
    assert (first.url, first.title) == ("https://a.example/1", "Army says gate is closed, traders wait")
    assert first.published_at is None and first.published_precision == "unknown"
    assert first.modified_at == datetime(2025, 10, 12, 1, 30, tzinfo=UTC)
    assert second.url == "https://a.example/3"
    assert parse_article_list(b"{}", GDELT) == ()


def test_json_with_faults_of_the_service_is_read() -> None:
    body = b'{"articles": [{"url": "https://a.example/1", "title": "A\tB \\x C", "seendate": "soon"}]}'
    (entry,) = parse_article_list(body, GDELT)
    assert entry.title == "A B \\x C" and entry.modified_at is None


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"Your query was too short or too long.\n", "answers no list but: Your query was too short"),
        (b"", "answers no list but: nothing"),
        (b"<html><body>Bad gateway</body></html>", "Bad gateway"),
        (b"[1, 2]", "no list of articles"),
        (b'{"articles": 7}', "no list of articles"),
        (b"[" * 100_000, "answers no list"),
    ],
)
def test_refusals_in_plain_text_are_faults(body: bytes, says: str) -> None:
    with pytest.raises(FeedError, match=says) as caught:
        parse_article_list(body, GDELT)
    assert not isinstance(caught.value, TooManyRequests) and str(caught.value).startswith(GDELT)


def test_request_for_fewer_requests_is_known() -> None:
    with pytest.raises(TooManyRequests):
        parse_article_list(b"Please limit requests to one every 5 seconds or contact us.", GDELT)


# ReliefWeb


def test_countries_come_from_the_seeds() -> None:
    topic = Topic.load(ROOT / "seeds")
    codes = country_codes(topic)
    assert len(codes) == 2 and all(len(code) == 3 and code.islower() for code in codes)
    assert country_codes(Topic.load(INVENTED)) == ("xaa", "xbb")
    asked = parse_qs(urlsplit(reports_url("https://api.example/v2/reports", "desk-42", codes)).query)
    assert asked["appname"] == ["desk-42"] and asked["filter[value][]"] == list(codes)
    assert asked["filter[field]"] == ["country.iso3"] and "body-html" in asked["fields[include][]"]


def report(**fields: object) -> dict[str, object]:
    base: dict[str, object] = {
        "title": "Border crossing closed: flash update",
        "url": "https://reliefweb.example/node/7",
        "url_alias": "https://reliefweb.example/report/veldria/flash-update",
        "date": {"original": "2025-10-12T00:00:00+00:00", "created": "2025-10-12T08:30:00+00:00"},
        "source": [{"name": "Relief Office"}, {"name": "Other Office"}],
        "language": [{"code": "en"}],
        "body-html": f"<p>{'Soldiers of Veldria and Ostmark exchanged fire at the Karst Gate. ' * 4}</p><p>Second.</p>",
    }
    return {"id": "7", "fields": base | fields}


def test_reports_are_read_with_text_date_and_issuer() -> None:
    body = json.dumps({"data": [report(), report(**{"body-html": "<p>Map.</p>"}), {"fields": None}, 7]})
    (found,) = parse_reports(body.encode(), GDELT)
    assert found.entry.url == "https://reliefweb.example/report/veldria/flash-update"
    assert found.entry.author == "Relief Office, Other Office" and found.entry.language == "en"
    assert found.entry.published_at == datetime(2025, 10, 12, tzinfo=UTC)
    assert found.text.endswith("\nSecond.") and found.text.startswith("Soldiers of Veldria")


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (
            b'{"status": 403, "error": {"message": "You are not using an approved appname."}}',
            "ReliefWeb refuses: You are",
        ),
        (b"gateway", "answers no JSON"),
        (b'{"data": {}}', "no list of reports"),
    ],
)
def test_refusals_of_reliefweb_are_told(body: bytes, says: str) -> None:
    with pytest.raises(FeedError, match=says):
        parse_reports(body, GDELT)


# Whose story it is


def test_owner_of_a_story_is_found_by_its_address() -> None:
    sources = [
        source("root", "https://www.paper.example/"),
        source("urdu", "https://www.paper.example/urdu"),
        source("video", "https://video.paper.example/"),
        source("one", "https://one.example/en/"),
        source("two", "https://one.example/ps/"),
    ]
    owners = {
        "https://paper.example/news/1": "root",
        "https://www.paper.example/urdu/articles/1": "urdu",
        "https://www.paper.example/urdustan": "root",
        "https://video.paper.example/1": "video",
        "https://one.example/ps/1": "two",
    }
    for url, owner in owners.items():
        found = find_owner(url, sources)
        assert found is not None and found.id == owner, url
    assert find_owner("https://one.example/fa/1", sources) is None, "an edition that nobody declared"
    assert find_owner("https://other.example/1", sources) is None


# Which spiders run


def test_searches_run_only_when_switched_on_and_no_source_is_named() -> None:
    feeds = [source("a", "https://a.example/", feeds=("https://a.example/feed",))]
    both = [*feeds, source("b", "https://b.example/", telegram=("bravo",), sections=("https://b.example/",))]
    on = Config(gdelt=True, reliefweb_appname="desk-42")
    assert choose_spiders(Config(), feeds, []) == ["feeds"]
    assert choose_spiders(Config(), both, []) == ["feeds", "sections", "telegram"]
    assert choose_spiders(on, feeds, []) == ["feeds", "gdelt", "reliefweb"]
    assert choose_spiders(on, feeds, ["a"]) == ["feeds"]


# Crawls


def pages(folder: Path) -> dict[str, tuple[str, str]]:
    with closing(sqlite3.connect(folder / "m.db")) as conn:
        rows = conn.execute("select fetch_url, source, state from pages").fetchall()
    return {url: (source, state) for url, source, state in rows}


def unique(number: int) -> str:
    return article(
        number,
        paragraphs=[
            f"Soldiers of Veldria and Ostmark exchanged fire at the Karst Gate. {number} of them were killed in battle number {number}."
        ]
        * 2,
    )


def test_gdelt_results_count_for_their_outlet(tmp_path: Path) -> None:
    """Each outlet is on a host of its own: one declared, one switched off, one that nobody declared."""
    with (
        Site() as service,
        Site(host="127.0.0.2") as known,
        Site(host="127.0.0.3") as off,
        Site(host="127.0.0.4") as new,
    ):
        for number, site in enumerate((known, off, new), 1):
            site.replies = {"/robots.txt": "", "/story": unique(number)}
        known.replies["/feed"] = rss()
        service.replies = {"/robots.txt": ""}
        url = article_list_url(f"{service.url}/doc", build_queries(Topic.load(INVENTED))[0])
        links = [f"{site.url}/story" for site in (known, off, new)]
        service.replies[url.removeprefix(service.url)] = Reply(articles(*links), type="application/json")
        seeds = seeds_for(tmp_path, known, fetch="matching")
        with (seeds / "sources" / "test.toml").open("a") as stream:
            stream.write(
                f'\n[[source]]\nid = "closed"\nname = "Closed"\ncountry = "XA"\nlanguages = ["en"]\nhomepage = "{off.url}/"\n'
                'affiliation = "independent"\nenabled = false\ndisabled_reason = "its terms forbid it"\n'
            )
        settings = {"GDELT_URL": f"{service.url}/doc", "GDELT_PAUSE": 0.1}
        result = run_with(settings, tmp_path, seeds, "crawl", "--allow-private-hosts", "-v", MONITOR_GDELT="1")
        assert result.returncode == 0, result.stderr
        assert pages(tmp_path) == {links[0]: ("gazette", "stored"), links[2]: ("gdelt", "stored")}
        assert off.asked == [], "an outlet that is switched off is left alone, whoever points at it"
        status = run(tmp_path, seeds, "status")
        assert "Traceback" not in status.stderr, status.stderr
        service.asked.clear()
        assert run_with(settings, tmp_path, seeds, "crawl", "--allow-private-hosts").returncode == 0
        assert service.asked == [], "off by default"


def test_gdelt_is_asked_slowly_and_not_again_after_a_refusal(tmp_path: Path) -> None:
    times: list[float] = []
    answers = [
        Reply("oops", status=500),
        Reply(articles(), type="application/json"),
        Reply("Please limit requests to one every 5 seconds."),
    ]

    def answer(asked: Asked) -> Reply:
        times.append(time.monotonic())
        return answers[len(times) - 1]

    with Site() as service:
        seeds = seeds_for(tmp_path, service, feeds=[f"{service.url}/feed"])
        for language in ("ur", "ps", "fa"):
            (seeds / "lexicon").is_symlink() and _own_lexicon(seeds)
            (seeds / "lexicon" / f"{language}.toml").write_text(
                '[[word]]\ncategory = "event"\nmeans = "armed_clash"\nforms = "x"\n'
            )
        queries = build_queries(Topic.load(seeds))
        assert len(queries) == 4
        service.replies = {
            "/robots.txt": "",
            "/feed": rss(),
        }
        for query in queries:
            service.replies[article_list_url(f"{service.url}/doc", query).removeprefix(service.url)] = answer
        settings = {"GDELT_URL": f"{service.url}/doc", "GDELT_PAUSE": 0.6}
        result = run_with(settings, tmp_path, seeds, "crawl", "--allow-private-hosts", MONITOR_GDELT="yes")
        assert result.returncode == 0, result.stderr
        assert len(times) == 3, "a failure does not stop the next query, a refusal does"
        assert min(times[1] - times[0], times[2] - times[1]) > 0.5
        assert "Please limit requests" in problems(tmp_path)


def _own_lexicon(seeds: Path) -> None:
    shared = (seeds / "lexicon").resolve()
    (seeds / "lexicon").unlink()
    (seeds / "lexicon").mkdir()
    for file in shared.iterdir():
        (seeds / "lexicon" / file.name).write_bytes(file.read_bytes())


def test_gdelt_refusal_by_status_is_kept(tmp_path: Path) -> None:
    with Site() as service:
        seeds = seeds_for(tmp_path, service)
        service.replies = {
            "/robots.txt": "",
            "/feed": rss(),
        }
        path = article_list_url("/doc", build_queries(Topic.load(seeds))[0])
        service.replies[path] = Reply("Please limit requests", status=429, headers={"Retry-After": "7200"})
        settings = {"GDELT_URL": f"{service.url}/doc", "GDELT_PAUSE": 0.1}
        (tmp_path / "other.toml").write_text("[discovery]\ngdelt = true\n")
        run_with(settings, tmp_path, seeds, "crawl", "--allow-private-hosts", "--config", "other.toml")
        with closing(sqlite3.connect(tmp_path / "m.db")) as conn:
            fetched, problem, due = conn.execute(
                "select fetched_at, problem, next_at from feeds where source = 'gdelt'"
            ).fetchone()
    assert problem == "status 429"
    assert (datetime.fromisoformat(due) - datetime.fromisoformat(fetched)).total_seconds() >= 7200


def test_reliefweb_reports_become_stories(tmp_path: Path) -> None:
    with Site() as service:
        seeds = seeds_for(tmp_path, service)
        asked: list[str] = []

        def answer(request: Asked) -> Reply:
            asked.append(request.path)
            rows = [
                report(),
                report(
                    title="Other",
                    url_alias="https://reliefweb.example/other",
                    **{"body-html": "<p>" + "The harvest was good this year in all provinces. " * 8},
                ),
            ]
            return Reply(json.dumps({"data": rows}), type="application/json")

        path = reports_url("/v2/reports", "desk-42", ["xaa", "xbb"])
        service.replies = {
            "/robots.txt": "",
            "/feed": rss(),
            path: answer,
        }
        settings = {"RELIEFWEB_URL": f"{service.url}/v2/reports"}
        result = run_with(
            settings, tmp_path, seeds, "crawl", "--allow-private-hosts", MONITOR_RELIEFWEB_APPNAME="desk-42"
        )
        assert result.returncode == 0, result.stderr
        record = json.loads(run(tmp_path, seeds, "export", "stories").stdout)
        assert len(asked) == 1
    assert record["url"] == "https://reliefweb.example/report/veldria/flash-update" and record["source"] == "reliefweb"
    assert record["byline"] == "Relief Office, Other Office" and record["text"].endswith("\nSecond.")
    assert (record["published_at"], record["published_precision"]) == ("2025-10-12T00:00:00Z", "day")


def test_unapproved_application_is_told(tmp_path: Path) -> None:
    with Site() as service:
        seeds = seeds_for(tmp_path, service)
        refusal = json.dumps({"status": 403, "error": {"message": "You are not using an approved appname."}})
        service.replies = {
            "/robots.txt": "",
            "/feed": rss(),
            reports_url("/v2/reports", "nobody", ["xaa", "xbb"]): Reply(refusal, status=403, type="application/json"),
        }
        settings = {"RELIEFWEB_URL": f"{service.url}/v2/reports"}
        run_with(settings, tmp_path, seeds, "crawl", "--allow-private-hosts", MONITOR_RELIEFWEB_APPNAME="nobody")
        assert "not using an approved appname" in problems(tmp_path)
