"""Finding the ways in to an outlet from its bare address: what its page and robots.txt name, and the usual places."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from urllib.parse import urljoin, urlsplit

from monitor.entries import plain_text, usable_link
from monitor.errors import FeedError
from monitor.htmltext import parse_page
from monitor.urls import same_site
from monitor.waysin import Answer, Fetch, Finding, Way, examine, inspect

FEED_PLACES = (
    "/feed/",
    "/rss",
    "/rss.xml",
    "/feed.xml",
    "/atom.xml",
    "/index.xml",
    "/?feed=rss2",
    "/feeds/posts/default",
)
NEWS_PLACES = ("/news-sitemap.xml", "/sitemap-news.xml", "/sitemap_news.xml")
SITEMAP_PLACES = (*NEWS_PLACES, "/sitemap.xml", "/sitemap_index.xml")
FRESH = timedelta(days=30)  # what has nothing newer is no way in to news
_MOST_LINKED, _MOST_ROBOTS = 12, 6
# So much is read of a front page's links and of robots.txt.
_MOST_ANCHORS, _MOST_ROBOTS_BYTES = 5_000, 512 * 1024
_MOST_FEEDS, _MOST_SITEMAPS = 4, 3
# A front page with fewer links to stories is no listing page.
_LISTS = 8
# A further feed must bring so large a share of entries that the others do not have.
_NEW_SHARE = 0.3

_FEED_TYPE = re.compile(
    r"application/(?:rss|atom|rdf|feed)\+(?:xml|json)|application/feed\+json|(?:text|application)/xml", re.I
)
_FEED_HREF = re.compile(r"(?:\brss\b|\bfeeds?\b|\batom\b|feedburner)", re.I)
_COMMENTS = re.compile(r"comments?\b", re.I)
_CHANNEL = re.compile(r"https?://(?:t|telegram)\.me/(?:s/)?([A-Za-z][A-Za-z0-9_]{3,31})/?", re.I)
_NO_CHANNEL = frozenset("share joinchat addstickers iv proxy socks login".split())


@dataclass(frozen=True, slots=True)
class Tried:
    """An address that was looked at: how it was come by, and what it is (``finding``) or why it is nothing."""

    url: str
    how: str
    finding: Finding | None = None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Front:
    """What a front page says of itself and names; all texts as plain lines, "" where it says nothing."""

    name: str = ""
    title: str = ""
    language: str = ""
    feeds: tuple[str, ...] = ()
    feed_pages: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Discovery:
    """What was found from ``homepage``: the ways in to take (``taken``), all that was looked at, and the page itself.

    ``problem`` says why the front page could not be read, if so.
    """

    homepage: str
    front: Front = Front()
    tried: tuple[Tried, ...] = field(default=(), repr=False)
    taken: tuple[Finding, ...] = ()
    problem: str | None = None

    def of(self, way: Way) -> tuple[Finding, ...]:
        """The ways in of one kind that are to be taken."""
        return tuple(finding for finding in self.taken if finding.way == way)


async def discover(fetch: Fetch, url: str, now: datetime) -> Discovery:
    """Find the ways in to the outlet at ``url``: its front page, or a feed or sitemap of it.

    Each candidate is asked for and read: nothing is taken on trust. What page and robots.txt name goes first; the usual
    places are tried only for what is still missing, and no further once one is found, so that a site gets few requests.
    """
    answer, given = await examine(fetch, url, now)
    tried = [Tried(url, "as given", given)] if given else []
    homepage = url if given is None else given.homepage or urljoin(url, "/")
    if given is not None:
        answer = await fetch(homepage)
    if answer.status is None and answer.robots != "forbidden":
        return Discovery(homepage, tried=tuple(tried), taken=choose(tried, now), problem=answer.problem)
    is_page = answer.status is not None and answer.status < 400
    homepage = answer.final_url if is_page else homepage
    front = read_front(answer) if is_page else Front()
    search = _Search(fetch, now, tried)
    await search.look(front.feeds[:_MOST_LINKED], "linked from the page")
    robots = await fetch(urljoin(homepage, "/robots.txt"))
    await search.look(list(sitemaps_in_robots(robots))[:_MOST_ROBOTS], "named in robots.txt")
    if not search.fresh("feeds"):
        await search.look(front.feed_pages[:_MOST_LINKED], "linked from the page", until="feeds")
    if not search.fresh("feeds"):
        await search.look([urljoin(homepage, place) for place in FEED_PLACES], "usual place", until="feeds")
    if not search.fresh("sitemaps"):
        places = NEWS_PLACES if search.fresh("feeds") else SITEMAP_PLACES
        await search.look([urljoin(homepage, place) for place in places], "usual place", until="sitemaps")
    taken = choose(search.tried, now)
    if not taken:
        # Better than nothing, and said to be so: ways in that work but have nothing new.
        taken = choose(search.tried, None) + (search.listing_page(answer) if is_page else ())
    problem = answer.problem if not is_page else None
    return Discovery(homepage, front, tuple(search.tried), taken, problem)


class _Search:
    """The candidates of one outlet, looked at one after the other, each once."""

    def __init__(self, fetch: Fetch, now: datetime, tried: list[Tried]) -> None:
        self.fetch, self.now, self.tried = fetch, now, tried

    async def look(self, urls: Sequence[str], how: str, until: Way | None = None) -> None:
        """Look at ``urls``; with ``until``, only up to the first that is a fresh one of that kind."""
        for url in urls:
            if any(url == one.url for one in self.tried):
                continue
            answer, finding = await examine(self.fetch, url, self.now)
            self.tried.append(Tried(url, how, finding, answer.problem))
            if until and finding and finding.way == until and is_fresh(finding, self.now):
                return

    def fresh(self, way: Way) -> bool:
        """Whether a fresh way in of this kind was found."""
        return any(one.finding and one.finding.way == way and is_fresh(one.finding, self.now) for one in self.tried)

    def listing_page(self, answer: Answer) -> tuple[Finding, ...]:
        """The front page itself, when it lists stories."""
        try:
            finding = inspect(answer, self.now, "sections")
        except FeedError as error:
            self.tried.append(Tried(answer.final_url, "as a listing page", None, str(error)))
            return ()
        few = None if finding.entries >= _LISTS else f"lists {finding.entries} stories only"
        self.tried.append(Tried(answer.final_url, "as a listing page", finding, few))
        return () if few else (finding,)


def read_front(answer: Answer) -> Front:
    """What the front page in ``answer`` says of itself, and the feeds and channels it names."""
    tree = parse_page(answer.body, answer.content_type)
    if tree is None:
        return Front()
    base = answer.final_url
    metas = {
        (meta.get("property") or meta.get("name") or "").lower(): meta.get("content") for meta in tree.iter("meta")
    }
    name = metas.get("og:site_name") or metas.get("application-name") or ""
    links = [(link, usable_link(link.get("href"), base)) for link in islice(tree.iter("link"), _MOST_ANCHORS)]
    feeds = [
        url
        for link, url in links
        if url
        and "alternate" in (link.get("rel") or "").lower().split()
        and _FEED_TYPE.fullmatch(link.get("type") or "")
    ]
    hrefs = (anchor.get("href") for anchor in islice(tree.iter("a"), _MOST_ANCHORS))
    anchors = [url for href in hrefs if (url := usable_link(href, base))]
    named = [url for url in anchors if same_site(url, base) and _FEED_HREF.search(urlsplit(url).path)]
    channels = [
        found[1] for url in anchors if (found := _CHANNEL.fullmatch(url)) and found[1].lower() not in _NO_CHANNEL
    ]
    return Front(
        name=plain_text(name, 200, markup=False),
        title=plain_text(tree.findtext(".//title") or "", 200, markup=False),
        language=(tree.get("lang") or metas.get("content-language") or "").strip(),
        feeds=tuple(sorted(dict.fromkeys(feeds), key=lambda url: bool(_COMMENTS.search(url)))),
        feed_pages=tuple(dict.fromkeys(named)),
        channels=tuple(dict.fromkeys(channels)),
    )


def sitemaps_in_robots(answer: Answer) -> Iterator[str]:
    """The sitemaps that the robots.txt in ``answer`` names, each once; those that are named for news first."""
    if answer.problem is not None:
        return
    text = answer.body[:_MOST_ROBOTS_BYTES].decode("utf-8", "replace")
    lines = re.findall(r"^[ \t]*sitemap[ \t]*:[ \t]*(\S+)", text, re.I | re.M)
    urls = dict.fromkeys(filter(None, (usable_link(line, answer.final_url) for line in lines)))
    yield from sorted(urls, key=lambda url: "news" not in url.lower())


def is_fresh(finding: Finding, now: datetime) -> bool:
    """Whether it lists anything, and something new unless it gives no dates."""
    return finding.entries > 0 and (finding.newest is None or now - finding.newest <= FRESH)


def choose(tried: Sequence[Tried], now: datetime | None) -> tuple[Finding, ...]:
    """The ways in to take of all that were found: those fresh at ``now`` that add something to those before them.

    Feeds in the order found, without feeds of comments. Beside feeds only a news sitemap is worth its requests; where
    there is no feed it is a news sitemap, else an index, else any sitemap with dates. With ``now`` None, those that
    list anything, however old.
    """
    listing = [one.finding for one in tried if one.finding and one.finding.entries and one.problem is None]
    found = [finding for finding in listing if now is None or is_fresh(finding, now)]
    feeds: list[Finding] = []
    for finding in found:
        have = frozenset[str]().union(*(feed.links for feed in feeds))
        adds = len(finding.links - have) >= _NEW_SHARE * len(finding.links)
        if finding.way == "feeds" and adds and not is_of_comments(finding) and len(feeds) < _MOST_FEEDS:
            feeds.append(finding)
    sitemaps = [one for one in found if one.way == "sitemaps" and (one.newest or one.kind == "index")]
    news = [finding for finding in sitemaps if finding.kind.startswith("news")][:_MOST_SITEMAPS]
    if feeds or news:
        return (*feeds, *news)
    indexes = [finding for finding in sitemaps if finding.kind == "index"]
    return tuple((indexes or sitemaps)[:1])


def is_of_comments(finding: Finding) -> bool:
    """Whether it is a feed of what readers write."""
    return bool(_COMMENTS.search(finding.title) or _COMMENTS.search(urlsplit(finding.url).path))
