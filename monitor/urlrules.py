"""Which parts of a URL do not tell stories apart: twin paths, slugs after an id, tracking parameters, sessions."""

from __future__ import annotations

import re

_INDEX_FILES = frozenset(
    "index.html index.htm index.shtml index.php index.asp index.aspx index.jsp default.html default.htm default.asp"
    " default.aspx home.html home.htm".split()
)
_TWIN_SUFFIX = re.compile(r"(?<=[^.])\.(?:amp|lite|print)(\.html?)?$", re.I)
_PATH_SESSION = re.compile(r";(?:jsessionid|phpsessid|sessionid|sid)=[^/;]*", re.I)

# Words before a number that is the story's id, whatever slug follows it.
_STORY_WORDS = frozenset("news story stories article articles post posts latest item node content".split())
_ID = re.compile(r"\d{6,}")
_ID_SLUG = re.compile(r"(\d{6,})-[^/]*[^\d/-][^/]*")
_ID_FILE = re.compile(r"\d{6,}\.html?")

_TRACKING = frozenset(
    """
    fbclid gclid gclsrc dclid gbraid wbraid msclkid yclid ysclid twclid ttclid li_fat_id igshid igsh srsltid epik
    _ga _gl _hsenc _hsmi __hstc __hssc __hsfp hsctatracking mkt_tok _openstat wickedid spm scm
    ref_src ref_url referrer referer refsrc cmp cmpid campaign_id campaignid icid ncid ocid cmpref xtor xtref
    s_cid smid smtyp sr_share ftag ito taid trk traffic_source traffictype guccounter guce_referrer
    guce_referrer_sig __twitter_impression twitter_impression amp_js_v amp_gsa amp_r amp_kit amp_lite amp_markup
    usqp aoh noamp share shared sharetype replytocom like_comment doing_wp_cron nocache fb_action_ids
    fb_action_types fb_source fb_ref fb_comment_id action_object_map action_type_map action_ref_map cx_testid
    cx_testvariant cx_artpos cndid bxid user_email rss_id echobox
    """.split()
)
_TRACKING_PREFIXES = ("utm_", "at_", "ns_", "mtm_", "pk_", "piwik_", "matomo_", "hsa_", "mc_", "vero_", "oly_", "itm_")
# Names that some sites use to tell stories apart: dropped only when the value holds no digit (?ref=home, not ?ref=812).
_AMBIGUOUS = frozenset("source src ref from via origin medium campaign feature".split())
_FLAGS = frozenset(["", "0", "1", "true", "false", "yes", "no", "on", "off"])
_DRESSES = frozenset("amp print printable printerfriendly mobile desktop lite".split())
# Parameters that choose how the story is dressed, with the values that do so.
_DRESS_PARAMETERS = {
    **dict.fromkeys(
        "amp print printable printerfriendly printer_friendly mobile ismobile isamp".split(), _FLAGS | _DRESSES
    ),
    **dict.fromkeys("view format outputtype output mode theme version display action task".split(), _DRESSES),
    "m": frozenset("01"),
    "tmpl": frozenset(["component"]),
}
_SESSION = frozenset("phpsessid jsessionid sessionid session_id sessid cfid cftoken".split())
_HEX_SESSION = re.compile(r"[0-9a-f]{16,}", re.I)


def story_path(segments: list[str]) -> list[str]:
    """``segments`` of a path (no empty ones) without what only dresses the story; see ``urls.canonical_url``."""
    while segments:
        segments = [_PATH_SESSION.sub("", segment) for segment in segments]
        segments = [segment for segment in segments if segment not in ("", ".", "..")]
        shorter = _once(segments)
        if shorter == segments:
            break
        segments = shorter
    return segments


def _once(segments: list[str]) -> list[str]:
    if not segments:
        return segments
    last = segments[-1]
    if last.lower() in _INDEX_FILES:
        return segments[:-1]
    bare = _TWIN_SUFFIX.sub(r"\1", last)
    if bare != last:
        return [*segments[:-1], bare]
    if _ID_FILE.fullmatch(last):
        return _letter_path(segments)
    return _without_slug(_without_dress(segments))


def _letter_path(segments: list[str]) -> list[str]:
    """``/a/slug/1234567.html``, ``/amp/slug/…`` and ``/amp/1234567.html`` are all ``/a/1234567.html``."""
    for place in (-2, -3):
        if len(segments) == -place and segments[place].lower() in ("a", "amp"):
            return ["a", segments[-1]]
    return _without_dress(segments)


def _without_dress(segments: list[str]) -> list[str]:
    """Drop ``amp`` as a segment anywhere; ``print`` at the end, before an id, or in front of at least two segments.

    ``/print/1234567-slug`` stays: that is how a newspaper files its print edition.
    """
    if len(segments) < 2:
        return segments
    for place, segment in enumerate(segments):
        word, rest = segment.lower(), segments[place + 1 :]
        if word == "amp" or (word == "print" and _is_print_twin(place, rest)):
            return segments[:place] + rest
    return segments


def _is_print_twin(place: int, rest: list[str]) -> bool:
    if place == 0:
        return len(rest) >= 2
    return not rest or bool(_ID.match(rest[0]))


def _without_slug(segments: list[str]) -> list[str]:
    """Drop the slug around an id that follows a word like ``news``: ``/news/1234567/slug``, ``/news/1234567-slug``."""
    if len(segments) >= 3 and segments[-3].lower() in _STORY_WORDS:
        slug = segments[-1]
        if _ID.fullmatch(segments[-2]) and not is_date_code(segments[-2]) and not slug.isdigit():
            return segments[:-1]
    if len(segments) >= 2 and segments[-2].lower() in _STORY_WORDS:
        found = _ID_SLUG.fullmatch(segments[-1])
        # A round number in front of words is a headline's, not an id.
        if found and not found[1].endswith("00") and not is_date_code(found[1]):
            return [*segments[:-1], found[1]]
    return segments


def is_date_code(digits: str) -> bool:
    """Whether ``digits`` may be a day (YYYYMMDD, DDMMYYYY, YYMMDD, DDMMYY …, also with a time) and hence no id."""
    if len(digits) == 6:
        a, b, c = digits[:2], digits[2:4], digits[4:]
        return _day(b, c) or _day(b, a) or _day(a, b) or (a in ("19", "20") and "01" <= c <= "12")
    if len(digits) >= 8 and digits[:2] in ("19", "20") and _day(digits[4:6], digits[6:8]):
        return True
    if len(digits) == 8 and digits[4:6] in ("19", "20"):
        return _day(digits[2:4], digits[:2]) or _day(digits[:2], digits[2:4])
    return False


def _day(month: str, day: str) -> bool:
    return "01" <= month <= "12" and "01" <= day <= "31"


def keeps(name: str, value: str) -> bool:
    """Whether the query parameter ``name`` with ``value`` may tell one story from another."""
    name = name.lower()
    if name in _TRACKING or name in _SESSION or name.startswith(_TRACKING_PREFIXES):
        return False
    if name in _AMBIGUOUS:
        return any(char.isdigit() for char in value)
    if name in _DRESS_PARAMETERS:
        return value.lower() not in _DRESS_PARAMETERS[name]
    if name == "sid":
        return not _HEX_SESSION.fullmatch(value)
    return not name.startswith("aspsession")
