"""Floors under the published dates found on real news pages (fundus, MIT), read as if fetched in November 2026."""

import gzip
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from lxml import html

from monitor.dates import Dated, choose_published, page_dates
from tests.paths import SHARED

PAGES = SHARED / "data" / "pages" / "fundus"
NOW = datetime(2026, 11, 22, tzinfo=UTC)


def references(path: Path) -> list[datetime]:
    """Reference dates of the story on the page, in UTC: one for each version of its outlet that is kept."""
    outlet = path.name.removesuffix(".html.gz").rsplit("_", 3)[0]
    versions = json.loads((path.parent / f"{outlet}.json").read_text(encoding="utf-8")).values()
    dates = [datetime.fromisoformat(version["publishing_date"]) for version in versions if version["publishing_date"]]
    return [date.astimezone(UTC) if date.tzinfo else date.replace(tzinfo=UTC) for date in dates]


def verdict(dated: Dated, right: list[datetime]) -> str:
    if dated.at is None:
        return "none"
    if dated.precision == "minute" and any(abs(dated.at - date) < timedelta(minutes=1) for date in right):
        return "minute"
    near = timedelta(hours=14 if dated.precision == "minute" else 24)
    return "day" if any(abs(dated.at - date) < near for date in right) else "wrong"


@pytest.mark.skipif(not PAGES.is_dir(), reason="the real pages are not part of the project")
def test_dates_of_real_pages() -> None:
    verdicts: list[str] = []
    for path in sorted(PAGES.glob("*/*.html.gz")):
        right = references(path)
        if right:
            tree = html.document_fromstring(gzip.decompress(path.read_bytes()))
            verdicts.append(verdict(choose_published(page_dates(tree), NOW), right))
    counts = {name: verdicts.count(name) for name in ("minute", "day", "none", "wrong")}
    print(counts)
    assert len(verdicts) > 200
    assert counts["wrong"] / len(verdicts) <= 0.01
    assert (counts["minute"] + counts["day"]) / len(verdicts) >= 0.97
    assert counts["minute"] / len(verdicts) >= 0.9
