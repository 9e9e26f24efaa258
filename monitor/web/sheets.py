"""CSV that Datasette writes, safe to open in a spreadsheet: no cell of a story is taken for a formula.

Datasette has no hook for it, so its writer is given another ``csv`` module; a test sees to it that it is used.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from typing import Any

import datasette.views.base

from monitor.cli.output import safe_cell


class _Writer:
    """A CSV writer whose rows hold text only where text is meant."""

    def __init__(self, stream: Any) -> None:
        self._writer = csv.writer(stream)

    def writerow(self, row: Iterable[object]) -> Any:
        """Write a row; returns what the stream's ``write`` returns, which Datasette awaits."""
        return self._writer.writerow([safe_cell(value) for value in row])


class _SafeCsv:
    """What Datasette's views use of the module ``csv``."""

    writer = _Writer


def make_safe() -> None:
    """Have every CSV that Datasette writes in this process written so."""
    datasette.views.base.csv = _SafeCsv
