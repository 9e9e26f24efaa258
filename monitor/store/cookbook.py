"""Queries worth keeping, and what the tables and columns are: for people who ask the database themselves."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Recipe:
    """A query with a name for addresses, a title, and what it tells; ``:name`` in it is asked of the reader."""

    name: str
    title: str
    about: str
    sql: str
    examples: dict[str, str] = field(default_factory=dict)


RECIPES = (
    Recipe(
        "incidents_by_day",
        "Incidents by day",
        "How many incidents began on each day, how many of them are contested, and the deaths reported.",
        "select date_start as day, count(*) as incidents, sum(status = 'contested') as contested,"
        "\n  sum(fatalities_low) as deaths_low, sum(fatalities_best) as deaths_best,"
        "\n  sum(fatalities_high) as deaths_high"
        "\nfrom incidents\nwhere forward_to is null and date_start between :first and :last"
        "\ngroup by date_start\norder by date_start desc",
        {"first": "2025-10-01", "last": "2025-10-31"},
    ),
    Recipe(
        "incidents_at",
        "Incidents at a place",
        "Incidents that reach a place or lie in a province, newest first; % stands for any letters.",
        "select distinct i.date_start, i.title, i.status, i.outlet_count, i.origin_count, i.fatalities_best,"
        "\n  i.id as incident"
        "\nfrom places p\njoin incident_places ip on ip.place = p.pk\njoin incidents i on i.id = ip.incident"
        "\nwhere (p.name like :place or p.admin1 like :place) and i.forward_to is null"
        "\norder by i.date_start desc\nlimit 200",
        {"place": "%"},
    ),
    Recipe(
        "claims_of_deaths",
        "Who claims how many deaths",
        "Each sentence of the stories of some days that gives a number of deaths, with who says so.",
        "select s.published_at, s.source, c.claimant, c.speaker, c.party, c.count_low, c.count_high, c.qualifier,"
        "\n  c.stance, c.quote, s.id as story\nfrom stories s\njoin claims c on c.story = s.pk"
        "\nwhere s.is_clash = 1 and s.published_at between :first and :last and c.outcome = 'killed' and c.what is null"
        "\norder by s.published_at desc\nlimit 500",
        {"first": "2025-10-11", "last": "2025-10-14"},
    ),
    Recipe(
        "how_a_story_spread",
        "How a story spread",
        "The stories that repeat the text of one story, in the order they were published.",
        "select published_at, source, language, title, url, id\nfrom stories"
        "\nwhere duplicate_of = :story or id = :story\norder by published_at",
        {"story": ""},
    ),
    Recipe(
        "clashes_by_source",
        "Which outlets report clashes",
        "Stories that report a clash, by outlet and language, since a day.",
        "select source, language, count(*) as stories, count(duplicate_of) as repeated,"
        "\n  min(published_at) as first, max(published_at) as last\nfrom stories"
        "\nwhere is_clash = 1 and published_at >= :first\ngroup by source, language\norder by stories desc",
        {"first": "2025-10-01"},
    ),
    Recipe(
        "what_changed",
        "What changed",
        "Real changes of incidents since a moment: new figures, denials, contradictions, mergers.",
        "select c.found_at, c.kind, i.title, c.incident, c.revision\nfrom incident_changes c"
        "\njoin incidents i on i.id = c.incident\nwhere c.found_at >= :since\norder by c.found_at desc\nlimit 500",
        {"since": "2025-10-11"},
    ),
    Recipe(
        "recent_runs",
        "The last crawls",
        "When the crawler ran, how it ended, how many sources it asked and how many did not answer.",
        "select id, command, started_at, finished_at, outcome, polled, unread, note\nfrom runs"
        "\norder by id desc\nlimit 100",
    ),
    Recipe(
        "failures",
        "Why pages could not be had",
        "The reasons of failure in the newest runs, by source.",
        "select rs.run, rs.source, rs.failed, rs.unfetched, rs.reasons\nfrom run_sources rs"
        "\nwhere rs.run > (select max(id) - 10 from runs) and (rs.failed or rs.unfetched)"
        "\norder by rs.run desc, rs.failed desc",
    ),
)

# What each table holds; tables not named here are our own bookkeeping and hidden from the list.
TABLES = {
    "stories": "One row for each story: what the page said and how it was judged.",
    "claims": "What stories say about losses: who says it, whose losses, how many, and the sentence it stands in.",
    "incidents": "Our reading of many stories: one row for each incident, with its figures.",
    "incident_changes": "Every real change of an incident, in the order found.",
    "incident_places": "The places of each incident.",
    "decisions": "What people decided against our reading of incidents.",
    "places": "Places named by stories.",
    "story_places": "Which story names which place.",
    "keywords": "Tags in their canonical English form, whatever the language of the story.",
    "story_keywords": "Which story has which tag, and how often.",
    "story_actors": "Which actors each story names.",
    "revisions": "What stories said before their pages were changed.",
    "sources": "Outlets, and when each was first read.",
    "feeds": "Feeds and other ways in, with what they last answered.",
    "pages": "Every page ever listed, and what became of it.",
    "runs": "Runs of the crawler.",
    "run_sources": "What each run did, source by source.",
    "source_hours": "What each source did, hour by hour (UTC).",
    "language_hours": "Entries and stories of each language, hour by hour (UTC).",
}

# What columns mean where the name does not say it.
COLUMNS: dict[str, dict[str, str]] = {
    "stories": {
        "pk": "number of the row, in the order stored",
        "id": "12 letters and digits, the same on every machine",
        "canonical_url": "the address without what varies from visitor to visitor",
        "key_points": "JSON list of up to three sentences",
        "language": "ISO 639 code; variant prs is Dari",
        "published_at": "ISO 8601 UTC; empty when unknown, never guessed",
        "published_precision": "minute, day or unknown",
        "relevance": "0 to 1",
        "event_type": "after ACLED",
        "is_clash": "1 when it reports fighting",
        "event_date": "first day of what it reports, as the text gives it",
        "partial_date": "where no day is known, the weekday (-W-5 is a Friday) or day and month (--08-07) in the text",
        "evidence": "JSON: why it was judged so",
        "duplicate_of": "the story whose text this one repeats",
        "origin": "outlet, agency or spokesman the text goes back to",
        "incident_id": "the incident it belongs to",
        "revision": "how often the page was changed, plus one",
    },
    "claims": {
        "story": "pk of the story",
        "claimant": "the side that says so",
        "speaker": "the words in the text for who says so",
        "party": "whose losses",
        "outcome": "killed, injured, captured, missing, displaced; captured or destroyed for things",
        "what": "posts, tanks …; empty for people",
        "count_low": "lower bound; vague words as ACLED has them (dozens 12, tens 10, hundreds 100)",
        "count_high": "upper bound",
        "qualifier": "exact, at_least, more_than, about, up_to",
        "stance": "claimed, confirmed or denied",
        "quote": "the sentence",
        "start": "where the sentence begins in the text; -1 in the title",
    },
    "incidents": {
        "status": "developing, contested or quiet",
        "forward_to": "the incident this one was merged into",
        "revision": "how many real changes it saw",
        "origin_count": "independent origins behind the stories",
        "fatalities_best": "a cautious estimate; low and high are its bounds",
        "record": "the whole incident with its ledger, as JSON",
    },
    "places": {"geo_precision": "1 exact, 2 district, 3 province (ACLED)"},
    "pages": {"state": "listed, stored, duplicate, irrelevant, forbidden, failed or gone"},
}
