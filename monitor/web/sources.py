"""Pages of sources: is what we see all there is to see, and one outlet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datasette.utils.asgi import NotFound, Request, Response

from monitor.health import STATES, SourceHealth, unseen
from monitor.items import isoformat
from monitor.phrases import ago, per_day
from monitor.store import browse
from monitor.web.incidents import render
from monitor.web.site import Site, query

if TYPE_CHECKING:
    from datasette.app import Datasette

_MOST_STORIES = 100


async def sources_page(datasette: Datasette, request: Request) -> Response:
    """The crawl, the languages and the sources; the worst first."""
    site = Site.of(datasette)
    health = await site.health(datasette)
    return await render(
        datasette,
        request,
        "sources.html",
        health=health,
        unseen=unseen(health),
        judged_at=isoformat(health.judged_at),
        sources=sorted(health.sources, key=_worst_first),
        languages=sorted(health.languages, key=lambda item: (STATES.index(item.state), item.name)),
        declared=site.sources,
        ago=lambda at: "never" if at is None else ago(health.judged_at - at),
        iso=isoformat,
        per_day=lambda count: "" if count is None else per_day(count),
        page_name="sources",
    )


async def source_page(datasette: Datasette, request: Request) -> Response:
    """One outlet: how it is read, and its newest stories."""
    site, identifier = Site.of(datasette), request.url_vars["id"]
    stories = await query(datasette, browse.stories_of_source, identifier, _MOST_STORIES)
    source = site.sources.get(identifier)
    if source is None and not stories:
        raise NotFound(f"There is no source {identifier}")
    health = await site.health(datasette)
    return await render(
        datasette,
        request,
        "source.html",
        identifier=identifier,
        source=source,
        state=next((item for item in health.sources if item.id == identifier), None),
        stories=stories,
        iso=isoformat,
        page_name="sources",
    )


def _worst_first(source: SourceHealth) -> tuple[int, float, str]:
    return STATES.index(source.state), -(source.usual or 0), source.id
