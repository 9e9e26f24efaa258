"""The schedule: lines for the user's crontab between markers, or systemd units, that run the crawl by themselves.

Lines are made and checked with python-crontab; the rest of the crontab is left as it is, byte by byte (that library
would write it anew, and leave out what it does not know).
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from datetime import time, timedelta
from hashlib import blake2b
from pathlib import Path

from crontab import CronTab

import monitor
from monitor.errors import ConfigError, MonitorError

_PROJECT = Path(monitor.__file__).resolve().parents[1]
# Lengths between runs that cron can keep evenly: minutes that divide an hour, hours that divide a day.
_MINUTES = tuple(n for n in range(1, 60) if 60 % n == 0)
_HOURS = tuple(n for n in range(1, 25) if 24 % n == 0)
_BEGIN, _END = "# BEGIN border-monitor", "# END border-monitor"
_JITTER_SHARE, _MOST_JITTER = 0.1, 60


@dataclass(frozen=True)
class Schedule:
    """What is to run: on which database, seeds and settings (absolute paths), how often, and when the brief is sent."""

    db: Path
    seeds: Path
    every: timedelta
    brief: time | None = None
    config: Path | None = None
    log: Path | None = None
    log_kib: int = 1024
    arguments: tuple[str, ...] = ()

    @property
    def jitter(self) -> int:
        """Seconds at most that a run waits before it begins, so that not all the world asks on the minute."""
        return min(_MOST_JITTER, int(self.every.total_seconds() * _JITTER_SHARE))

    @property
    def log_file(self) -> Path:
        """Where what the runs say is written."""
        return self.log or self.db.parent / "monitor.log"

    def command(self, *words: str) -> list[str]:
        """The program with absolute paths, and ``words``."""
        options = ["--db", str(self.db), "--seeds", str(self.seeds)]
        if self.config:
            options += ["--config", str(self.config)]
        return [sys.executable, "-m", "monitor", *options, *words]

    def run(self, job: str) -> list[str]:
        """The command of a scheduled run of ``job`` (crawl or brief)."""
        words = ["schedule", "run", job, "--log", str(self.log_file), "--log-kib", str(self.log_kib)]
        if job == "crawl":
            words += ["--jitter", str(self.jitter), *self.arguments]
        return self.command(*words)


def slices(every: timedelta, seed: str) -> str:
    """The five fields of a crontab line that runs ``every`` so often.

    From an hour on, the minute is chosen by ``seed``. Raises ConfigError for a length that cron cannot keep evenly.
    """
    minutes = int(every.total_seconds()) // 60
    offset = blake2b(seed.encode(), digest_size=2).digest()[0] % 60
    if timedelta(minutes=minutes) == every:
        if minutes in _MINUTES:
            return "* * * * *" if minutes == 1 else f"*/{minutes} * * * *"
        if minutes % 60 == 0 and minutes // 60 in _HOURS:
            hours = minutes // 60
            return f"{offset} {'*' if hours == 1 else '0' if hours == 24 else f'*/{hours}'} * * *"
    known = ", ".join([*(f"{n}m" for n in _MINUTES), *(f"{n}h" for n in _HOURS)])
    raise ConfigError(f"--every: cannot be kept evenly; choose one of {known}")


def cron_block(schedule: Schedule) -> str:
    """The lines for a crontab, between their markers."""
    jobs = [(slices(schedule.every, str(schedule.db)), "crawl")]
    if schedule.brief:
        jobs.append((f"{schedule.brief.minute} {schedule.brief.hour} * * *", "brief"))
    lines = [_line(when, schedule.run(job)) for when, job in jobs]
    return "\n".join([f"{_BEGIN} {schedule.db}", *lines, f"{_END} {schedule.db}"]) + "\n"


def _line(when: str, words: list[str]) -> str:
    command = f"cd {shlex.quote(str(_PROJECT))} && {shlex.join(words)}"
    if any(char in command for char in "\r\n"):
        raise ConfigError("a path with a line break cannot stand in a crontab")
    # cron takes a bare % for the end of the line; the library puts a backslash before it.
    item = CronTab(tab="").new(command=command)
    item.setall(when)
    if not item.is_valid():
        raise ConfigError(f"{when!r} is nothing that cron understands")
    return str(item.render())


def with_block(crontab: str, db: Path, block: str) -> str:
    """``crontab`` with ``block`` in the place of the one for ``db``, or behind all else; an empty one removes it."""
    kept: list[str] = []
    inside, place = False, None
    for line in crontab.splitlines(keepends=True):
        if line.rstrip("\n") == f"{_BEGIN} {db}":
            inside, place = True, len(kept)
        elif inside and line.rstrip("\n") == f"{_END} {db}":
            inside = False
        elif not inside:
            kept.append(line)
    if inside:
        raise ConfigError(f"the crontab has '{_BEGIN} {db}' without its end; mend it with 'crontab -e'")
    if kept and not kept[-1].endswith("\n"):
        kept[-1] += "\n"
    kept.insert(len(kept) if place is None else place, block)
    return "".join(kept)


def blocks(crontab: str) -> list[str]:
    """The blocks of ours in ``crontab``, of all databases."""
    found = re.findall(rf"^{_BEGIN} .*?^{_END} [^\n]*$", crontab, re.M | re.S)
    return [str(block) for block in found]


def read_crontab() -> str:
    """The user's crontab; empty when there is none. Raises MonitorError where cron is not installed."""
    result = _crontab("-l")
    if result.returncode and "no crontab" not in result.stderr.lower():
        raise MonitorError(f"the crontab cannot be read: {result.stderr.strip() or result.returncode}")
    return "" if result.returncode else result.stdout


