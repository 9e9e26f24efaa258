"""What a reader is told when a page cannot be shown, and what the log is told."""

from __future__ import annotations

import logging
import sqlite3
from typing import TYPE_CHECKING

from datasette.utils.asgi import Base400, Response
from datasette.views.base import DatasetteError

from monitor.web.site import DATABASE

if TYPE_CHECKING:
    from datasette.app import Datasette
    from datasette.utils.asgi import Request

# What Datasette raises for an address or a query that makes no sense, rather than telling the reader so.
_ASKED_WRONGLY = (sqlite3.Error, ValueError, LookupError, AssertionError, DatasetteError)
log = logging.getLogger(__name__)


async def answer(datasette: Datasette, request: Request, exception: Exception) -> Response:
    """The page, or the JSON for an address that ends in .json, about ``exception``; nothing of our insides is told."""
    status, title, message = _told(exception)
    if status == 500 and request.path.startswith(f"/{DATABASE}") and isinstance(exception, _ASKED_WRONGLY):
        status, title, message = 400, "This cannot be asked", str(exception) or "The address is not understood."
    if status >= 500:
        log.error("%s could not be shown", request.path, exc_info=exception)
    if request.path.endswith(".json"):
        return Response.json({"ok": False, "status": status, "title": title, "error": message}, status=status)
    context = {"status": status, "title": title, "error": message, "page_name": "error"}
    return Response.html(await datasette.render_template("error.html", context, request=request), status=status)


def _told(exception: Exception) -> tuple[int, str, str]:
    if isinstance(exception, Base400):
        status = int(exception.status)
        return status, "Not found" if status == 404 else f"Error {status}", str(exception)
    if isinstance(exception, DatasetteError):
        return int(exception.status), str(exception.title or "Not possible"), str(exception.message)
    if isinstance(exception, sqlite3.OperationalError) and "interrupt" in str(exception):
        return (
            503,
            "This took too long",
            "The database is busy, or this is too much at once; try again, or ask for less.",
        )
    if isinstance(exception, sqlite3.OperationalError) and "locked" in str(exception):
        return 503, "The database is busy", "Another program is changing it; try again in a moment."
    return 500, "This went wrong", "The page could not be made; the log of the server tells why."
