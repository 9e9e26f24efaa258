"""The schedule: lines in a crontab, a run under cron's bare environment with its log, and a real cron daemon."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from datetime import time as clock
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.errors import ConfigError
from monitor.schedule import Schedule, blocks, cron_block, slices, systemd_units, with_block
from monitor.scheduled import run_job
from tests.paths import ROOT
from tests.receivers import Hook
from tests.site import Site, rss
from tests.test_crawl import article, seeds_for

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
OTHERS = "# mine\nMAILTO = me@desk.example\n\n0 5 * * 1   tar -zcf /x.tgz /home  # keep\n@daily  true %in\nodd line\n"


def plan(folder: Path, **more: object) -> Schedule:
    values: dict[str, object] = {"db": folder / "m.db", "seeds": folder / "seeds", "every": 15 * MINUTE, **more}
    return Schedule(**values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("every", "fields"),
    [(MINUTE, "* * * * *"), (5 * MINUTE, "*/5 * * * *"), (15 * MINUTE, "*/15 * * * *"), (30 * MINUTE, "*/30 * * * *")],
)
def test_fields(every: timedelta, fields: str) -> None:
    assert slices(every, "x") == fields


def test_from_an_hour_on_the_minute_is_the_databases_own() -> None:
    minutes = {slices(HOUR, f"/srv/{name}.db").split()[0] for name in range(50)}
    assert len(minutes) > 20 and all(0 <= int(minute) < 60 for minute in minutes)
    assert slices(6 * HOUR, "x").split()[1:] == ["*/6", "*", "*", "*"]
    assert slices(24 * HOUR, "x").split()[1:] == ["0", "*", "*", "*"]


@pytest.mark.parametrize("every", [7 * MINUTE, 90 * MINUTE, 5 * HOUR, timedelta(seconds=30), timedelta(), 48 * HOUR])
def test_what_cron_cannot_keep_is_refused(every: timedelta) -> None:
    with pytest.raises(ConfigError, match="choose one of 1m, 2m, 3m"):
        slices(every, "x")


def test_lines_hold_absolute_paths_and_odd_ones_are_quoted(tmp_path: Path) -> None:
    odd = tmp_path / "a b%c'd"
    block = cron_block(plan(odd, brief=clock(7, 5), config=odd / "monitor.toml"))
    first, crawl, brief, last = block.splitlines()
    assert first == f"# BEGIN border-monitor {odd}/m.db" and last == f"# END border-monitor {odd}/m.db"
    assert crawl.startswith(f"*/15 * * * * cd {ROOT} && {sys.executable} -m monitor --db ")
    assert brief.startswith("5 7 * * * ") and "schedule run brief" in brief
    assert crawl.count("%") == crawl.count("\\%") > 0
    # What cron hands to the shell: everything behind the five fields, with \% as %.
    words = crawl.split(None, 5)[5].replace("\\%", "%").partition("&& ")[2].replace(sys.executable, "printf '%s\\n'")
    told = subprocess.run(["/bin/sh", "-c", words], capture_output=True, text=True, check=True).stdout.splitlines()
    assert f"{odd}/m.db" in told and f"{odd}/monitor.toml" in told and f"{odd}/monitor.log" in told


def test_the_rest_of_a_crontab_stays_byte_by_byte(tmp_path: Path) -> None:
    one, two = plan(tmp_path), plan(tmp_path, every=5 * MINUTE)
    other = plan(tmp_path / "other")
    first = with_block(OTHERS, one.db, cron_block(one))
    assert first == OTHERS + cron_block(one)
    again = with_block(first + "# behind\n", two.db, cron_block(two))
    assert again == OTHERS + cron_block(two) + "# behind\n"
    both = with_block(again, other.db, cron_block(other))
    assert len(blocks(both)) == 2
    assert with_block(with_block(both, one.db, ""), other.db, "") == OTHERS + "# behind\n"
    assert with_block("no newline", one.db, cron_block(one)).startswith("no newline\n# BEGIN")
    with pytest.raises(ConfigError, match="without its end"):
        with_block(first.replace("# END", "# KONIEC"), one.db, "")


def test_systemd_units(tmp_path: Path) -> None:
    units = systemd_units(plan(tmp_path / "a b", brief=clock(7, 0)))
    assert "OnCalendar=*-*-* *:0/15:00\nRandomizedDelaySec=60\nPersistent=true" in units
    assert "OnCalendar=*-*-* 07:00:00" in units and f'"{tmp_path}/a b/m.db"' in units
    if shutil.which("systemd-analyze"):
        for line in units.splitlines():
            if line.startswith("OnCalendar="):
                subprocess.run(["systemd-analyze", "calendar", line.partition("=")[2]], check=True)


def fake_crontab(folder: Path) -> dict[str, str]:
    """An environment in which ``crontab`` keeps its table in a file."""
    program, table = folder / "bin" / "crontab", folder / "table"
    program.parent.mkdir()
    program.write_text(
        f'#!/bin/sh\nif [ "$1" = -l ]; then [ -f {table} ] && exec cat {table}; echo "no crontab for me" >&2; exit 1; fi\n'
        f"exec cat > {table}\n"
    )
    program.chmod(0o755)
    return {**os.environ, "PATH": f"{program.parent}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}


def monitor(folder: Path, env: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "monitor", *words], cwd=folder, env=env, capture_output=True, text=True, check=False
    )


def test_install_show_remove(tmp_path: Path) -> None:
    env = fake_crontab(tmp_path)
    (tmp_path / "seeds").symlink_to(ROOT / "tests" / "second_topic")
    none = monitor(tmp_path, env, "schedule", "show")
    assert none.returncode == 1 and "nothing is installed" in none.stderr and "Last good run: none yet" in none.stderr
    done = monitor(tmp_path, env, "schedule", "install", "--every", "15m", "--brief", "07:00", "--db", "m.db")
    assert done.returncode == 0, done.stderr
    table = (tmp_path / "table").read_text()
    assert table == done.stdout and f"--db {tmp_path}/m.db --seeds {ROOT}/tests/second_topic" in table
    assert monitor(tmp_path, env, "schedule", "install", "--every", "1h", "--db", "m.db").returncode == 0
    assert (tmp_path / "table").read_text().count("# BEGIN") == 1
    shown = monitor(tmp_path, env, "schedule", "show", "--db", "m.db")
    assert shown.returncode == 0 and shown.stdout.strip() == (tmp_path / "table").read_text().strip()
    assert monitor(tmp_path, env, "schedule", "remove", "--db", "m.db").returncode == 0
    assert (tmp_path / "table").read_text() == ""
    assert monitor(tmp_path, env, "schedule", "remove", "--db", "m.db").returncode == 2
    bad = monitor(tmp_path, env, "schedule", "install", "--every", "7m")
    assert bad.returncode == 2 and "cannot be kept evenly" in bad.stderr


def test_a_secret_that_cron_would_not_know_is_refused(tmp_path: Path) -> None:
    env = {**fake_crontab(tmp_path), "PW": "secret-word"}
    file = tmp_path / "monitor.toml"
    file.write_text('[[channel]]\nname = "m"\nurl = "json://u:${PW}@desk.example"\n')
    refused = monitor(tmp_path, env, "schedule", "install")
    assert refused.returncode == 2 and "PW is not in the secrets file" in refused.stderr
    assert "secret-word" not in refused.stderr
    (tmp_path / "monitor.secrets").write_text("PW=secret-word\n")
    (tmp_path / "monitor.secrets").chmod(0o600)
    assert monitor(tmp_path, env, "schedule", "install").returncode == 0
    assert "secret-word" not in (tmp_path / "table").read_text()


SCRIPT = "import sys, time; print('alert'); print('INFO noise', file=sys.stderr); sys.stdout.flush(); {}"


def job(tmp_path: Path, rest: str, kib: int = 1024, limit: timedelta = HOUR) -> int:
    return run_job([sys.executable, "-c", SCRIPT.format(rest)], tmp_path / "log" / "m.log", kib, limit=limit)


def test_a_run_is_silent_unless_it_fails(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert job(tmp_path, "sys.exit(0)") == 0
    assert capfd.readouterr() == ("alert\n", ""), "alerts to stdout pass, for cron to mail"
    assert job(tmp_path, "sys.exit(75)") == 0
    assert capfd.readouterr().err == ""
    assert job(tmp_path, "sys.exit(3)") == 3
    assert capfd.readouterr().err == "INFO noise\n"
    log = (tmp_path / "log" / "m.log").read_text()
    assert log.count(" INFO noise\n") == 3 and "end: exit code 3 after" in log


def test_a_run_that_hangs_is_ended(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert job(tmp_path, "time.sleep(60)", limit=timedelta(seconds=0.5)) == 1
    assert "took longer than" in capfd.readouterr().err


def test_the_log_is_rotated(tmp_path: Path) -> None:
    for _ in range(8):
        job(tmp_path, "print('x' * 700, file=sys.stderr)", kib=1)
    logs = sorted(path.name for path in (tmp_path / "log").iterdir())
    assert logs == ["m.log", *(f"m.log.{n}" for n in range(1, 6))]
    assert all(path.stat().st_size < 3000 for path in (tmp_path / "log").iterdir())


@pytest.mark.slow
def test_a_line_of_the_crontab_runs_in_a_bare_environment_and_pings(tmp_path: Path) -> None:
    """As cron runs it: /bin/sh, from another folder, four variables; then the dead man's switch has been told."""
    with Site() as site, Hook() as hook:
        site.replies = {"/feed": rss(f"{site.url}/a"), "/a": article(1), "/robots.txt": "User-agent: *\nAllow: /\n"}
        seeds = seeds_for(tmp_path, site)
        file = tmp_path / "monitor.toml"
        file.write_text(
            f'[alerts]\nping = "{hook.url}?token=1"\n[[channel]]\nname = "out"\nkind = "stdout"\n'
            '[[rule]]\nname = "r"\non = "new"\nchannels = "out"\n'
        )
        block = cron_block(plan(tmp_path, seeds=seeds, every=MINUTE, config=file, arguments=("--allow-private-hosts",)))
        command = block.splitlines()[1].split(None, 5)[5].replace("--jitter 6", "--jitter 0")
        env = {"HOME": str(tmp_path), "LOGNAME": "x", "PATH": "/usr/bin:/bin", "SHELL": "/bin/sh"}
        result = subprocess.run(
            ["/bin/sh", "-c", command], cwd="/", env=env, capture_output=True, text=True, check=False
        )
        assert result.returncode == 0 and result.stderr == "", result.stderr
        assert result.stdout.startswith("New ") and "single source" in result.stdout
        assert {"path": "/hook?token=1"} in hook.received
        log = (tmp_path / "monitor.log").read_text()
        assert "run 1 done: 1 listed, 1 fetched, 1 stored, 0 failed" in log and "token" not in log
        site.replies = {}
        again = subprocess.run(
            ["/bin/sh", "-c", command], cwd="/", env=env, capture_output=True, text=True, check=False
        )
        assert "token" not in again.stderr


