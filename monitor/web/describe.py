"""What Datasette is told of the database: titles, descriptions, kept queries, and how much one may ask of it."""

from __future__ import annotations

from typing import Any

from monitor.store.cookbook import COLUMNS, RECIPES, TABLES
from monitor.web.site import DATABASE

_ABOUT = "Everything collected, as tables: sort, filter, count, ask in SQL, take it as CSV or JSON."
# Nothing that reads without need: counting and suggesting over a million stories.
SETTINGS = {
    "allow_download": False,
    "suggest_facets": False,
    "facet_time_limit_ms": 300,
    "sql_time_limit_ms": 3000,
    "num_sql_threads": 4,
    "default_page_size": 50,
    "max_returned_rows": 5000,
    "truncate_cells_html": 240,
    "default_cache_ttl": 0,
}


def metadata(topic_name: str, table_names: list[str]) -> dict[str, Any]:
    """Datasette's metadata for a database with these tables."""
    tables: dict[str, Any] = {
        name: {"description": TABLES[name], "columns": COLUMNS.get(name, {})} if name in TABLES else {"hidden": True}
        for name in table_names
    }
    if "stories" in tables:
        tables["stories"] |= {"sort_desc": "pk", "label_column": "title"}
    if "incidents" in tables:
        tables["incidents"] |= {"sort_desc": "date_start", "label_column": "title"}
    if "keywords" in tables:
        tables["keywords"] |= {"label_column": "keyword", "facets": ["category"]}
    if "sources" in tables:
        tables["sources"] |= {"label_column": "name"}
    if "places" in tables:
        tables["places"] |= {"label_column": "name", "facets": ["country"]}
    queries = {
        recipe.name: {"sql": recipe.sql, "title": recipe.title, "description": recipe.about} for recipe in RECIPES
    }
    return {
        "title": topic_name,
        "databases": {
            DATABASE: {
                "description": _ABOUT,
                "queries": queries,
                "tables": tables,
            }
        },
    }
