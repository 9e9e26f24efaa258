"""The server of the demo newswire: how it misbehaves, what it logs, where it listens, what it writes for a crawl."""

from __future__ import annotations

import errno
import signal
import subprocess
import sys
import tomllib
import urllib.error
import urllib.request
from urllib.parse import urlsplit

import pytest
from protego import Protego

from monitor.demo import server
from monitor.demo.newswire import Newswire
from monitor.demo.outlets import Outlet, read_outlets
from tests.newswire import FOLDER, SEEDS, article_of, by_end, get, hop
from tests.paths import ROOT


@pytest.fixture(scope="module")
def newswire():
    with Newswire(SEEDS, stall_seconds=0.1) as served:
        yield served


@pytest.fixture(scope="module")
def outlets() -> dict[str, Outlet]:
    return {outlet.id: outlet for outlet in read_outlets(FOLDER)}


def test_statuses(newswire):
    for status in (404, 500):
        for expected in by_end(newswire, f"failed:{status}"):
            assert [get(expected.url)[0] for _ in range(3)] == [status] * 3
    assert get(newswire.outlets[0].base_url + "/nowhere")[0] == 404


def test_redirect_chain_and_loop(newswire, outlets):
    chained = [e for e in newswire.expectations if article_of(outlets, e).answer == "redirects"]
    assert chained
    for expected in chained:
        url, statuses = expected.listed_url, []
        while True:
            status, location = hop(url)
            if location is None:
                break
            statuses.append(status)
            url = location
        assert (statuses, status, url) == ([301, 302, 308], 200, expected.url)
    for expected in by_end(newswire, "failed:redirects"):
        seen, url = [], expected.listed_url
        for _ in range(6):
            seen.append(url)
            url = hop(url)[1]
        assert len(set(seen)) == 2


def test_busy_page_asks_to_wait_then_comes(outlets):
    with Newswire(SEEDS, stall_seconds=0.1) as fresh:
        busy = [e for e in fresh.expectations if article_of(outlets, e).answer == "busy"]
        assert busy
        for expected in busy:
            status, headers, _ = get(expected.url)
            assert status == 503
            assert 0 < int(headers["Retry-After"]) <= 5
            assert get(expected.url)[0] == 200


def test_stalling_page_outlasts_an_impatient_visitor():
    with Newswire(SEEDS, stall_seconds=60) as fresh:
        (expected,) = by_end(fresh, "failed:timeout")
        with urllib.request.urlopen(expected.url, timeout=0.5) as response, pytest.raises(TimeoutError):
            response.read()
    # leaving the block took no minute: the stall ends with the server


def test_robots(newswire, outlets):
    bases = {served.id: served.base_url for served in newswire.outlets}
    rules = {}
    for name, base in bases.items():
        status, _, body = get(base + "/robots.txt")
        rules[name] = Protego.parse(body.decode()) if status == 200 else None
    for expected in newswire.expectations:
        rule = rules[expected.outlet]
        if expected.ends == "failed:robots":
            assert rule is None
        else:
            assert rule is not None
            assert rule.can_fetch(expected.listed_url, "border-monitor") == (expected.ends != "forbidden"), expected.id
    assert by_end(newswire, "forbidden")


# The server


def test_every_outlet_is_a_host_of_its_own(newswire):
    hosts = [urlsplit(served.base_url).hostname for served in newswire.outlets]
    ports = {urlsplit(served.base_url).port for served in newswire.outlets}
    assert len(set(hosts)) == len(hosts) or len(ports) == len(hosts)
    assert all(host.startswith("127.") for host in hosts)


def test_requests_are_logged():
    with Newswire(SEEDS, stall_seconds=0.1) as fresh:
        assert len(fresh.requests) == 0
        second = fresh.outlets[1].base_url
        get(second + "/robots.txt")
        get(second + "/rss/home?utm_source=x")
        first, last = fresh.requests
        assert first.at <= last.at
        assert (first.host, first.path, first.user_agent) == (urlsplit(second).netloc, "/robots.txt", "test/1")
        assert last.path == "/rss/home?utm_source=x"
        fresh.requests.clear()
        assert len(fresh.requests) == 0


def test_nothing_answers_after_the_end():
    with Newswire(SEEDS) as fresh:
        url = fresh.outlets[0].base_url + "/robots.txt"
        assert get(url)[0] == 200
    with pytest.raises(urllib.error.URLError):
        get(url)
    with pytest.raises(RuntimeError, match="with statement"):
        _ = fresh.outlets


def test_ports_where_only_one_address_answers(monkeypatch):
    real = server.OutletServer.server_bind

    def bind(self):
        if self.server_address[0] != "127.0.0.1":
            raise OSError(errno.EADDRNOTAVAIL, "Can't assign requested address")
        real(self)

    monkeypatch.setattr(server.OutletServer, "server_bind", bind)
    with Newswire(SEEDS) as fresh:
        bases = [served.base_url for served in fresh.outlets]
        assert len(set(bases)) == len(bases)
        assert {urlsplit(base).hostname for base in bases} == {"127.0.0.1"}
        assert all(get(base + "/")[0] == 200 for base in bases)


def test_write_sources(newswire, tmp_path):
    folder = newswire.write_sources(tmp_path / "sources")
    assert folder == tmp_path / "sources"
    sources = tomllib.loads((folder / "demo.toml").read_text(encoding="utf-8"))["source"]
    assert [source["id"] for source in sources] == [served.id for served in newswire.outlets]
    for source, served in zip(sources, newswire.outlets, strict=True):
        assert source["homepage"] == served.base_url + "/"
        for url in source.get("feeds", []) + source.get("sitemaps", []):
            assert get(url)[0] == 200
        assert source.get("feeds") or source.get("sitemaps")
    assert sources[7]["sitemaps"] == [newswire.outlets[7].base_url + "/sitemap-index.xml"]


def test_write_seeds_copies_the_topic_and_replaces_the_sources(tmp_path):
    seeds = tmp_path / "seeds"
    (seeds / "lexicon").mkdir(parents=True)
    (seeds / "sources").mkdir()
    (seeds / "lexicon" / "en.toml").write_text("a = 1\n")
    (seeds / "topic.toml").write_text("b = 2\n")
    (seeds / "sources" / "real.toml").write_text("")
    (seeds / "newswire").symlink_to(FOLDER)
    with Newswire(seeds) as fresh:
        target = fresh.write_seeds(tmp_path / "out")
    files = sorted(str(path.relative_to(target)) for path in target.rglob("*") if path.is_file())
    assert files == ["lexicon/en.toml", "sources/demo.toml", "topic.toml"]


def test_module_serves_until_interrupted(tmp_path):
    command = [sys.executable, "-m", "monitor.demo", "--seeds", str(SEEDS), "--write-seeds", str(tmp_path / "seeds")]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        first = process.stdout.readline()
        url = first.split()[0]
        assert get(url + "robots.txt")[0] == 200
        for line in process.stderr:
            if line.startswith("Serving"):
                break
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=10) == 0
    assert (tmp_path / "seeds" / "sources" / "demo.toml").exists()
