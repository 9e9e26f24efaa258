"""``monitor migrate``: bring the database up to date."""

from __future__ import annotations

from contextlib import closing

import click

from monitor.cli import Globals
from monitor.lock import crawl_lock
from monitor.store.database import open_store, pending


@click.command()
@click.pass_obj
def migrate(obj: Globals) -> None:
    """Bring the database up to this version of the program, after a backup copy beside it.

    Other commands do the same when they meet an older database; this one does nothing else. A database of a newer
    version is refused.

    \b
    Example:
      monitor migrate --help
      monitor --db /srv/border/monitor.db migrate
    """
    db = obj.config.db
    steps = pending(db)
    with crawl_lock(db), closing(open_store(db)):
        pass
    click.echo(f"{db}: {'applied ' + ', '.join(steps) if steps else 'is up to date'}", err=True)
