"""Progress on a terminal: a line for each source that has pages under way (a Scrapy extension)."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from scrapy import signals
from scrapy.exceptions import NotConfigured

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler

# More lines than this scroll off a usual terminal.
_MOST_LINES = 12


class ProgressDisplay:
    """Shows, per source, pages done of pages asked for, and what was stored; on stderr: stdout is for data."""

    def __init__(self, crawler: Crawler, console: Console) -> None:
        self.crawler = crawler
        self.progress = Progress(
            SpinnerColumn(finished_text="✓"),
            TextColumn("{task.description:<24}"),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TextColumn("{task.fields[note]}"),
            TimeElapsedColumn(),
            console=console,
            transient=True,
        )
        self.lines: dict[str, TaskID] = {}
        self.asked: Counter[str] = Counter()
        self.done: Counter[str] = Counter()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ProgressDisplay:
        if not crawler.settings.getbool("PROGRESS_ENABLED"):
            raise NotConfigured  # no terminal, or --quiet: nothing to say about it
        display = cls(crawler, Console(stderr=True))
        for handler, signal in (
            (display.begin, signals.spider_opened),
            (display.ask, signals.request_scheduled),
            (display.finish, signals.response_received),
            (display.finish, signals.request_dropped),
            (display.end, signals.spider_closed),
        ):
            crawler.signals.connect(handler, signal=signal)
        return display

    def begin(self) -> None:
        """Start drawing."""
        self.progress.start()

    def ask(self, request: Request) -> None:
        """A page or a listing of a source was asked for."""
        if source := self._source(request):
            self.asked[source] += 1
            self._draw(source)

    def finish(self, request: Request, **_: Any) -> None:
        """It came, or will not come."""
        if source := self._source(request):
            self.done[source] += 1
            self._draw(source)

    def end(self) -> None:
        """Clear the lines; the summary follows."""
        self.progress.stop()

    def _source(self, request: Request) -> str | None:
        """The source a request is for; None for robots.txt."""
        given = request.cb_kwargs.get("listing") or request.cb_kwargs.get("source")
        return getattr(given, "source", None) or getattr(given, "id", None)

    def _draw(self, source: str) -> None:
        if source not in self.lines:
            if len(self.lines) >= _MOST_LINES:
                self._make_room()
            if len(self.lines) >= _MOST_LINES:
                return
            self.lines[source] = self.progress.add_task(source, total=None, note="")
        stored = self.crawler.stats.get_value(f"source/{source}/stored", 0)
        self.progress.update(
            self.lines[source],
            total=self.asked[source],
            completed=min(self.done[source], self.asked[source]),
            note=f"{stored} stored" if stored else "",
        )

    def _make_room(self) -> None:
        """Take away the lines of sources that are through."""
        for source in [name for name in self.lines if self.done[name] >= self.asked[name]]:
            self.progress.remove_task(self.lines.pop(source))
