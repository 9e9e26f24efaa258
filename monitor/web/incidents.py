"""Pages of incidents: the situation, the map, the timeline and one incident."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from datasette.app import Datasette
from datasette.utils.asgi import NotFound, Request, Response

from monitor.health import unseen
from monitor.items import isoformat
from monitor.store import browse
from monitor.store.browse import StoryRow
from monitor.store.incidents import load_incident
from monitor.web import visits
from monitor.web.faceoff import Row, claimed_deaths, face_to_face
from monitor.web.site import Site, query

_STATUSES = ("developing", "contested", "quiet")
_A_PAGE = 15
_MOST_PAGES = 100
_MOST_CHANGES = 120
_MOST_INCIDENTS = 400
# The claims of so many stories of an incident are shown beside them.
_MOST_QUOTED = 400
# How many days map and timeline show when nobody asks for others.
_DAYS = 60
_CACHED = "private, max-age=3600"


async def render(datasette: Datasette, request: Request, name: str, **context: Any) -> Response:
    """The page made of template ``name``."""
    return Response.html(await datasette.render_template(name, context, request=request, view_name=name))


async def situation(datasette: Datasette, request: Request) -> Response:
    """What there is to know now: incidents, what changed since the last visit, and what could not be seen."""
    site = Site.of(datasette)
    now = site.clock()
    status = request.args.get("status")
    status = status if status in _STATUSES else None
    page = _number(request.args.get("page"), 1, _MOST_PAGES)
    found = await query(
        datasette, browse.recent_incidents, now, limit=_A_PAGE + 1, offset=(page - 1) * _A_PAGE, status=status
    )
    before, cookie = visits.visit(request.cookies.get(visits.COOKIE), now)
    since = isoformat(before)
    changes = await query(datasette, browse.changes_since, since, _MOST_CHANGES) if since else []
    health = await site.health(datasette)
    response = await render(
        datasette,
        request,
        "situation.html",
        cards=[(record, _rows(site, record)) for record in found[:_A_PAGE]],
        more=len(found) > _A_PAGE,
        page=page,
        status=status,
        statuses=_STATUSES,
        since=since,
        changes=by_incident(changes),
        changed={change["incident"] for change in changes},
        unseen=unseen(health),
        healthy=health.healthy,
        clashes=await query(datasette, browse.newest_clashes, 12),
        page_name="situation",
    )
    response.set_cookie(visits.COOKIE, cookie, max_age=31_536_000, httponly=True, samesite="strict")
    return response


async def map_page(datasette: Datasette, request: Request) -> Response:
    """Where: incidents on the line, as exactly as is known."""
    site = Site.of(datasette)
    first, last, found = await _in_range(datasette, request)
    crossings = [
        {"name": place.name, "lat": place.lat, "lon": place.lon}
        for place in site.topic.places.values()
        if place.kind == "crossing" and place.border and place.lat is not None and place.lon is not None
    ]
    return await render(
        datasette,
        request,
        "map.html",
        incidents=[(record, spots(record)) for record in found],
        first=first,
        last=last,
        crossings=crossings,
        page_name="map",
        full=len(found) >= _MOST_INCIDENTS,
    )


async def timeline(datasette: Datasette, request: Request) -> Response:
    """When: incidents and claimed losses by day, with the days on which outlets were added."""
    site = Site.of(datasette)
    first, last, found = await _in_range(datasette, request)
    added: dict[str, list[str]] = defaultdict(list)
    for day, source in await query(datasette, browse.sources_added):
        if first <= day <= last:
            added[day].append(site.outlet(source))
    return await render(
        datasette,
        request,
        "timeline.html",
        days_shown=_by_day(found, first, last, site.topic.sides, added),
        incidents=found,
        first=first,
        last=last,
        page_name="timeline",
        full=len(found) >= _MOST_INCIDENTS,
    )


async def incident_page(datasette: Datasette, request: Request) -> Response:
    """One incident: its ledger, the history of each claim, and its stories by origin and language."""
    site, identifier = Site.of(datasette), request.url_vars["id"]
    incident = await query(datasette, load_incident, identifier, site.clock())
    if incident is None:
        raise NotFound(f"There is no incident {identifier}")
    if incident.id != identifier:
        return Response.redirect(f"/incident/{incident.id}")
    record = incident.record()
    stories = await query(datasette, browse.story_rows, record["story_ids"])
    return await render(
        datasette,
        request,
        "incident.html",
        incident=record,
        rows=_rows(site, record),
        groups=by_origin(stories),
        claims_of=await query(datasette, browse.quotes_of, record["story_ids"][:_MOST_QUOTED]),
        changes=await query(datasette, browse.changes_of, identifier),
        page_name="situation",
    )


async def borders(datasette: Datasette, request: Request) -> Response:
    """The outlines to draw, as GeoJSON."""
    body = json.dumps(Site.of(datasette).borders, separators=(",", ":"))
    return Response(body, content_type="application/geo+json", headers={"cache-control": _CACHED})


def spots(record: dict[str, Any]) -> list[tuple[float, float, int]]:
    """Where to draw an incident, as latitude, longitude and precision: its own place, else each of its places.

    One that reaches far has no place of its own, only those that its stories name; the line itself is no place to mark.
    """
    places = [record] if record["lat"] is not None and record["lon"] is not None else record["places"]
    return [
        (place["lat"], place["lon"], place["geo_precision"])
        for place in places
        if place["lat"] is not None and place["lon"] is not None and place["geo_precision"]
    ]


def by_incident(changes: Iterable[dict[str, Any]]) -> list[tuple[str, str, list[dict[str, Any]]]]:
    """Changes as ``(incident, its title, its changes)``, in the order of the newest change of each.

    Of an incident that is new, only that is told: its figures are all new.
    """
    groups: dict[str, tuple[str, str, list[dict[str, Any]]]] = {}
    for change in changes:
        groups.setdefault(change["incident"], (change["incident"], change["title"], []))[2].append(change)
    return [
        (identifier, title, [item for item in items if item["kind"] == "new"] or items)
        for identifier, title, items in groups.values()
    ]


def by_origin(stories: Iterable[StoryRow]) -> list[tuple[str, list[StoryRow]]]:
    """Stories by what their text goes back to, the widest spread first; languages together within."""
    stories = list(stories)
    titles = {story.id: story for story in stories}
    groups: dict[str, list[StoryRow]] = defaultdict(list)
    for story in stories:
        root = titles.get(story.duplicate_of or "", story)
        groups[story.origin or root.origin or root.source].append(story)
    for group in groups.values():
        group.sort(key=lambda story: (story.language, story.published_at or story.fetched_at))
    return sorted(groups.items(), key=lambda item: (-len(item[1]), item[1][0].published_at or ""))


def _rows(site: Site, record: dict[str, Any]) -> list[Row]:
    return face_to_face(record["claims"], site.topic.sides, site.names)


async def _in_range(datasette: Datasette, request: Request) -> tuple[str, str, list[dict[str, Any]]]:
    """The days asked for (else those of the newest incidents) and the incidents that began on them."""
    known = await query(datasette, browse.days_of_incidents)
    newest = _day(known[1] if known else None) or Site.of(datasette).clock().date()
    last = _day(request.args.get("last")) or newest
    first = _day(request.args.get("first")) or last - timedelta(days=_DAYS)
    if first > last:
        first, last = last, first
    days = first.isoformat(), last.isoformat()
    return *days, await query(datasette, browse.incidents_between, Site.of(datasette).clock(), *days, _MOST_INCIDENTS)


def _by_day(
    found: Iterable[dict[str, Any]], first: str, last: str, sides: tuple[str, str], added: dict[str, list[str]]
) -> list[dict[str, Any]]:
    """One row for each day on which something is to be shown, newest first."""
    rows: dict[str, dict[str, Any]] = {}

    def row(day: str) -> dict[str, Any]:
        empty = {"day": day, "incidents": 0, "contested": 0, "deaths": dict.fromkeys((*sides, "other"), 0), "added": []}
        return rows.setdefault(day, empty)

    for record in found:
        counts = row(record["date_start"])
        counts["incidents"] += 1
        counts["contested"] += record["status"] == "contested"
        for who, deaths in claimed_deaths(record["claims"], sides).items():
            counts["deaths"][who] += deaths
    for day, names in added.items():
        row(day)["added"] = names
    return [rows[day] for day in sorted(rows, reverse=True)]


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def _number(text: str | None, default: int, most: int) -> int:
    return min(max(int(text), 1), most) if text and text.isascii() and text.isdigit() and len(text) < 9 else default
