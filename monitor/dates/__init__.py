"""Published dates: read from text, found on pages, chosen among what a page, a feed and an address say."""

from monitor.dates.choice import choose_published
from monitor.dates.pages import page_dates
from monitor.dates.reading import parse_date
from monitor.dates.values import UNKNOWN, Candidate, Dated

__all__ = ["UNKNOWN", "Candidate", "Dated", "choose_published", "page_dates", "parse_date"]
