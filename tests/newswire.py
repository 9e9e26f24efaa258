"""The demo newswire as tests use it: fetched with nothing but the standard library, its pages decoded and parsed."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections import Counter
from email.message import Message

from lxml import html

from monitor.demo.newswire import Expectation, Newswire
from monitor.demo.outlets import Outlet
from tests.paths import ROOT

SEEDS = ROOT / "seeds"
FOLDER = SEEDS / "newswire"
NO_PAGE = {"failed:404", "failed:500", "failed:redirects"}
ZWNJ = "\u200c"  # trafilatura drops it


def get(url: str, **headers: str) -> tuple[int, Message, bytes]:
    """One GET that follows redirects and takes an error status for an answer."""
    request = urllib.request.Request(url, headers={"User-Agent": "test/1", **headers})
    try:
        with urllib.request.urlopen(request, timeout=10) as response:
            return response.status, response.headers, response.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


def get_page(url: str) -> bytes:
    """The page at ``url``, asked for again where it is busy the first time."""
    status, _, body = get(url)
    if status == 503:
        status, _, body = get(url)
    assert status == 200, f"{url}: {status}"
    return body


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args, **kwargs):
        return None


def hop(url: str) -> tuple[int, str | None]:
    """Status and Location of one request, redirects not followed."""
    try:
        with urllib.request.build_opener(NoRedirect).open(url, timeout=10) as response:
            return response.status, None
    except urllib.error.HTTPError as error:
        return error.code, error.headers["Location"]


def article_of(outlets: dict[str, Outlet], expected: Expectation):
    return next(article for article in outlets[expected.outlet].articles if article.id == expected.id)


def parsed(outlets: dict[str, Outlet], expected: Expectation, body: bytes) -> html.HtmlElement:
    return html.fromstring(decoded(outlets, expected, body).encode(), parser=html.HTMLParser(encoding="utf-8"))


def decoded(outlets: dict[str, Outlet], expected: Expectation, body: bytes) -> str:
    return body.decode(article_of(outlets, expected).charset or outlets[expected.outlet].charset)


def token_f1(found: str, wanted: str) -> float:
    have, want = (Counter(text.replace(ZWNJ, "").split()) for text in (found, wanted))
    return 2 * (have & want).total() / max(1, have.total() + want.total())


def with_page(newswire: Newswire) -> list[Expectation]:
    return [expected for expected in newswire.expectations if expected.ends not in NO_PAGE]


def by_end(newswire: Newswire, end: str) -> list[Expectation]:
    found = [expected for expected in newswire.expectations if expected.ends == end]
    assert found, f"no article ends as {end}"
    return found