@pytest.mark.slow
@pytest.mark.skipif(
    not (shutil.which("cron") and shutil.which("crontab") and os.geteuid() == 0) or not os.environ.get("MONITOR_CRON"),
    reason="needs root, Debian's cron, and MONITOR_CRON=1: it changes the crontab of root and runs the daemon for minutes",
)
def test_a_real_cron_daemon(tmp_path: Path) -> None:
    """Every minute on the newswire of the demo, by what 'schedule install' wrote: stories, an alert, a rotated log."""
    from monitor.demo.newswire import Newswire

    before = subprocess.run(["crontab", "-l"], capture_output=True, text=True, check=False)
    with Newswire(ROOT / "seeds") as wire:
        wire.write_seeds(tmp_path / "seeds")
        file = tmp_path / "monitor.toml"
        file.write_text(
            "[crawl]\ntimeout = 4\n"
            '[[channel]]\nname = "file"\nkind = "file"\npath = "alerts.jsonl"\n'
            '[[rule]]\nname = "r"\non = "new"\nchannels = "file"\n'
        )
        options = ("--config", str(file), "--db", str(tmp_path / "m.db"), "--seeds", str(tmp_path / "seeds"))
        env = {**os.environ, "PYTHONPATH": str(ROOT)}
        installed = monitor(
            tmp_path, env, "schedule", "install", "--every", "1m", "--log-kib", "1", "--allow-private-hosts", *options
        )
        assert installed.returncode == 0, installed.stderr
        daemon = None
        try:
            daemon = subprocess.Popen([str(shutil.which("cron")), "-f"], env={"PATH": "/usr/bin:/bin"})
            end = time.monotonic() + 420
            while time.monotonic() < end and not (tmp_path / "monitor.log.1").exists():
                time.sleep(2)
        finally:
            if daemon is not None:
                daemon.terminate()
                daemon.wait(10)
            assert monitor(tmp_path, env, "schedule", "remove", *options).returncode == 0
            after = subprocess.run(["crontab", "-l"], capture_output=True, text=True, check=False)
            assert after.stdout == (before.stdout if before.returncode == 0 else "")
        assert (tmp_path / "monitor.log.1").exists(), "the log is rotated"
        assert (tmp_path / "alerts.jsonl").read_text("utf-8").count('"kind": "new"') > 0
        status = monitor(tmp_path, env, "schedule", "show", *options)
        assert "Last good run: " in status.stderr and "none yet" not in status.stderr
        shown = monitor(tmp_path, env, "search", "--clash", "--format", "jsonl", *options)
        assert len(shown.stdout.splitlines()) > 5
