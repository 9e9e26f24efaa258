"""Is what we see all there is to see? The crawl, the sources and the languages, judged by what they did before.

All of it is pure: the history comes from ``monitor.store.health``, the time is given. ``docs/health.md`` explains the
states and rules to users; the numbers behind them stand at the heads of ``rhythm.py`` and ``symptoms.py``.
"""

from monitor.health.history import History, Run, SourceHistory, WayIn, Window, own_fault
from monitor.health.languages import LanguageHealth, judge_languages
from monitor.health.report import Health, judge, unseen
from monitor.health.runs import STALE_AFTER, RunHealth, judge_run
from monitor.health.sources import SourceHealth, judge_sources
from monitor.health.spikes import find_spikes
from monitor.health.states import STATES, State

__all__ = [
    "STALE_AFTER",
    "STATES",
    "Health",
    "History",
    "LanguageHealth",
    "Run",
    "RunHealth",
    "SourceHealth",
    "SourceHistory",
    "State",
    "WayIn",
    "Window",
    "find_spikes",
    "judge",
    "judge_languages",
    "judge_run",
    "judge_sources",
    "own_fault",
    "unseen",
]
