"""The replay: stories of past days taken in day by day, as if each morning somebody asked what had happened."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from monitor.analysis.origins import FILE as AGENCIES
from monitor.analysis.topic import Topic
from monitor.brief import Brief, make_brief
from monitor.config import Config
from monitor.errors import SeedsError
from monitor.followup import follow_up, load_origins
from monitor.health import judge, unseen
from monitor.imports import ImportResult, import_lines
from monitor.incident import Update
from monitor.sources import load_sources, time_zones
from monitor.store.database import open_store
from monitor.store.health import read_history

FOLDER = "replay"
_OUTLETS = "outlets.toml"
# A news day runs from this hour (UTC) to the same of the next day.
_MORNING = time(6, tzinfo=UTC)
_NOT_TOPIC = shutil.ignore_patterns("sources", "newswire", FOLDER, "__pycache__")


@dataclass(frozen=True)
class NewsDay:
    """A day of the replay: its file of stories."""

    day: date
    path: Path

    @property
    def begin(self) -> datetime:
        """From when on its stories were published."""
        return datetime.combine(self.day, _MORNING)

    @property
    def morning(self) -> datetime:
        """When it is over, and the brief is made."""
        return self.begin + timedelta(days=1)


@dataclass(frozen=True)
class Morning:
    """What a news day brought: how many stories, what became of the incidents, and the brief when it was over."""

    day: NewsDay
    result: ImportResult
    updates: list[Update]
    brief: Brief


def news_days(seeds: Path, stories: Path | None = None) -> list[NewsDay]:
    """The days of the replay of a seeds folder, or of the folder ``stories``, in order; raises SeedsError for none."""
    folder = stories or seeds / FOLDER
    days = [NewsDay(date.fromisoformat(path.stem), path) for path in sorted(folder.glob("????-??-??.jsonl"))]
    if not days:
        raise SeedsError(folder, None, None, "holds no day to replay (files like 2021-05-03.jsonl)")
    return days


def write_seeds(seeds: Path, folder: Path, stories: Path | None = None) -> Path:
    """Write a seeds folder for the replay: the topic of ``seeds``, the replay's outlets, the agencies of both.

    ``stories`` is the folder to replay, the one in ``seeds`` by default. Returns ``folder``, which must not exist yet.
    """
    stories = stories or seeds / FOLDER
    shutil.copytree(seeds, folder, ignore=_NOT_TOPIC)
    (folder / "sources").mkdir()
    shutil.copyfile(stories / _OUTLETS, folder / "sources" / "replay.toml")
    known, more = seeds / AGENCIES, stories / AGENCIES
    texts = [path.read_text("utf-8") for path in (known, more) if path.exists()]
    (folder / AGENCIES).write_text("\n".join(texts), encoding="utf-8")
    return folder


def replay(config: Config, days: list[NewsDay], report: Callable[[int, str], None]) -> Iterator[Morning]:
    """Take in each of ``days`` as ``monitor import`` does, and give what was known on the morning after.

    ``config`` names the database and a seeds folder that ``write_seeds`` made; ``report`` is called with the number
    and fault of each line that cannot be read.
    """
    topic = Topic.load(config.seeds)
    origins, zones = load_origins(config, topic), time_zones(config.seeds)
    sources = load_sources(config.seeds / "sources")
    with closing(open_store(config.db)) as conn:
        for day in days:
            with day.path.open("rb") as lines:
                result = import_lines(lines, conn, topic, report, zones, origins)
            updates = follow_up(conn, config, day.morning, topic=topic)
            health = judge(
                read_history(conn, sources, day.morning), sources, day.morning, timedelta(hours=config.stale_hours)
            )
            made = make_brief(conn, topic, day.begin, day.morning, classes=origins.classes, unseen=unseen(health))
            yield Morning(day, result, updates, made)
