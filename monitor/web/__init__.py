"""The web page: a plugin of Datasette with pages of its own; ``monitor serve`` starts it, see ``server``."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from markupsafe import Markup
from pluggy import HookimplMarker

if TYPE_CHECKING:
    from datasette.app import Datasette
    from datasette.utils.asgi import Request
    from jinja2 import Environment


hookimpl = HookimplMarker("datasette")
_ID = re.compile(r"[\w.~-]{1,80}")
# Columns that hold the id of a story or an incident, by table; None stands for the results of queries.
PAGES = {
    ("stories", "id"): "story",
    ("stories", "duplicate_of"): "story",
    ("stories", "incident_id"): "incident",
    ("incidents", "id"): "incident",
    ("incidents", "forward_to"): "incident",
    ("incident_changes", "incident"): "incident",
    ("incident_places", "incident"): "incident",
    (None, "story"): "story",
    (None, "incident"): "incident",
}


@hookimpl
def register_routes() -> list[tuple[str, Callable[..., Any]]]:
    """Our pages by address."""
    from monitor.web import copies, incidents, searching, sources, stories

    return [
        (r"^/$", incidents.situation),
        (r"^/map$", incidents.map_page),
        (r"^/timeline$", incidents.timeline),
        (r"^/incident/(?P<id>[\w.~-]{1,80})$", incidents.incident_page),
        (r"^/story/(?P<id>[\w.~-]{1,80})$", stories.story_page),
        (r"^/story/(?P<id>[\w.~-]{1,80})/archived$", copies.copy_page),
        (r"^/story/(?P<id>[\w.~-]{1,80})/archived\.warc\.gz$", copies.copy_file),
        (r"^/search$", searching.search_page),
        (r"^/sources$", sources.sources_page),
        (r"^/source/(?P<id>[\w.~-]{1,80})$", sources.source_page),
        (r"^/-/border/borders\.json$", incidents.borders),
    ]


@hookimpl
def prepare_jinja2_environment(env: Environment) -> None:
    """Our filters, Datasette's templates without inline code, and an error for what a template asks for in vain."""
    from monitor.web.filters import FILTERS, days
    from monitor.web.marks import direction
    from monitor.web.strict import StrictLoader

    env.filters.update(FILTERS)
    env.filters["direction"] = direction
    env.globals["days"] = days
    if env.loader is not None and not isinstance(env.loader, StrictLoader):
        env.loader = StrictLoader(env.loader)


@hookimpl
def extra_template_vars(datasette: Datasette, view_name: str | None) -> dict[str, Any]:
    """What every page shows: the topic, the version of our files, and whether it is one of Datasette's own pages."""
    from monitor.web.server import files_version
    from monitor.web.site import DATABASE, Site

    site = Site.of(datasette)
    return {
        "topic_name": site.topic.name,
        "database_name": DATABASE,
        "files_version": files_version(),
        "side_names": site.side_names,
        "side_ids": site.topic.sides,
        "claimant_name": site.claimant,
        "outlet_name": site.outlet,
        "actor_name": site.actor,
        "origin_name": site.origin,
        "losses": lambda line: site.names.losses(line["party"], line["outcome"], line["what"]),
    }


@hookimpl
def handle_exception(datasette: Datasette, request: Request, exception: Exception) -> Callable[[], Any]:
    """The page about what went wrong; what readers ask for in vain is no matter for the log."""
    from monitor.web.problems import answer

    return lambda: answer(datasette, request, exception)


@hookimpl
def render_cell(value: Any, column: str, table: str | None) -> Markup | None:
    """In Datasette's tables, the ids of stories and incidents lead to their pages."""
    page = PAGES.get((table, column))
    if page is None or not isinstance(value, str) or not _ID.fullmatch(value):
        return None
    return Markup('<a href="/{}/{}">{}</a>').format(page, value, value)
