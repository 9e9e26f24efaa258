"""``monitor sources check``: what each misbehaviour is called, what is repaired, and what is marked as checked."""

from __future__ import annotations

import json
import socket
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.checkup import failed, stale_after
from monitor.sources import Source, load_sources
from tests.days import these_days
from tests.outlets import PASHTO, URDU, feed, links, news_sitemap, page, sitemap, sitemap_index
from tests.services import run_with
from tests.site import Reply, Site
from tests.test_crawl import TOPIC, run
from tests.test_sections import wordpress
from tests.test_telegram import message, preview


def seeds_with(folder: Path, sources: Mapping[str, Mapping[str, object]]) -> Path:
    """A seeds folder with ``sources``, id → fields."""
    seeds = folder / "seeds"
    (seeds / "sources").mkdir(parents=True)
    for item in TOPIC.iterdir():
        (seeds / item.name).symlink_to(item)
    base: dict[str, object] = {"country": "PK", "languages": ["en"], "affiliation": "independent"}
    tables = []
    for id, given in sources.items():
        fields = {"id": id, "name": id.title(), **base, **given}
        rows = (f"{name} = {json.dumps(value)}" for name, value in fields.items())
        tables.append(f"# about {id}\n[[source]]\n" + "\n".join(rows) + "\n")
    (seeds / "sources" / "some.toml").write_text("\n".join(tables))
    return seeds


def declared(seeds: Path) -> dict[str, Source]:
    return {source.id: source for source in load_sources(seeds / "sources")}


def check(folder: Path, seeds: Path, *words: str) -> tuple[int, dict[str, dict[str, object]], str]:
    """Exit code, rows by source, and what was said beside them."""
    result = run(folder, seeds, "sources", "check", "--allow-private-hosts", "--format", "json", *words)
    rows = json.loads(result.stdout) if result.stdout else []
    return result.returncode, {row["source"]: row for row in rows}, result.stderr


