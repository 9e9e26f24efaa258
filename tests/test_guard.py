"""The address guard: whatever leads there, a server that is not public never sees a connection."""

from __future__ import annotations

import socket
import sqlite3
import threading
from contextlib import closing
from pathlib import Path
from types import TracebackType

import pytest

from monitor.guard import is_loopback, is_public, read_networks
from tests.site import Reply, Site, rss
from tests.test_crawl import run, seeds_for

GATEWAY = "127.0.0.2"

# Every way of writing a place the crawler must not go. {port} is that of a server that listens there.
ATTACKS = (
    "http://127.0.0.1:{port}/",
    "http://127.1:{port}/",
    "http://127.0.1:{port}/",
    "http://2130706433:{port}/",
    "http://0x7f000001:{port}/",
    "http://0x7f.0.0.1:{port}/",
    "http://0177.0.0.1:{port}/",
    "http://017700000001:{port}/",
    "http://127.0.0.1.:{port}/",
    "http://0:{port}/",
    "http://0.0.0.0:{port}/",
    "http://127.255.255.254:{port}/",
    "http://localhost:{port}/",
    "http://LocalHost:{port}/",
    "http://localhost.:{port}/",
    "http://localhost.localdomain:{port}/",
    "http://ip6-localhost:{port}/",
    "http://[::1]:{port}/",
    "http://[0:0:0:0:0:0:0:1]:{port}/",
    "http://[::]:{port}/",
    "http://[::ffff:127.0.0.1]:{port}/",
    "http://[::ffff:7f00:1]:{port}/",
    "http://[::127.0.0.1]:{port}/",
    "http://[64:ff9b::7f00:1]:{port}/",
    "http://[2002:7f00:1::]:{port}/",
    "http://[fe80::1]:{port}/",
    "http://[fc00::1]:{port}/",
    "http://[fd00:ec2::254]/latest/meta-data/",
    "http://169.254.169.254/latest/meta-data/",
    "http://metadata.google.internal/computeMetadata/v1/",
    "http://10.0.0.1:{port}/",
    "http://172.16.0.1:{port}/",
    "http://192.168.0.1:{port}/",
    "http://100.64.0.1:{port}/",
    "http://198.18.0.1:{port}/",
    "http://192.0.0.1:{port}/",
    "http://224.0.0.1:{port}/",
    "http://240.0.0.1:{port}/",
    "http://255.255.255.255:{port}/",
    "http://user:word@127.0.0.1:{port}/",
    "http://①②⑦.⓪.⓪.①:{port}/",
    "http://127。0。0。1:{port}/",
    "http://%31%32%37.0.0.1:{port}/",
    "https://127.0.0.1:{port}/",
    "ftp://127.0.0.1:{port}/",
    "file:///etc/hostname",
    "data:text/html,<p>Veldria Ostmark</p>",
)
STEPS = ("entry", "redirect", "robots", "feed", "part")


class Victim:
    """Listens on every loopback address, IPv4 and IPv6, and counts connections; it never answers."""

    def __init__(self) -> None:
        self.connections = 0
        self._sockets = []
        four = socket.create_server(("0.0.0.0", 0))
        self.port = four.getsockname()[1]
        self._sockets.append(four)
        if socket.has_dualstack_ipv6() or socket.has_ipv6:
            try:
                self._sockets.append(socket.create_server(("::", self.port), family=socket.AF_INET6))
            except OSError as error:
                print(f"no IPv6 here: {error}")
        for listener in self._sockets:
            threading.Thread(target=self._listen, args=(listener,), daemon=True).start()

    def _listen(self, listener: socket.socket) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            self.connections += 1
            connection.close()

    def __enter__(self) -> Victim:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        for listener in self._sockets:
            listener.close()


def attack_site(site: Site, attacks: list[str]) -> dict[str, str]:
    """Set ``site`` up to lead the crawler to each of ``attacks`` at each step; return link → attack."""
    links = {f"{site.url}/redirect/{n}": attack for n, attack in enumerate(attacks)}
    for status, (link, attack) in zip((301, 302, 303, 307, 308) * len(attacks), links.items(), strict=False):
        site.replies[link.removeprefix(site.url)] = Reply(status=status, headers={"Location": attack})
    site.replies["/feed"] = rss(*(attack.replace("<", "&lt;") for attack in attacks), *links)
    parts = "".join(f"<sitemap><loc>{attack.replace('<', '&lt;')}</loc></sitemap>" for attack in attacks)
    site.replies["/index.xml"] = Reply(f"<sitemapindex>{parts}</sitemapindex>", type="application/xml")
    site.replies["/canonical"] = Reply(
        f'<html><head><title>Clash at the Karst Gate</title><link rel=canonical href="{attacks[0]}"></head></html>'
    )
    site.replies["/robots.txt"] = ""
    return links


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory):
    """One crawl of a site on an allowed address that leads everywhere it must not; the victim, ledger and log."""
    folder = tmp_path_factory.mktemp("guard")
    with Victim() as victim, Site(host=GATEWAY) as site:
        attacks = [attack.format(port=victim.port) for attack in ATTACKS]
        links = attack_site(site, attacks)
        feed_redirect = f"{site.url}/moved-feed"
        site.replies["/moved-feed"] = Reply(status=302, headers={"Location": attacks[0]})
        feeds = [f"{site.url}/feed", feed_redirect]
        seeds = seeds_for(folder, site, feeds=feeds, sitemaps=[f"{site.url}/index.xml"])
        result = run(
            folder, seeds, "crawl", "-v", MONITOR_ALLOW_ADDRESSES=GATEWAY, MONITOR_DELAY="0", MONITOR_TIMEOUT="3"
        )
        assert "Traceback" not in result.stderr, result.stderr
        assert site.paths(), "the gateway itself was reached"
        with closing(sqlite3.connect(folder / "m.db")) as conn:
            pages = {
                url: (state, reason)
                for url, state, reason in conn.execute("select fetch_url, state, reason from pages")
            }
            feeds_read = dict(conn.execute("select url, problem from feeds").fetchall())
        yield victim, dict(zip(ATTACKS, attacks, strict=True)), links, pages, feeds_read


