"""``monitor show ID --archived``: the kept copy of a story's page, as it was fetched."""

from __future__ import annotations

import sqlite3
import sys
import unicodedata
from pathlib import Path

import click

from monitor.archive import load_page
from monitor.errors import MonitorError
from monitor.items import Story, isoformat


def _harmless(sign: str) -> bool:
    """Whether a character steers no terminal."""
    return sign in "\n\t" or unicodedata.category(sign) not in ("Cc", "Cf")


def write_copy(conn: sqlite3.Connection, db: Path, story: Story, revision: int | None, output: Path | None) -> None:
    """Write the page to ``output`` or stdout, byte by byte; to a terminal as text that cannot steer it.

    Says on stderr where it is from. Raises NotFound without a copy, MonitorError when ``output`` cannot be written.
    """
    page = load_page(conn, db, story, revision)
    click.echo(f"{page.url}, fetched {isoformat(page.fetched_at)}, {len(page.body):,} bytes", err=True)
    if output is not None:
        try:
            output.write_bytes(page.body)
        except OSError as error:
            raise MonitorError(f"{output}: cannot be written: {error.strerror}; name another file") from error
    elif sys.stdout.isatty():
        from monitor.extract import decode

        click.echo("".join(filter(_harmless, decode(page.body, page.encoding))))
    else:
        sys.stdout.buffer.write(page.body)
