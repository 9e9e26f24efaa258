"""What health is judged from: what each source did hour by hour, written when a run ends, read for a moment in time.

Small tables are kept instead of asking the ledger: looking back eight weeks reads some 100,000 short rows however many
pages the ledger has, and needs no index of every page by time. Hours, not days, because a judgement looks back on the
24 hours before it, whenever it is made. What a run that was killed had listed is counted by the next.
"""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from monitor.health import History, Run, SourceHistory, WayIn, Window, own_fault
from monitor.items import isoformat, moment
from monitor.language import languages_of
from monitor.sources import Source
from monitor.store.database import transaction

if TYPE_CHECKING:
    from monitor.store.collection import SourceCounts

# How far back a judgement looks, in windows of 24 hours: eight weeks and a day.
WINDOWS = 57
# How long the hours are kept: a year, to look back on; 100 outlets polled every hour take some 150 MB.
_KEPT = timedelta(days=366)
# So much of an entry's summary is read for its language.
_READ = 300
# Entries of a source whose languages are told at one count.
_TOLD = 50
# The command of a run over all sources; one over named sources has their names behind it.
_WHOLE = "crawl"
_COLUMNS = ("reads", "unread", "listed", "fetched", "unfetched", "extracted", "empty", "stored")
_PAGES = ("fetched", "unfetched", "extracted", "empty", "stored")

_Hours = defaultdict[tuple[str, ...], Counter[str]]


# Writing, when a run ends


@dataclass(frozen=True)
class _Poll:
    """How a feed or other way in was last polled."""

    url: str
    source: str
    at: str
    problem: str | None
    entries: int | None


def record(
    conn: sqlite3.Connection,
    run: int,
    now: datetime,
    sources: Mapping[str, SourceCounts],
    tell: Callable[[Sequence[str]], Sequence[str]] = languages_of,
) -> None:
    """Write down what run ``run``, which ends ``now``, says of health; part of the transaction that ends it.

    ``tell`` tells the languages of texts.
    """
    polls = _new_polls(conn)
    polled, read = {poll.source for poll in polls}, {poll.source for poll in polls if poll.problem is None}
    ours = own_fault(len(polled), len(polled - read))
    hours: _Hours = defaultdict(Counter)
    languages: _Hours = defaultdict(Counter)
    for poll in polls:
        hours[poll.at[:13], poll.source]["reads" if poll.problem is None else "unread"] += 1
    with transaction(conn):
        _count_entries(conn, now, hours, languages, tell)
        _count_pages(sources, now, ours, hours, languages)
        _note_polls(conn, polls, ours)
        _add(conn, "source_hours", ("hour", "source"), _COLUMNS, hours)
        _add(conn, "language_hours", ("hour", "source", "language"), ("listed", "stored"), languages)
        for table in ("source_hours", "language_hours"):
            conn.execute(f"delete from {table} where hour < ?", (_hour(now - _KEPT),))  # noqa: S608
        conn.execute("update runs set polled = ?, unread = ? where id = ?", (len(polled), len(polled - read), run))


def _new_polls(conn: sqlite3.Connection) -> list[_Poll]:
    """The polls not yet written down, those of killed runs among them."""
    rows = conn.execute(
        "select f.url, f.source, f.fetched_at, f.problem, f.entries from feeds f left join ways_in w on w.url = f.url"
        " where f.fetched_at > coalesce(w.polled_at, '') order by f.url"
    )
    return [_Poll(*row) for row in rows]


def _note_polls(conn: sqlite3.Connection, polls: Collection[_Poll], ours: bool) -> None:
    """Keep how each way in fares; where our own connection was down, a failure is not held against it."""
    conn.executemany(
        "insert into ways_in (url, source, polled_at, read_at, entries) values (?1, ?2, ?3, ?3, ?4)"
        " on conflict (url) do update set source = ?2, polled_at = ?3, read_at = ?3, entries = ?4, failures = 0,"
        " problem = null",
        [(poll.url, poll.source, poll.at, poll.entries) for poll in polls if poll.problem is None],
    )
    conn.executemany(
        "insert into ways_in (url, source, polled_at, failures, problem) values (?1, ?2, ?3, ?4, ?5)"
        " on conflict (url) do update set source = ?2, polled_at = ?3, failures = failures + ?4,"
        " problem = case when ?4 then ?5 else problem end",
        [(poll.url, poll.source, poll.at, int(not ours), poll.problem) for poll in polls if poll.problem is not None],
    )