def closed_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def test_each_misbehaviour_has_its_verdict(tmp_path: Path) -> None:
    stories = [
        (f"/2025/10/{n:02}/gate-closed-after-night-of-fire", f"Gate closed after night of fire, day {n}")
        for n in range(1, 11)
    ]
    with Site() as site, Site(host="127.0.0.2") as closed:
        closed.replies = {"/robots.txt": Reply("down", status=503)}
        dead = f"http://127.0.0.3:{closed_port()}"
        behaviours: dict[str, tuple[str, Reply | str, str, str | None]] = {
            "good": ("feeds", feed(*links(site.url)), "ok", None),
            "atom-mislabelled": ("feeds", Reply(feed(*links(site.url)).body, type="text/html"), "ok", None),
            "moved": ("feeds", Reply(status=301, headers={"Location": "/good"}), "moved", None),
            "elsewhere-for-now": ("feeds", Reply(status=302, headers={"Location": "/good"}), "ok", None),
            "deleted": ("feeds", Reply("gone", status=410), "gone", "status 410"),
            "lost": ("feeds", Reply("where?", status=404), "gone", "status 404"),
            "now-a-page": ("feeds", page(), "other kind", "is a web page and no feed"),
            "hollow": ("feeds", feed(), "empty", "lists nothing"),
            "asleep": ("feeds", feed(*links(site.url), days=60), "stale", "its newest entry is of"),
            "rare": ("feeds", feed(*links(site.url), days=60), "ok", None),
            "other-tongue": ("feeds", feed(*links(site.url), title=URDU), "other language", "is in ur, where en is declared"),
            "shy": ("feeds", Reply("no robots", status=403), "refused", "status 403"),
            "broken": ("feeds", Reply("oops", status=500), "refused", "status 500"),
            "private": ("feeds", feed(*links(site.url)), "forbidden", "forbidden by robots.txt"),
            "map": ("sitemaps", sitemap_index(f"{site.url}/part.xml"), "ok", None),
            "news-map": ("sitemaps", news_sitemap(*links(site.url), title=PASHTO), "other language", "is in ps"),
            "torn-map": ("sitemaps", sitemap_index(f"{site.url}/none.xml"), "gone", "its newest part"),
            "busy-map": ("sitemaps", sitemap_index(f"{site.url}/broken"), "refused", "its newest part"),
            "list": ("sections", wordpress(*stories), "ok", None),
            "bare-list": ("sections", page(), "empty", "lists nothing"),
        }  # fmt: skip
        site.replies = {"/robots.txt": "User-agent: *\nDisallow: /private", "/part.xml": sitemap(*links(site.url))}
        site.replies |= {f"/{name}": reply for name, (_, reply, _, _) in behaviours.items()}
        sources: dict[str, dict[str, object]] = {
            name: {
                "homepage": f"{site.url}/",
                way: [f"{site.url}/{name}"],
                "expected_per_day": [0 if name == "rare" else 10, 90],
            }
            for name, (way, _, _, _) in behaviours.items()
        }
        sources["no-host"] = {"homepage": f"{dead}/", "feeds": [f"{dead}/rss"]}
        sources["no-rules"] = {"homepage": f"{closed.url}/", "feeds": [f"{closed.url}/rss"]}
        seeds = seeds_with(tmp_path, sources)
        before = (seeds / "sources" / "some.toml").read_bytes()
        code, rows, said = check(tmp_path, seeds)
        assert code == 1
        for name, (_, _, verdict, problem) in behaviours.items():
            assert rows[name]["verdict"] == verdict, rows[name]
            assert (problem or "") in str(rows[name]["problem"] or ""), rows[name]
        assert rows["no-host"]["verdict"] == rows["no-rules"]["verdict"] == "unreachable"
        assert "connection refused" in str(rows["no-host"]["problem"])
        assert rows["no-rules"]["robots"] == "unreachable" and "/rss" not in closed.paths()
        assert rows["private"]["robots"] == "forbidden" and "/private" not in site.paths()
        assert rows["moved"]["moved_to"] == f"{site.url}/good"
        assert rows["good"]["languages"] == ["en"] and rows["good"]["entries"] == 5 and rows["good"]["kind"] == "rss"
        assert rows["map"]["kind"] == "index" and rows["list"]["newest"] is None
        assert f"{len(rows)} ways in to {len(rows)} sources, 15 of them sick" in said
        assert (seeds / "sources" / "some.toml").read_bytes() == before, "without --fix nothing is written"
        assert not (tmp_path / "m.db").exists()


def test_table_is_for_people_and_healthy_sources_end_well(tmp_path: Path) -> None:
    with Site() as site:
        site.replies = {"/robots.txt": "", "/rss": feed(*links(site.url))}
        seeds = seeds_with(tmp_path, {"paper": {"homepage": f"{site.url}/", "feeds": [f"{site.url}/rss"]}})
        result = run(tmp_path, seeds, "sources", "check", "--allow-private-hosts")
        assert result.returncode == 0 and "0 of them sick" in result.stderr
        assert (
            "paper" in result.stdout
            and "ok" in result.stdout
            and any(str(day) in result.stdout for day in these_days())
        )


def test_sources_are_named_and_those_switched_off_are_not_asked(tmp_path: Path) -> None:
    with Site() as site:
        site.replies = {"/robots.txt": "", "/a": feed(*links(site.url)), "/b": feed(*links(site.url))}
        off = {
            "homepage": f"{site.url}/b/",
            "feeds": [f"{site.url}/b"],
            "enabled": False,
            "disabled_reason": "its terms",
        }
        seeds = seeds_with(tmp_path, {"a": {"homepage": f"{site.url}/", "feeds": [f"{site.url}/a"]}, "b": off})
        assert list(check(tmp_path, seeds)[1]) == ["a"]
        code, _, said = check(tmp_path, seeds, "b")
        assert code == 2 and "switched off: its terms" in said and "/b" not in site.paths()
        code, _, said = check(tmp_path, seeds, "c")
        assert code == 2 and "no source has the id 'c'" in said


