"""Listing pages: which of the links on a page lead to stories, told by the form of address, text and page alone."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from statistics import median
from urllib.parse import urljoin

from lxml.html import HtmlElement

from monitor.entries import MAX_SUMMARY, MAX_TITLE, Entry, language_tag, plain_text, usable_link
from monitor.errors import FeedError
from monitor.htmltext import parse_page
from monitor.storyshape import count_words, shape_of
from monitor.urls import canonical_url, host_of, same_site

MAX_LINKS = 5_000  # anchors looked at on one page
MAX_STORIES = 300

# A link is a story's from this score on: address, text and surroundings each give some 2 points at most.
_ENOUGH = 3.0
# From this score on it may be one, and its text is no part of another story's teaser.
_PERHAPS = 1.0
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_LANDMARKS = frozenset("navigation contentinfo search banner menu menubar tablist".split())
# Words in class names and ids of what frames a page rather than fills it, and of what is only beside the point: names
# that say less, for a list that is loaded page by page is called after its pagination, too.
_FRAME = frozenset("nav navbar navigation menu menus submenu topbar breadcrumb breadcrumbs footer masthead".split())
_BESIDE = frozenset(
    """
    pagination pager toolbar tags tagcloud taglist social share sharing cookie cookies consent login signin subscribe
    newsletter comments comment disqus advert advertisement sponsored languages langs sitemap
    """.split()
)
# What is no web page, by its beginning.
_OTHER = re.compile(
    rb"[\s\xef\xbb\xbf]*(?:[\[{]|(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:rss|feed|rdf:|urlset|sitemapindex))",
    re.S | re.I,
)
_NAME = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
# The ancestors of a link whose names make up the place it stands at, and those searched for a frame.
_PATH, _FRAMES_UP = 5, 12
# Letters of the text around a link that can be its teaser.
_CARD_CHARS = 1_500


@dataclass(frozen=True, slots=True)
class Section:
    """A listing page as read: the stories it links to, in the page's order, undated.

    An entry's ``title`` is the text of its link, the ``summary`` what stands around it. ``links`` is the number of
    links on the page, ``language`` the one it declares; ``truncated`` says that a bound cut links off.
    """

    entries: tuple[Entry, ...] = field(repr=False)
    links: int
    language: str | None = None
    truncated: bool = False


@dataclass(slots=True)
class _Link:
    """One anchor: where it leads, what it says, where it stands, and what speaks for its being a story's."""

    anchor: HtmlElement
    url: str
    key: str
    pattern: str
    title: str
    words: int
    place: str
    score: float
    framed: bool


def parse_section(body: bytes, url: str, content_type: str | None = None) -> Section:
    """The stories that the page ``body``, fetched from ``url``, links to: only those of its own site.

    ``content_type`` is the HTTP header. No rule knows any site: an address that looks like a story's, a text as long
    as a headline, a heading around it, and neighbours that are built alike and look like stories speak for a link;
    navigation, footers, lists of tags and the like against it. Raises FeedError, one sentence beginning with ``url``,
    when the document is no web page.
    """
    tree = _tree(body, url, content_type)
    base = _base(tree, url)
    anchors = [anchor for anchor in tree.iter("a") if anchor.get("href")]
    read = anchors[:MAX_LINKS]
    links = list(_links(read, base, url, _frames(read)))
    _judge_places(links)
    _judge_patterns(links)
    chosen = [link for link in links if link.score >= _ENOUGH and link.url]
    entries = _entries(chosen, _links_within(link for link in links if link.score >= _PERHAPS))
    return Section(
        entries=tuple(entries[:MAX_STORIES]),
        links=len(anchors),
        language=language_tag(tree.get("lang")),
        truncated=len(anchors) > MAX_LINKS or len(entries) > MAX_STORIES,
    )


def _tree(body: bytes, url: str, content_type: str | None) -> HtmlElement:
    tree = parse_page(body, content_type)
    if tree is None:
        raise FeedError(f"{url}: is empty where a listing page should be")
    if _OTHER.match(body[:2000]):
        raise FeedError(f"{url}: is no web page; declare a feed under `feeds` and a sitemap under `sitemaps`")
    return tree


def _base(tree: HtmlElement, url: str) -> str:
    """What relative links are relative to; only the page's own site may be."""
    found = next((base.get("href") for base in tree.iter("base") if base.get("href")), None)
    try:
        base = urljoin(url, found or "")
    except ValueError:
        return url
    return base if same_site(base, url) else url


# What frames the page


def _frames(anchors: list[HtmlElement]) -> dict[HtmlElement, float]:
    """The elements that frame the page and what they speak against a link; nothing that holds half of all links."""
    held: Counter[HtmlElement] = Counter()
    for anchor in anchors:
        for ancestor in _ancestors(anchor, _FRAMES_UP):
            held[ancestor] += 1
    weights = {element: _frame_weight(element) for element, count in held.items() if count * 2 <= len(anchors)}
    return {element: weight for element, weight in weights.items() if weight}


def _ancestors(element: HtmlElement, most: int) -> Iterator[HtmlElement]:
    for count, ancestor in enumerate(element.iterancestors()):
        if count >= most or ancestor.tag == "body":
            return
        yield ancestor


def _frame_weight(element: HtmlElement) -> float:
    if element.tag in ("nav", "footer", "form", "menu"):
        return 3.0
    if element.tag in ("article", "main", "a") or element.tag in _HEADINGS:
        return 0.0
    if (element.get("role") or "").lower() in _LANDMARKS:
        return 3.0
    names = f"{element.get('class') or ''} {element.get('id') or ''}"[:300]
    words = {word.lower() for word in _NAME.findall(names)}
    return 3.0 if words & _FRAME else 2.0 if words & _BESIDE else 0.0


