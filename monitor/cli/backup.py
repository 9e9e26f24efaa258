"""``monitor backup``: a copy of the database that is whole, made while others use it."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from monitor import archive
from monitor.cli import Globals
from monitor.errors import StoreError
from monitor.phrases import many
from monitor.store.backup import back_up_to


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--with-archive", is_flag=True, help="Copy the archive of pages too, to the folder FILE-archive.")
@click.pass_obj
def backup(obj: Globals, file: Path, with_archive: bool) -> None:
    """Copy the database to FILE, while crawls and readers go on, and check the copy.

    A file that is there already is never overwritten. The copy is made beside FILE and gets its name when it has been
    checked (pragma integrity_check), so what bears the name is whole. To restore, stop the crawls and put the copy in
    the place of the database, without the -wal and -shm files of the old one.

    The archive of pages is a folder of its own, whose files only grow: --with-archive copies it as well, or let rsync
    take it along, after this.

    \b
    Examples:
      monitor backup /srv/backup/monitor-2025-10-12.db
      monitor backup "/srv/backup/monitor-$(date +%F).db"
      monitor backup --with-archive /media/usb/monitor.db
    """
    shown = sys.stderr.isatty() and not obj.quiet

    def progress(share: float) -> None:
        if shown:
            click.echo(f"\r\x1b[K{file.name}: {share:.0%}", err=True, nl=False)

    target = archive.folder_of(file)
    if with_archive and target.exists():
        raise StoreError(f"{target}: is there already and is not overwritten; choose another name")
    size = back_up_to(obj.config.db, file, progress)
    if not obj.quiet:
        start = "\r\x1b[K" if shown else ""
        click.echo(f"{start}{file}: {size / 1e6:.1f} MB, checked", err=True)
    _archive(obj, target, with_archive)


def _archive(obj: Globals, target: Path, copied: bool) -> None:
    """Copy the archive of pages to ``target``, or say that it was not."""
    kept = archive.copy_to(obj.config.db, target) if copied else archive.size_of(obj.config.db)
    if obj.quiet or not kept.files:
        return
    about = f"{many(kept.files, 'file')} of pages, {kept.bytes / 1e6:.1f} MB"
    if copied:
        click.echo(f"{target}: {about}", err=True)
    else:
        click.echo(f"{archive.folder_of(obj.config.db)}: {about}, not copied; --with-archive copies them", err=True)