def test_fix_finds_the_new_address_and_marks_what_was_seen_to_work(tmp_path: Path) -> None:
    """One outlet a host: a dead feed with a new one, a moved one, a dead one without, and one that is well."""
    with (
        Site() as dead,
        Site(host="127.0.0.2") as moved,
        Site(host="127.0.0.3") as lost,
        Site(host="127.0.0.4") as well,
    ):
        dead.replies = {
            "/robots.txt": "",
            "/": page("/urdu/feed", "/en/feed"),
            "/urdu/feed": feed(*links(dead.url, name="u"), title=URDU),
            "/en/feed": feed(*links(dead.url)),
            "/rss": Reply("gone", status=410),
        }
        moved.replies = {
            "/robots.txt": "",
            "/rss": Reply(status=308, headers={"Location": "/new/rss"}),
            "/new/rss": feed(*links(moved.url)),
        }
        lost.replies = {"/robots.txt": "", "/": page()}
        well.replies = {"/robots.txt": "", "/rss": feed(*links(well.url)), "/two": feed(*links(well.url))}
        seeds = seeds_with(
            tmp_path,
            {
                "dead": {"homepage": f"{dead.url}/", "feeds": [f"{dead.url}/rss"], "notes": ["keep me"]},
                "moved": {"homepage": f"{moved.url}/", "feeds": [f"{moved.url}/rss"]},
                "lost": {"homepage": f"{lost.url}/", "feeds": [f"{lost.url}/rss"]},
                "well": {"homepage": f"{well.url}/", "feeds": [f"{well.url}/rss", f"{well.url}/two"]},
            },
        )
        before = (seeds / "sources" / "some.toml").read_text()
        code, rows, said = check(tmp_path, seeds, "--fix")
        assert code == 1 and rows["lost"]["verdict"] == "gone"
        after = declared(seeds)
        assert after["dead"].feeds == (f"{dead.url}/en/feed",), "in the declared language, verified"
        assert after["moved"].feeds == (f"{moved.url}/new/rss",)
        assert after["lost"].feeds == (f"{lost.url}/rss",)
        assert {id: source.checked and source.checked in these_days() for id, source in after.items()} == {
            "dead": True,
            "moved": True,
            "lost": None,
            "well": True,
        }
        assert rows["dead"]["verdict"] == "repaired" and f"dead: {dead.url}/rss is now {dead.url}/en/feed" in said
        text = (seeds / "sources" / "some.toml").read_text()
        expected = before.replace(f'"{dead.url}/rss"', f'"{dead.url}/en/feed"').replace(
            f'"{moved.url}/rss"', f'"{moved.url}/new/rss"'
        )
        for day in these_days():
            text = text.replace(f"checked = {day}\n", "")
        assert text == expected, "comments and everything else stay"
        code, rows, _ = check(tmp_path, seeds, "dead", "moved", "well")
        assert code == 0 and {row["verdict"] for row in rows.values()} == {"ok"}


def test_source_with_one_sick_way_in_is_not_marked(tmp_path: Path) -> None:
    with Site() as site:
        site.replies = {
            "/robots.txt": "",
            "/": page(),
            "/rss": feed(*links(site.url)),
            "/two": Reply("oops", status=500),
        }
        seeds = seeds_with(
            tmp_path, {"paper": {"homepage": f"{site.url}/", "feeds": [f"{site.url}/rss", f"{site.url}/two"]}}
        )
        before = (seeds / "sources" / "some.toml").read_bytes()
        assert check(tmp_path, seeds, "--fix")[0] == 1
        assert declared(seeds)["paper"].checked is None
        assert (seeds / "sources" / "some.toml").read_bytes() == before


def test_what_may_be_well_tomorrow_is_not_replaced(tmp_path: Path) -> None:
    with Site() as site:
        site.replies = {
            "/robots.txt": "",
            "/": page("/other"),
            "/other": feed(*links(site.url)),
            "/rss": Reply("busy", status=503),
        }
        seeds = seeds_with(tmp_path, {"paper": {"homepage": f"{site.url}/", "feeds": [f"{site.url}/rss"]}})
        assert check(tmp_path, seeds, "--fix")[0] == 1
        assert declared(seeds)["paper"].feeds == (f"{site.url}/rss",) and "/" not in site.paths()