# The links one by one


def _links(anchors: Iterable[HtmlElement], base: str, url: str, frames: dict[HtmlElement, float]) -> Iterator[_Link]:
    own = canonical_url(url)
    for anchor in anchors:
        link = usable_link(anchor.get("href"), base)
        if link is None or not same_site(link, url):
            continue
        key = canonical_url(link)
        if key == own:
            continue
        title, heading = _title(anchor)
        words = count_words(title)
        shape, plain = shape_of(key), shape_of(link)
        score = max(shape.score, plain.score) if min(shape.score, plain.score) >= 0 else -3.0
        score += _text_score(words) + (1.5 if heading else 0.0)
        framed = max((frames.get(ancestor, 0.0) for ancestor in _ancestors(anchor, _FRAMES_UP)), default=0.0)
        score -= framed if words < 5 else framed - 1.0 if framed else 0.0
        if host_of(key) != host_of(own):
            score -= 1.0
        yield _Link(anchor, link, key, plain.pattern, title, words, _place(anchor), score, framed > 0)


def _title(anchor: HtmlElement) -> tuple[str, bool]:
    """What a link says, and whether that is a heading: the heading in it, its text, or its description."""
    inside = next((element for element in anchor.iter(*_HEADINGS) if _text(element)), None)
    if inside is not None:
        return plain_text(_text(inside), MAX_TITLE, markup=False), True
    around = any(ancestor.tag in _HEADINGS for ancestor in _ancestors(anchor, 3))
    pictures = (image.get("alt") for image in anchor.iter("img"))
    for text in (_text(anchor), anchor.get("title"), anchor.get("aria-label"), *pictures):
        if text and text.strip():
            return plain_text(text, MAX_TITLE, markup=False), around
    return "", around


def _text(element: HtmlElement) -> str:
    return " ".join(" ".join(element.itertext()).split())


def _text_score(words: int) -> float:
    """A headline has five words or more; one or two are the name of a section."""
    if words >= 5:
        return 2.0
    return (0.0, -1.0, -0.5, 0.5, 1.5)[words]


def _place(anchor: HtmlElement) -> str:
    """Where a link stands: tags and class names of its ancestors. Links of one list stand at the same place."""
    steps = []
    for element in (anchor, *_ancestors(anchor, _PATH)):
        names = (element.get("class") or "")[:200].split()
        kept = sorted(name for name in names if not any(char.isdigit() for char in name))
        steps.append(".".join([str(element.tag), *kept[:4]]))
    return "/".join(steps)


# The links together


def _judge_places(links: list[_Link]) -> None:
    """What most links of one place are, all of them are: teasers in a list, or names in a menu."""
    places: defaultdict[str, list[_Link]] = defaultdict(list)
    for link in links:
        places[link.place].append(link)
    for group in places.values():
        if len({link.key for link in group}) < 3:
            continue
        usual = median(link.words for link in group)
        if usual >= 4:
            _raise(group, 0.5)
        elif 0 < usual <= 2:
            _raise(group, -1.0)


def _judge_patterns(links: list[_Link]) -> None:
    """Links built like many that surely are stories' are stories' too, and those built like many that are not, not."""
    patterns: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for link in links:
        best = patterns[link.pattern].get(link.key, link.score)
        patterns[link.pattern][link.key] = max(best, link.score)
    for link in links:
        scores = list(patterns[link.pattern].values())
        if len(scores) < 3:
            continue
        sure = sum(score >= _ENOUGH for score in scores) / len(scores)
        if sure >= 0.6:
            link.score += 0.0 if link.framed else 1.5
        elif sure <= 0.2:
            link.score -= 1.0


def _raise(group: list[_Link], points: float) -> None:
    for link in group:
        link.score += points


# From links to entries


def _entries(chosen: list[_Link], within: dict[HtmlElement, set[str]]) -> list[Entry]:
    """One entry a story, in the page's order, with the best of the texts that its links carry."""
    stories: dict[str, list[_Link]] = {}
    for link in chosen:
        stories.setdefault(link.key, []).append(link)
    entries = []
    for key, group in stories.items():
        best = max(group, key=lambda link: (min(link.score, 6.0), -abs(link.words - 10)))
        summary = _teaser(best, key, within)
        # The shortest address: without a place on the page, without parameters that only say where the link stood.
        url = min((link.url.partition("#")[0] for link in group), key=len)
        entries.append(Entry(url=url, title=best.title, summary=summary, id=key))
    return entries


def _links_within(links: Iterable[_Link]) -> dict[HtmlElement, set[str]]:
    """The stories that each element holds links to."""
    within: defaultdict[HtmlElement, set[str]] = defaultdict(set)
    for link in links:
        for ancestor in _ancestors(link.anchor, _FRAMES_UP):
            within[ancestor].add(link.key)
    return within


def _teaser(link: _Link, key: str, within: dict[HtmlElement, set[str]]) -> str:
    """The text of the largest element around a link that can hold no other story, without the title."""
    card = link.anchor
    for ancestor in _ancestors(link.anchor, 6):
        if within[ancestor] != {key}:
            break
        card = ancestor
    text = _text(card)
    if len(text) > _CARD_CHARS:
        return ""
    return plain_text(text.replace(link.title, " ", 1), MAX_SUMMARY, markup=False)
