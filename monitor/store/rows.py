"""Small helps for queries with many values."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator, Sequence


def ids_found(conn: sqlite3.Connection, query: str, values: Sequence[object]) -> list[str]:
    """The ids that a query finds, in its order."""
    return [str(row[0]) for row in conn.execute(query, values)]


def marks(values: Collection[object]) -> str:
    """A placeholder for each of ``values``."""
    return ", ".join("?" * len(values))


def batches(values: Sequence[str], size: int = 500) -> Iterator[Sequence[str]]:
    """``values`` in portions that fit into one statement."""
    for begin in range(0, len(values), size):
        yield values[begin : begin + size]