def write_crontab(text: str) -> None:
    """Put ``text`` in the place of the user's crontab; raises MonitorError when cron refuses it."""
    result = _crontab("-", text)
    if result.returncode:
        raise MonitorError(f"the crontab was not changed: {result.stderr.strip() or result.returncode}")


def _crontab(argument: str, text: str | None = None) -> subprocess.CompletedProcess[str]:
    program = shutil.which("crontab", path=f"{os.environ.get('PATH', '')}:/usr/bin:/usr/local/bin")
    if program is None:
        raise MonitorError(
            "there is no crontab on this machine: install cron (on Debian: apt install cron), or use --systemd"
        )
    return subprocess.run([program, argument], input=text, capture_output=True, text=True, check=False)  # noqa: S603


def systemd_units(schedule: Schedule) -> str:
    """The service and timer units that do the same, as files to put into ``~/.config/systemd/user``."""
    jobs = [("crawl", "border-monitor", _calendar(schedule.every), schedule.jitter)]
    if schedule.brief:
        jobs.append(("brief", "border-monitor-brief", f"*-*-* {schedule.brief:%H:%M}:00", 0))
    return "\n".join(_units(schedule, *job) for job in jobs)


def _units(schedule: Schedule, job: str, name: str, calendar: str, jitter: int) -> str:
    words = " ".join(_quoted(word) for word in schedule.run(job))
    delay = f"RandomizedDelaySec={jitter}\n" if jitter else ""
    return (
        f"# ~/.config/systemd/user/{name}.service\n"
        f"[Unit]\nDescription=Border Monitor: {job}\nAfter=network-online.target\n\n"
        f"[Service]\nType=oneshot\nWorkingDirectory={_PROJECT}\nExecStart={words}\nSuccessExitStatus=75\nNice=10\n\n"
        f"# ~/.config/systemd/user/{name}.timer\n"
        f"[Unit]\nDescription=Border Monitor: {job}\n\n"
        f"[Timer]\nOnCalendar={calendar}\n{delay}Persistent=true\n\n"
        f"[Install]\nWantedBy=timers.target\n\n"
        f"# systemctl --user daemon-reload && systemctl --user enable --now {name}.timer\n"
    )


def _calendar(every: timedelta) -> str:
    fields = slices(every, "").split()
    minute, hour = fields[0], fields[1]
    if minute.startswith("*"):
        return f"*-*-* *:{minute.replace('*/', '0/') if '/' in minute else '*'}:00"
    return f"*-*-* {hour.replace('*/', '0/')}:{int(minute):02d}:00"


def _quoted(word: str) -> str:
    """A word of a command line as systemd reads it."""
    text = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{text}"' if re.search(r"[\s\"';\\]", word) or not word else text