def test_no_connection_reached_the_victim(attacked) -> None:
    victim, *_ = attacked
    assert victim.connections == 0


@pytest.mark.parametrize("attack", ATTACKS)
def test_link_in_a_feed_is_refused(attacked, attack: str) -> None:
    _, urls, _, pages, _ = attacked
    state, _ = pages.get(urls[attack], ("never listed", None))
    assert state in ("never listed", "listed", "failed")


@pytest.mark.parametrize("attack", ATTACKS)
def test_redirect_is_refused(attacked, attack: str) -> None:
    _, urls, links, pages, _ = attacked
    link = next(link for link, target in links.items() if target == urls[attack])
    state, reason = pages[link]
    assert state in ("listed", "failed"), (state, reason)


def test_redirected_feed_and_sitemap_parts_are_refused(attacked) -> None:
    _, _, _, _, feeds = attacked
    problems = [problem for url, problem in feeds.items() if not url.endswith(("/feed", "/index.xml"))]
    assert problems and all(problems)


def test_redirect_of_robots_txt_is_refused(tmp_path: Path) -> None:
    with Victim() as victim, Site(host=GATEWAY) as site:
        site.replies["/robots.txt"] = Reply(
            status=302, headers={"Location": f"http://127.0.0.1:{victim.port}/robots.txt"}
        )
        site.replies["/feed"] = rss()
        seeds = seeds_for(tmp_path, site)
        result = run(tmp_path, seeds, "crawl", MONITOR_ALLOW_ADDRESSES=GATEWAY)
        assert result.returncode == 1 and "robots.txt could not be had" in result.stderr
        assert victim.connections == 0
        assert site.paths() == []


def test_name_that_resolves_to_a_private_address_is_refused(tmp_path: Path) -> None:
    """The machine's own name resolves to an address of its own: the guard sees the address, not the name."""
    name = socket.gethostname()
    try:
        addresses = {info[4][0] for info in socket.getaddrinfo(name, 80)}
    except OSError:
        addresses = set()
    if not addresses or any(is_public(str(address)) for address in addresses):
        name = "localhost"
    with Victim() as victim, Site(host=GATEWAY) as site:
        seeds = seeds_for(tmp_path, site, feeds=[f"http://{name}:{victim.port}/feed"])
        result = run(tmp_path, seeds, "crawl", MONITOR_ALLOW_ADDRESSES=GATEWAY)
        assert result.returncode == 1 and "not a public address" in result.stderr, result.stderr
        assert victim.connections == 0


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "2606:4700:4700::1111", "64:ff9b::808:808"])
def test_public_addresses_are_public(address: str) -> None:
    assert is_public(address)


def test_loopback_urls() -> None:
    assert is_loopback("http://127.0.0.9:80/x") and is_loopback("http://localhost/") and is_loopback("http://[::1]/")
    assert not is_loopback("http://gazette.example/") and not is_loopback("nonsense")


def test_wrong_allowed_address_is_named(tmp_path: Path) -> None:
    with Site() as site:
        result = run(tmp_path, seeds_for(tmp_path, site), "crawl", MONITOR_ALLOW_ADDRESSES="10.0.0.0/8, here")
    assert result.returncode == 2 and "'here' is no address or network" in result.stderr
    assert len(read_networks("10.0.0.0/8, ::1")) == 2


@pytest.mark.parametrize(
    "attack",
    ["http://127.0.0.1:{port}/", "http://localhost:{port}/", "http://[::1]:{port}/", "http://2130706433:{port}/"],
)
def test_discovery_and_check_are_guarded(tmp_path: Path, attack: str) -> None:
    with Victim() as victim:
        address = attack.format(port=victim.port)
        with Site(host=GATEWAY) as site:
            seeds = seeds_for(tmp_path, site, feeds=[f"{site.url}/feed"])
            found = run(tmp_path, seeds, "sources", "discover", address)
            assert found.returncode != 0 and "Traceback" not in found.stderr
            site.replies = {"/robots.txt": "", "/": f'<link rel=alternate type="application/rss+xml" href="{address}">'}
            site.replies["/feed"] = Reply(status=302, headers={"Location": address})
            led = run(tmp_path, seeds, "sources", "discover", f"{site.url}/", MONITOR_ALLOW_ADDRESSES=GATEWAY)
            assert led.returncode != 0 and "Traceback" not in led.stderr
            checked = run(tmp_path, seeds, "sources", "check", MONITOR_ALLOW_ADDRESSES=GATEWAY)
            assert checked.returncode == 1 and "Traceback" not in checked.stderr
            assert site.paths()
        assert victim.connections == 0