def test_stale_feed_is_replaced_by_a_fresh_one_only(tmp_path: Path) -> None:
    with Site() as site:
        site.replies = {
            "/robots.txt": "",
            "/": page("/rss", "/also-old"),
            "/rss": feed(*links(site.url), days=90),
            "/also-old": feed(*links(site.url), days=80),
        }
        seeds = seeds_with(
            tmp_path, {"paper": {"homepage": f"{site.url}/", "feeds": [f"{site.url}/rss"], "expected_per_day": [5, 50]}}
        )
        code, rows, _ = check(tmp_path, seeds, "--fix")
        assert code == 1 and rows["paper"]["verdict"] == "stale"
        assert declared(seeds)["paper"].feeds == (f"{site.url}/rss",)
        site.replies["/feed.xml"] = feed(*links(site.url))
        code, rows, _ = check(tmp_path, seeds, "--fix")
        assert code == 0 and declared(seeds)["paper"].feeds == (f"{site.url}/feed.xml",)


def test_old_feed_takes_the_place_of_one_that_is_gone_but_stays_sick(tmp_path: Path) -> None:
    with Site() as site:
        site.replies = {
            "/robots.txt": "",
            "/": page("/comments/feed", "/old"),
            "/old": feed(*links(site.url), days=400),
        }
        site.replies["/comments/feed"] = feed(*links(site.url, name="remark"))
        seeds = seeds_with(tmp_path, {"paper": {"homepage": f"{site.url}/", "feeds": [f"{site.url}/rss"]}})
        code, rows, _ = check(tmp_path, seeds, "--fix")
        assert code == 1 and rows["paper"]["verdict"] == "stale"
        assert declared(seeds)["paper"].feeds == (f"{site.url}/old",) and declared(seeds)["paper"].checked is None


def checked_channel(folder: Path, seeds: Path, telegram: Site) -> subprocess.CompletedProcess[str]:
    words = ("sources", "check", "--allow-private-hosts", "--format", "json", "--fix")
    return run_with({"TELEGRAM_BASE": telegram.url}, folder, seeds, *words)


def test_telegram_channels_are_checked(tmp_path: Path) -> None:
    with Site() as telegram:
        seeds = seeds_with(tmp_path, {"paper": {"homepage": "https://paper.example/", "telegram": ["gazette"]}})
        sent = (datetime.now(UTC) - timedelta(hours=2)).isoformat(timespec="seconds")
        telegram.replies = {
            "/robots.txt": "",
            "/s/gazette": preview(message(1, "The gate was closed in the evening, traders said.", sent=sent)),
        }
        result = checked_channel(tmp_path, seeds, telegram)
        (row,) = json.loads(result.stdout)
        assert (
            result.returncode == 0
            and row["verdict"] == "ok"
            and row["kind"] == "channel"
            and row["address"] == "gazette"
        )
        assert declared(seeds)["paper"].checked in these_days()
        telegram.replies["/s/gazette"] = page(title="Gazette")
        (row,) = json.loads(checked_channel(tmp_path, seeds, telegram).stdout)
        assert row["verdict"] == "other kind" and "shows no messages" in row["problem"]


def test_fault_of_the_program_at_one_source_is_a_row() -> None:
    source = Source("a", "A", "XA", ("en",), "https://a.example/", "independent", feeds=("https://a.example/rss",))
    (row,) = failed(source, RuntimeError("no idea"))
    assert (row.verdict, row.well, row.problem) == ("failed", False, "RuntimeError: no idea")
    assert row.record()["address"] == "https://a.example/rss"


@pytest.mark.parametrize(("expected", "days"), [(None, 120), ((0, 9), 120), ((1, 9), 20), ((4, 9), 5), ((50, 900), 3)])
def test_patience_follows_the_rhythm_of_the_source(expected: tuple[int, int] | None, days: int) -> None:
    source = Source("a", "A", "XA", ("en",), "https://a.example/", "independent", expected_per_day=expected)
    assert stale_after(source) == timedelta(days=days)
