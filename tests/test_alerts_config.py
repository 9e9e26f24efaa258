"""Rules and channels of monitor.toml: what can be meant is read, anything else is one clear line at the start."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from monitor.alerts.book import Book, load_book
from monitor.alerts.times import Hours, Rate, parse_clock, parse_length
from monitor.config import load_config
from monitor.errors import ConfigError
from monitor.store import searches
from monitor.store.database import open_store
from monitor.store.search import Filters
from tests.alerting import NOW, TOPIC
from tests.paths import ROOT

CHANNEL = '[[channel]]\nname = "out"\nkind = "stdout"\n'
RULE = '[[rule]]\nname = "r"\non = "new"\nchannels = ["out"]\n'


def read(
    folder: Path, text: str, environ: dict[str, str] | None = None, mode: int = 0o644, seeds: Path = TOPIC
) -> Book:
    file = folder / "monitor.toml"
    file.write_text(text, encoding="utf-8")
    file.chmod(mode)
    return load_book(load_config(file, environ={}, seeds=seeds, db=folder / "m.db"), environ or {})


def test_the_example_of_the_guide_is_read(tmp_path: Path) -> None:
    guide = (ROOT / "docs" / "alerts.md").read_text(encoding="utf-8")
    first, *others = re.findall(r"```toml\n(.*?)```", guide, re.S)
    book = read(tmp_path, first, seeds=ROOT / "seeds")
    assert [rule.name for rule in book.rules][:2] == ["new clash", "figures"]
    assert {kind for rule in book.rules for kind in rule.on} > {"new", "confirmed", "closed", "brief", "run"}
    assert set(book.crossing_words.values()) == {"closed", "reopened"}
    secrets = {"SMTP_PASSWORD": "x y/z", "NTFY_TOKEN": "tk_123", "HOOK_SECRET": "hush"}
    with closing(open_store(tmp_path / "m.db")) as conn:
        searches.save(conn, "shelling at Chaman", "shelling OR mortar", Filters(place="Chaman"), across=True, now=NOW)
    for text in others:
        assert read(tmp_path, text, secrets).channels


def test_names_are_known_however_they_are_written(tmp_path: Path) -> None:
    rule = read(tmp_path, CHANNEL + RULE + 'places = ["KARST  crossing", "karst-gate"]\n').rules[0]
    assert rule.places == {"karst  crossing", "karst-gate"}


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (CHANNEL + RULE.replace('"new"', '"news"'), r"toml:6: on: 'news' is not one of all_clear, brief"),
        (CHANNEL + RULE.replace('"out"', '"mail"'), r"toml:7: channels: 'mail' is no channel; declared are out"),
        (RULE, r"toml:4: channels: 'out' is no channel; declared are none"),
        (CHANNEL + RULE + 'place = ["x"]\n', r"place: unknown field; known are"),
        (CHANNEL + RULE + 'places = ["Karst Gat"]\n', r"toml:8: places: 'karst gat' is not known; did you mean karst"),
        (CHANNEL + RULE + 'actors = ["nobody"]\n', r"actors: 'nobody' is not known"),
        (CHANNEL + RULE + 'sources = ["herald"]\n', r"sources: 'herald' is not known"),
        (CHANNEL + RULE + 'keywords = ["zzz"]\n', r"keywords: 'zzz' is not known"),
        (CHANNEL + RULE + 'event_types = ["war"]\n', r"event_types: 'war' is not known"),
        (CHANNEL + RULE + 'group_wait = "soon"\n', r"group_wait: 'soon' is not a length of time like 30s, 5m"),
        (CHANNEL + RULE + 'severity = "high"\n', r"severity: 'high' is not one of critical, info, warning"),
        (CHANNEL + RULE + "min_origins = 0\n", r"min_origins: must be a whole number from 1 to 1000, not 0"),
        (CHANNEL + RULE + 'min_relevance = "0.5"\n', r"min_relevance: must be a number from 0 to 1"),
        (CHANNEL + RULE + 'muted_by = ["x"]\n', r"muted_by: 'x' is the name of no rule"),
        (CHANNEL + RULE + 'at = "07:00"\n', r"at: goes with brief and all_clear alone"),
        (CHANNEL + RULE.replace('"new"', '"brief"'), r"at: is missing"),
        (CHANNEL + RULE.replace('"new"', '"brief"') + 'at = "7 o\'clock"\n', r"at: \"7 o'clock\" is not a time of day"),
        (CHANNEL + RULE.replace('"new"', '"confirmed"'), r"min_origins: is needed with confirmed"),
        (CHANNEL + RULE.replace('"new"', '"story"'), r"on: a rule on story needs one of places"),
        (CHANNEL + RULE + RULE, r"toml:9: name: 'r' stands already above"),
        (CHANNEL + CHANNEL, r"name: 'out' stands already above"),
        (CHANNEL + 'rate = "many"\n', r"rate: 'many' is not a rate like 60/h"),
        (CHANNEL + "storm = 0\n", r"storm: must be 1 or more"),
        (CHANNEL + 'quiet_hours = "night"\n', r"quiet_hours: 'night' is not like 22:00-06:00"),
        (CHANNEL + 'url = "json://x"\n', r"url: is not for channels of kind stdout"),
        ('[[channel]]\nname = "f"\nkind = "atom"\n', r"path: is missing: a channel of kind atom needs it"),
        ('[[channel]]\nname = "f"\nkind = "fax"\n', r"kind: 'fax' is not one of"),
        ('[[channel]]\nname = "m"\n', r"url: is missing"),
        ('[[channel]]\nname = "m"\nurl = "fax://x"\n', r"toml:3: url: is not an address that Apprise can use"),
        ('[[channel]]\nname = "w"\nkind = "webhook"\nurl = "ftp://x"\nsecret = "${S}"\n', r"url: is not an http"),
        ('[[channel]]\nname = "w"\nkind = "webhook"\nurl = "https://x"\n', r"secret: is missing"),
        ('[[channel]]\nname = "m"\nurl = "json://u:${PW}@h"\n', r"url: the secret PW is missing: set it in the env"),
        ('[[channel]]\nname = "m"\nurl = "json://u:open@h"\n', r"url: holds a secret, but others may read the file"),
        ('[[channel]]\nname = "w"\nkind = "webhook"\nurl = "https://x"\nsecret = "a"\n', r"secret: holds a secret, but"),
        ('[alerts]\npierce = "all"\n', r"alerts.pierce: 'all' is not one of"),
        ('[alerts]\nmax_age = "old"\n', r"alerts.max_age: 'old' is not a length"),
        ('[alerts]\nping = "${PING}"\n', r"alerts.ping: the secret PING is missing"),
        ('[alerts]\ntimezone = "Mars/Base"\n' + CHANNEL, r"alerts.timezone: 'Mars/Base' is no time zone"),
        ("[rule]\nname = 1\n", r"rule: must be written as \[\[rule\]\] tables"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_one_line(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(ConfigError, match=complaint) as error:
        read(tmp_path, text, {"S": "sss"})
    assert "\n" not in str(error.value)
    assert "monitor.toml" in str(error.value) or "ping" in complaint
    assert ":open" not in str(error.value)


def test_secrets_from_a_tight_file(tmp_path: Path) -> None:
    text = '[[channel]]\nname = "m"\nurl = "json://user:${PW}@desk.example"\n'
    secrets = tmp_path / "monitor.secrets"
    secrets.write_text("# mail\nexport PW='p@ss word'\n\n")
    secrets.chmod(0o640)
    with pytest.raises(ConfigError, match="others may read it; run: chmod 600"):
        read(tmp_path, text)
    secrets.chmod(0o600)
    assert read(tmp_path, text).channels[0].url == "json://user:p%40ss%20word@desk.example"
    assert read(tmp_path, text, {"PW": "other"}).channels[0].url == "json://user:other@desk.example"
    secrets.write_text("what\n")
    with pytest.raises(ConfigError, match=r"monitor.secrets:1: is not a line like NAME=value"):
        read(tmp_path, text)


def test_a_whole_address_may_be_secret_and_a_tight_file_may_hold_one(tmp_path: Path) -> None:
    whole = '[[channel]]\nname = "m"\nurl = "${URL}"\n'
    assert read(tmp_path, whole, {"URL": "json://u:a%2Fb@h"}).channels[0].url == "json://u:a%2Fb@h"
    assert read(tmp_path, whole.replace("${URL}", "json://u:pw@h"), mode=0o600).channels


@pytest.mark.parametrize(
    "words", [("crawl",), ("import", "/dev/null"), ("reprocess",), ("alerts", "deliver"), ("alerts", "test")]
)
def test_every_command_that_needs_them_refuses_at_the_start(tmp_path: Path, words: tuple[str, ...]) -> None:
    file = tmp_path / "monitor.toml"
    file.write_text(CHANNEL + RULE.replace('"new"', '"gnu"'))
    options = ["--config", str(file), "--db", str(tmp_path / "m.db"), "--seeds", str(TOPIC)]
    result = subprocess.run(
        [sys.executable, "-m", "monitor", *options, *words],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert result.returncode == 2
    assert re.fullmatch(r"monitor: \S+monitor.toml:6: on: 'gnu' is not one of [a-z_, ]+\n", result.stderr), (
        result.stderr
    )


def test_lengths_rates_and_hours() -> None:
    assert parse_length("1h30m") == timedelta(minutes=90) and parse_length("0s") == timedelta()
    assert parse_clock("7:05") == time(7, 5)
    assert Rate.parse("10/15m") == Rate(10, timedelta(minutes=15)) and Rate.parse("60/h").per == timedelta(hours=1)
    night = Hours.parse("22:00-06:00", ZoneInfo("Asia/Kathmandu"))
    day = Hours.parse("06:00 - 22:00", UTC)
    assert night is not None and day is not None and Hours.parse(" ", UTC) is None
    assert night.hold(datetime(2025, 10, 12, 16, 16, tzinfo=UTC)), "22:01 in Kathmandu"
    assert not night.hold(datetime(2025, 10, 12, 16, 14, tzinfo=UTC))
    assert not night.hold(datetime(2025, 10, 12, 0, 15, tzinfo=UTC))
    assert day.hold(datetime(2025, 10, 12, 6, tzinfo=UTC)) and not day.hold(datetime(2025, 10, 12, 22, tzinfo=UTC))
    for text in ("5", "m", "5 m", "-5m", "5x"):
        with pytest.raises(ValueError, match="length of time"):
            parse_length(text)
    for text in ("0/h", "5/0m", "h"):
        with pytest.raises(ValueError, match="rate"):
            Rate.parse(text)
    for text in ("24:00", "7", "07:60"):
        with pytest.raises(ValueError, match="time of day"):
            parse_clock(text)