def _count_entries(
    conn: sqlite3.Connection,
    now: datetime,
    hours: _Hours,
    languages: _Hours,
    tell: Callable[[Sequence[str]], Sequence[str]],
) -> None:
    """Count the entries listed since the last count, by the hour and by the language of their words.

    Of a source that lists very many at once, as at its first reading, the languages of some stand for those of all.
    """
    oldest = isoformat(now - timedelta(days=WINDOWS))
    rows = conn.execute(
        "select source, listed_at, title, substr(summary, 1, ?) from pages where counted = 0 and listed_at >= ?",
        (_READ, oldest),
    )
    newest: dict[str, str] = {}
    listed: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for source, listed_at, title, summary in rows:
        hours[listed_at[:13], source]["listed"] += 1
        newest[source] = max(newest.get(source, ""), listed_at)
        if words := " ".join(filter(None, (title, summary))):
            listed[source].append((listed_at[:13], words))
    sample: list[tuple[str, str, int]] = []
    texts: list[str] = []
    for source, entries in listed.items():
        step = -(-len(entries) // _TOLD)
        for start in range(0, len(entries), step):
            hour, words = entries[start]
            sample.append((hour, source, min(step, len(entries) - start)))
            texts.append(words)
    for (hour, source, count), language in zip(sample, tell(texts) if texts else (), strict=True):
        languages[hour, source, language]["listed"] += count
    conn.execute("update pages set counted = 1 where counted = 0")
    conn.executemany(
        "insert into source_news values (?, ?) on conflict (source) do update set listed_at = excluded.listed_at"
        " where excluded.listed_at > listed_at",
        newest.items(),
    )


def _count_pages(
    sources: Mapping[str, SourceCounts], now: datetime, ours: bool, hours: _Hours, languages: _Hours
) -> None:
    """Count what became of pages; those not had while our own connection was down are not held against a source."""
    hour = _hour(now)
    for source, counts in sources.items():
        for name in _PAGES:
            if count := getattr(counts, name) if name != "unfetched" or not ours else 0:
                hours[hour, source][name] += count
        for language, count in counts.languages.items():
            languages[hour, source, language]["stored"] += count


def _add(conn: sqlite3.Connection, table: str, key: Sequence[str], columns: Sequence[str], counted: _Hours) -> None:
    names = (*key, *columns)
    sums = ", ".join(f"{name} = {name} + excluded.{name}" for name in columns)
    conn.executemany(
        f"insert into {table} ({', '.join(names)}) values ({', '.join('?' * len(names))})"  # noqa: S608
        f" on conflict ({', '.join(key)}) do update set {sums}",
        [(*where, *(counts[name] for name in columns)) for where, counts in counted.items()],
    )


def _hour(at: datetime) -> str:
    return str(isoformat(at))[:13]


# Reading, for a moment in time


def read_history(conn: sqlite3.Connection, sources: Sequence[Source], now: datetime) -> History:
    """What the judgements of ``monitor.health`` need to know of ``sources`` at ``now``."""
    added = {str(identifier): moment(at) for identifier, at in conn.execute("select id, added_at from sources")}
    news = {str(source): moment(at) for source, at in conn.execute("select source, listed_at from source_news")}
    windows, ways = _windows(conn, now), _ways_in(conn)
    return History(
        sources={
            source.id: SourceHistory(
                added_at=added[source.id],
                windows=tuple(windows[source.id]),
                ways_in=tuple(_declared(source, ways[source.id])),
                listed_at=news.get(source.id),
            )
            for source in sources
            if source.id in added
        },
        covered=_covered(conn, now),
        last_run=next(_runs(conn, "1"), None),
        last_good_run=next((run for run in _whole_runs(conn) if not own_fault(run.polled, run.unread)), None),
    )


def _windows(conn: sqlite3.Connection, now: datetime) -> defaultdict[str, list[Window]]:
    """The windows of each source. A range of hours at a time: no row needs its time to be worked out."""
    sums = ", ".join(f"sum({name})" for name in _COLUMNS)
    found: defaultdict[str, list[Window]] = defaultdict(lambda: [Window()] * WINDOWS)
    for ago in range(WINDOWS):
        hours = _hour(now - timedelta(days=ago + 1) + timedelta(hours=1)), _hour(now - timedelta(days=ago))
        entries, stories = _languages(conn, hours)
        for source, *counts in conn.execute(
            f"select source, {sums} from source_hours where hour between ? and ? group by source",  # noqa: S608
            hours,
        ):
            named = dict(zip(_COLUMNS, counts, strict=True))
            found[source][ago] = Window(**named, languages=entries[source], stored_languages=stories[source])
    return found


_ByLanguage = defaultdict[str, dict[str, int]]


def _languages(conn: sqlite3.Connection, hours: tuple[str, str]) -> tuple[_ByLanguage, _ByLanguage]:
    """Entries and stories of each source by language, in a range of hours."""
    entries, stories = _ByLanguage(dict), _ByLanguage(dict)
    for source, language, listed, stored in conn.execute(
        "select source, language, sum(listed), sum(stored) from language_hours where hour between ? and ?"
        " group by source, language",
        hours,
    ):
        if listed:
            entries[source][language] = listed
        if stored:
            stories[source][language] = stored
    return entries, stories


def _ways_in(conn: sqlite3.Connection) -> defaultdict[str, list[WayIn]]:
    found: defaultdict[str, list[WayIn]] = defaultdict(list)
    for row in conn.execute(
        "select source, url, failures, problem, polled_at, read_at, entries from ways_in order by url"
    ):
        source, url, failures, problem, polled_at, read_at, entries = row
        found[source].append(WayIn(url, failures, problem, moment(polled_at), moment(read_at), entries))
    return found


def _declared(source: Source, ways: Sequence[WayIn]) -> Iterator[WayIn]:
    """The ways in that ``source`` declares: not the parts of a sitemap, nor what it declared once."""
    for way in ways:
        if way.url in source.ways_in or way.url.rstrip("/").rpartition("/")[2] in source.telegram:
            yield way


def _whole_runs(conn: sqlite3.Connection) -> Iterator[Run]:
    """The runs over all sources that ended well, newest first."""
    return _runs(conn, f"command = '{_WHOLE}' and outcome = 'done' and finished_at is not null")


def _covered(conn: sqlite3.Connection, now: datetime) -> tuple[int, ...]:
    """For each window, in how many hours a run over all sources was at work that ended well and reached the web.

    The hour in which a run began counts when the run had at least half of it, or ended in it: a run of minutes is the
    work of one hour, also when it runs over the end of an hour.
    """
    worked: set[int] = set()
    for run in _whole_runs(conn):
        assert run.finished_at is not None
        begun = run.started_at + timedelta(minutes=30)
        last, first = (_hour_number(now) - _hour_number(at) for at in (run.finished_at, begun))
        if last >= WINDOWS * 24:
            break
        if not own_fault(run.polled, run.unread):
            worked.update(range(max(last, 0), max(first, last) + 1))
    covered = Counter(hours_ago // 24 for hours_ago in worked)
    return tuple(covered[ago] for ago in range(WINDOWS))


def _hour_number(at: datetime) -> int:
    return int(at.timestamp()) // 3600


def _known(text: str) -> datetime:
    found = moment(text)
    assert found is not None
    return found


def _runs(conn: sqlite3.Connection, condition: str) -> Iterator[Run]:
    """The runs that meet ``condition``, newest first."""
    rows = conn.execute(
        "select id, command, started_at, finished_at, outcome, note, polled, unread from runs"  # noqa: S608
        f" where {condition} order by id desc"
    )
    for row in rows:
        values: dict[str, Any] = dict(row)
        started_at, finished_at = _known(values.pop("started_at")), moment(values.pop("finished_at"))
        yield Run(started_at=started_at, finished_at=finished_at, **values)
