"""Whether a URL looks like that of a story: by dates, ids and slugs in it, not by whose it is."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

# Segments under which sites keep lists, people, services and machinery instead of stories.
_NO_STORY = frozenset(
    """
    tag tags topic topics category categories author authors writer writers columnist columnists contributor
    contributors byline profile profiles user users member members search login signin sign-in register account
    myaccount subscribe subscription subscriptions newsletter newsletters contact contact-us contactus about about-us
    aboutus privacy privacy-policy terms terms-of-use terms-and-conditions disclaimer advertise advertising careers
    rss feed feeds sitemap wp-content wp-admin wp-login.php wp-json cdn-cgi share shop store checkout donate
    """.split()
)
_NO_STORY_QUERY = frozenset("page paged cat tag author share replytocom s q search sort login".split())
_ID_QUERY = frozenset("id p nid aid sid newsid news_id articleid article_id storyid story_id post".split())
# Files that no page stands behind.
_FILE = re.compile(
    r"\.(?:jpe?g|png|gif|webp|svg|ico|css|js|json|xml|rss|pdf|docx?|xlsx?|pptx?|zip|gz|apk|mp3|mp4|m3u8|m4a|wav|webm)$",
    re.I,
)
_PAGE_SUFFIX = re.compile(r"\.(?:[sx]?html?|php\d?|aspx?|jsp|cms|ece|story)$", re.I)
_YEAR = re.compile(r"(?:19|20)\d\d|1[34]\d\d")  # Gregorian and solar
_MONTH = re.compile(r"0?[1-9]|1[0-2]|[a-z]{3,9}", re.I)
_DAY, _MONTH_NUMBER, _FULL_YEAR = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])", r"(?:19|20)\d\d"
_DATE = re.compile(
    rf"(?<!\d)(?:{_FULL_YEAR}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])|{_FULL_YEAR}[-_.]{_MONTH_NUMBER}[-_.]{_DAY}"
    rf"|{_DAY}[-_.](?:{_MONTH_NUMBER}|[a-z]{{3,9}})[-_.]{_FULL_YEAR})(?!\d)",
    re.I,
)
_NUMBER = re.compile(r"\d{5,}")
_CODE = re.compile(r"(?=[a-z]*\d)(?=\d*[a-z])[a-z0-9]{7,}", re.I)
_WORD = re.compile(r"[^\W\d_]{2,}")
# Scripts that put no blanks, and hence no hyphens, between words: two letters count as one.
_UNSPACED = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u4e00-\u9fff]")


class Shape(NamedTuple):
    """What a URL's form tells: ``score`` (3 and more is surely a story's, below 0 surely not) and its ``pattern``.

    Two URLs of one pattern are built alike: the same kinds of parts at the same places.
    """

    score: float
    pattern: str


def shape_of(url: str) -> Shape:
    """The shape of ``url``, best given in canonical form. Scores were set on the URLs of some 130 news sites."""
    parts = urlsplit(url)
    segments = [segment for segment in unquote(parts.path).split("/") if segment]
    query = parse_qsl(parts.query, max_num_fields=50) if parts.query.count("&") < 50 else []
    names = {name.lower() for name, _ in query}
    kinds = [_kind(segment) for segment in segments]
    path = "/".join(_ALIKE.get(kind, kind) for kind in kinds)
    pattern = f"{parts.hostname}/{path}?{'&'.join(sorted(names))}"
    if _is_no_story(segments, names):
        return Shape(-3.0, pattern)
    score = max((_ID_SCORES.get(kind, 0.0) for kind in kinds), default=0.0)
    if _has_date(segments):
        score += 2.0
    if any(name.lower() in _ID_QUERY and any(char.isdigit() for char in value) for name, value in query):
        score += 2.0
    if segments:
        score += _slug_score(segments)
        score += 0.5 if _PAGE_SUFFIX.search(segments[-1]) and len(segments) > 1 else 0.0
    return Shape(score, pattern)


_ID_SCORES = {"number": 1.5, "slug-id": 1.5, "code": 1.0}
# A slug beside an id may be of any length.
_ALIKE = {"number": "id", "slug-id": "id"}


def _kind(segment: str) -> str:
    """What a segment of a path is made of."""
    bare = _PAGE_SUFFIX.sub("", segment)
    if bare.isdigit():
        return "year" if _YEAR.fullmatch(bare) else "number" if len(bare) >= 5 else "digits"
    words = count_words(bare)
    if words >= 3 or (words and len(bare) >= 40):
        return "slug-id" if _NUMBER.search(bare) or _CODE.fullmatch(re.split(r"[-_]", bare)[-1]) else "slug"
    if _NUMBER.search(bare):
        return "number"
    if _CODE.fullmatch(bare):
        return "code"
    return "words" if words == 2 else "word"


def count_words(text: str) -> int:
    """Words of two letters or more; in scripts without blanks two letters count as one word."""
    unspaced = len(_UNSPACED.findall(text))
    return len(_WORD.findall(_UNSPACED.sub(" ", text))) + unspaced // 2


def _slug_score(segments: list[str]) -> float:
    """How long the longest slug among the last two segments is: the id may stand behind it."""
    words = max(count_words(_PAGE_SUFFIX.sub("", segment)) for segment in segments[-2:])
    return 2.0 if words >= 5 else 1.5 if words == 4 else 1.0 if words == 3 else 0.0


def _has_date(segments: list[str]) -> bool:
    """Whether a day, or a year and month with something behind them, stands in the path."""
    for place, segment in enumerate(segments):
        if _DATE.search(segment):
            return True
        follows = segments[place + 1 : place + 3]
        if _YEAR.fullmatch(segment) and len(follows) == 2 and _MONTH.fullmatch(follows[0]):
            return True
    return False


def _is_no_story(segments: list[str], names: set[str]) -> bool:
    if not segments and not names & _ID_QUERY:
        return True
    if (names & _NO_STORY_QUERY and not names & _ID_QUERY) or (segments and _FILE.search(segments[-1])):
        return True
    if len(segments) >= 2 and segments[-2].lower() == "page" and segments[-1].isdigit():
        return True
    return any(segment.lower() in _NO_STORY for segment in segments)
