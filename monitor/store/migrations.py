"""The schema, as ordered migrations (sqlite-utils); each runs in one transaction with the record of it."""

from __future__ import annotations

from collections.abc import Callable

from sqlite_utils import Database, Migrations

from monitor.store.names import MIGRATIONS
from monitor.store.schema import COLLECTION, EVENT_DATES, HEALTH, INCIDENTS, POLLING, SEARCH, STORIES
from monitor.store.schema_alerts import ALERTS
from monitor.store.schema_archive import ARCHIVE
from monitor.store.schema_incidents import LINKING, PARTIAL_DATES
from monitor.store.schema_search import MERGES, rebuild_search
from monitor.store.schema_vocabulary import VOCABULARY

migrations = Migrations("border-monitor")


def _step(name: str, schema: str | Callable[[Database], None]) -> None:
    def migrate(db: Database) -> None:
        if callable(schema):
            schema(db)
            return
        for statement in schema.split(";\n"):
            if statement.strip():
                db.execute(statement)

    migrations(name=name)(migrate)


_STEPS: tuple[str | Callable[[Database], None], ...] = (
    *(STORIES, COLLECTION, INCIDENTS, SEARCH, POLLING, HEALTH, EVENT_DATES, LINKING),
    *(rebuild_search, ALERTS, VOCABULARY, ARCHIVE, MERGES, PARTIAL_DATES),
)
for _name, _schema in zip(MIGRATIONS, _STEPS, strict=True):
    _step(_name, _schema)
