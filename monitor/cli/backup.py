"""``monitor backup``: a copy of the database that is whole, made while others use it."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from monitor.cli import Globals
from monitor.store.backup import back_up_to


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.pass_obj
def backup(obj: Globals, file: Path) -> None:
    """Copy the database to FILE, while crawls and readers go on, and check the copy.

    A file that is there already is never overwritten. The copy is made beside FILE and gets its name when it has been
    checked (pragma integrity_check), so what bears the name is whole. To restore, stop the crawls and put the copy in
    the place of the database, without the -wal and -shm files of the old one.

    \b
    Examples:
      monitor backup /srv/backup/monitor-2025-10-12.db
      monitor backup "/srv/backup/monitor-$(date +%F).db"
    """
    shown = sys.stderr.isatty() and not obj.quiet

    def progress(share: float) -> None:
        if shown:
            click.echo(f"\r\x1b[K{file.name}: {share:.0%}", err=True, nl=False)

    size = back_up_to(obj.config.db, file, progress)
    if not obj.quiet:
        start = "\r\x1b[K" if shown else ""
        click.echo(f"{start}{file}: {size / 1e6:.1f} MB, checked", err=True)
