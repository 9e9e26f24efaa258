"""For which side an office, a source or a medium speaks: by its name, the names around it, and where it happens."""

from __future__ import annotations

from monitor.analysis.actors import Actor
from monitor.analysis.gazetteer import GazetteerPlace
from monitor.analysis.grammar import Span, View
from monitor.analysis.lexicon import Word
from monitor.analysis.speakers import OTHER, UNKNOWN, Known, Speaker
from monitor.analysis.topic import Topic

_MEDIA, _HOSPITAL, _UNNAMED, _REPORTS = "media", "hospital", "unnamed", "reports"
_HOME_MEDIA = "_media"
_DEFAULT = "_default"
_NO_SCENE = frozenset({"country", "capital", "line"})
_ARMY = "army"
_ORGANISATION = "organisation"
_BARE = frozenset({"spokesman"})
# How far the words lie that tell for whom an official speaks.
_AROUND = 5
# ... that tell where reports come from: "reports from N".
_FROM = 1
# The words of a title between a name before it and its noun: "the N Ministry of Tribal and Border Affairs spokesman".
_TITLES = 8
_OF = frozenset({"genitive", "article", "partitive"})
_OF_GROUP = frozenset({"preposition", "partitive", "article"})
_OUTFIT = 5
_NOUN_LAST = frozenset({"ur", "ps", "hi"})
_APPOSED = frozenset({"genitive"})
_PHRASE_ENDS = frozenset({"clause", "comma", "stop", "colon", "quote", "negation", "auxiliary", "agent"})


def speaker_of(view: View, span: Span, known: Known) -> Speaker:
    """The speaker at ``span``, and whether the words point back to one named before."""
    speaker = _speaker_of(view, span, known)
    word = span.entry
    if not isinstance(word, Word) or word.side in known.topic.sides:
        return speaker
    definite = (
        view.has("own", span.first - 1, span.first) or "the" in view.words[max(span.first - 1, 0) : span.first + 1]
    )
    if view.language == "en" and speaker.side == UNKNOWN and definite:
        return speaker._replace(again=True)
    again = view.has("the_same", span.first - 1, span.first + 1)
    return speaker._replace(again=again or _is_bare_spokesman(view, span, known.topic))


def _is_bare_spokesman(view: View, span: Span, topic: Topic) -> bool:
    """Whether only "the spokesman" is said, of nobody named beside it: that of whoever spoke before."""
    if not view.only(_BARE, span.first, span.last):
        return False
    return not _side_around(view, span, topic, _AROUND) and not _is_armed_group(view, span)


def _speaker_of(view: View, span: Span, known: Known) -> Speaker:
    """The speaker at ``span``.

    An office without a country speaks for that of the names and places around it, else for the one its title or
    language is used in, else for the side on which the story happens.
    """
    topic = known.topic
    words = view.cites(span)
    entry = span.entry
    if isinstance(entry, GazetteerPlace):
        return Speaker(topic.side_of(entry), words)
    if isinstance(entry, Actor):
        media = entry.actor_kind == _MEDIA
        return Speaker(entry.side if entry.side in topic.all_sides else OTHER, words, media and entry.side == OTHER)
    assert isinstance(entry, Word)
    if entry.category == "party" and entry.side not in topic.sides:
        return Speaker(OTHER, words)
    if entry.side in topic.sides:
        return Speaker(entry.side, words)
    return _office(view, span, entry, known)


def _office(view: View, span: Span, entry: Word, known: Known) -> Speaker:
    """The speaker behind an office, a source or a medium that belongs to no side by its name."""
    topic, words = known.topic, view.cites(span)
    if _is_armed_group(view, span) or _is_of_organisation(view, span) or _is_of_namesake(view, span, topic):
        return Speaker(OTHER, words)
    if (known.group or _names_group(view)) and _is_of_group(view, span):
        return Speaker(OTHER, words)
    if entry.means in (_UNNAMED, _REPORTS):
        loose = entry.means == _REPORTS
        side = _side_around(view, span, topic, _FROM if loose else 2, False) or _home_of_media(view, topic)
        of_medium = view.language == "en" and _follows_medium(view, span)
        if not side and not loose and (of_medium or _tells_medium(view)):
            return Speaker(OTHER, words, True)
        return Speaker(side or UNKNOWN, words, True, loose=loose)
    if _is_of_both(view, span):
        return Speaker(UNKNOWN, words, True)
    default = entry.side.removesuffix(_DEFAULT)
    if entry.side == UNKNOWN or default != entry.side or entry.means == _HOSPITAL:
        side = _side_around(view, span, topic, _AROUND)
        default = default if default in topic.sides else ""
        side = side or _home_of_media(view, topic)
        here = place_side(view, topic)
        side = side or (default or here if entry.means == _ARMY else here or default) or known.home
        return Speaker(side or (OTHER if entry.means == _HOSPITAL else UNKNOWN), words)
    local = entry.side.removesuffix(_HOME_MEDIA)
    if entry.means == _MEDIA and local in topic.sides:
        cites = any("source" in roles for roles in view.roles)
        return Speaker(local if cites else OTHER, words, not cites, local)
    return Speaker(OTHER, words, entry.means == _MEDIA)


def _is_of_both(view: View, span: Span) -> bool:
    """Whether an office is that of both sides: "officials of both countries"."""
    for other in view.of("context"):
        word = other.entry
        if isinstance(word, Word) and word.means == "both_sides" and 0 <= other.first - span.last <= 2:
            return True
    return False


def _is_armed_group(view: View, span: Span) -> bool:
    """Whether an office is that of a group of neither side, named right before it or within: "the N commander"."""
    for other in view.of("actor"):
        entry = other.entry
        if (
            isinstance(entry, Actor)
            and entry.party
            and entry.side == OTHER
            and span.first <= other.last <= span.first + 1
        ):
            return True
    return False


def _is_of_namesake(view: View, span: Span, topic: Topic) -> bool:
    """Whether an office is that of the group across the line that shares a name: its place lies there."""
    if view.language != "en":
        return False
    for other in view.of("actor"):
        entry = other.entry
        if isinstance(entry, Actor) and entry.confused_with and 0 < span.first - other.last <= _AROUND:
            places = [place for place in view.of("place") if other.last <= place.first and place.last <= span.first]
            return any(_side(place, topic) not in ("", entry.side) for place in places)
    return False


def _names_group(view: View) -> bool:
    return any(isinstance(span.entry, Actor) and span.entry.actor_kind == "group" for span in view.of("actor"))


def _is_of_group(view: View, span: Span) -> bool:
    """Whether an English office is that of a group told of before: "a spokesman for the group", "its spokesman"."""
    behind = any(
        view.has("outfit", at, at + 1) and view.only(_OF_GROUP, span.last, at)
        for at in range(span.last, min(span.last + _OUTFIT, len(view.words)))
    )
    return behind or (
        view.has("outfit", span.first - 3, span.first) and view.has("genitive", span.first - 2, span.first)
    )


def _is_of_organisation(view: View, span: Span) -> bool:
    """Whether an office is that of an organisation of neither side: "a Red Crescent official"."""
    for other in view.of("speaker"):
        word = other.entry
        if not isinstance(word, Word) or word.means != _ORGANISATION:
            continue
        low, high = (other.last, span.first) if other.last <= span.first else (span.last, other.first)
        if 0 <= high - low <= 2 and view.only(_OF, low, high):
            return True
    return False


def _home_of_media(view: View, topic: Topic) -> str:
    """The side at home with a medium the sentence names."""
    for span in view.of("speaker"):
        side = span.entry.side if isinstance(span.entry, Word) else ""
        if side.endswith(_HOME_MEDIA) and side.removesuffix(_HOME_MEDIA) in topic.sides:
            return side.removesuffix(_HOME_MEDIA)
    return ""


def _follows_medium(view: View, span: Span) -> bool:
    """Whether a source is that of a medium, named right before it."""
    for other in view.of("speaker", "actor"):
        means = other.entry.means if isinstance(other.entry, Word) else getattr(other.entry, "actor_kind", "")
        if other.last == span.first and means == _MEDIA:
            return True
    return False


def _tells_medium(view: View) -> bool:
    """Whether sources speak to, or are cited by, a medium of neither side, whose they are then."""
    if view.language == "en":
        return False
    for span in view.of("speaker", "actor"):
        entry = span.entry
        medium = entry.means if isinstance(entry, Word) else getattr(entry, "actor_kind", "")
        if medium == _MEDIA and getattr(entry, "side", "") == OTHER:
            return True
    return False


def _side_around(view: View, span: Span, topic: Topic, reach: int, places: bool = True) -> str:
    """The side named by the words that go with a speaker, within ``reach`` tokens and the same phrase."""
    best: tuple[int, str] | None = None
    for other in view.of("actor", "party", "place") if places else view.of("actor", "party"):
        if other.kind == "party" and (other.first, other.last) == (span.first, span.last):
            continue  # a rank is used on one side, and borne on both
        side = _side(other, topic)
        behind = other.first >= span.last
        low, high = (span.last, other.first) if behind else (other.last, span.first)
        gap = max(high - low, 0)
        if not side or not _goes_with(view, low, high, behind, reach):
            continue
        if best is None or gap < best[0]:
            best = gap, side
    return best[1] if best else ""


def _goes_with(view: View, low: int, high: int, behind: bool, reach: int) -> bool:
    """Whether a name and an office with tokens ``low`` up to ``high`` between them are one phrase."""
    gap = high - low
    if view.language == "en" and not behind:
        if gap > _TITLES or any(view.roles[at] - _APPOSED for at in range(low, high)):
            return False
    elif gap > (reach if behind is not (view.language in _NOUN_LAST) else reach - 2):
        return False
    if any(view.roles[at] & _PHRASE_ENDS for at in range(low, high)):
        return False
    return not _has_verb(view, low, high)


def _has_verb(view: View, low: int, high: int) -> bool:
    return any(low <= span.first < high for span in view.of("verb", "outcome"))


def _side(span: Span, topic: Topic) -> str:
    entry = span.entry
    if isinstance(entry, GazetteerPlace):
        return topic.side_of(entry)
    side = entry.side if isinstance(entry, Actor | Word) else ""
    return side if side in topic.sides else ""


def place_side(view: View, topic: Topic) -> str:
    """The side on which all places lie where a sentence happens; empty when there is none, or both."""
    sides = {
        topic.side_of(span.entry)
        for span in view.of("place")
        if isinstance(span.entry, GazetteerPlace) and span.entry.kind not in _NO_SCENE and not _is_passed(view, span)
    } - {""}
    if not sides and view.language == "en":
        sides = {_side(span, topic) for span in view.of("party", "actor") if _is_ground(view, span)} - {""}
    return sides.pop() if len(sides) == 1 else ""


def ground_side(view: View, topic: Topic, first: int, last: int) -> str:
    """The side on whose side or soil something is said to be in English, between two tokens: "on the N side"."""
    spans = view.of("party", "actor") if view.language == "en" and "ground" in view.all_roles else ()
    return next((_side(span, topic) for span in spans if first <= span.first < last and _is_ground(view, span)), "")


def _is_ground(view: View, span: Span) -> bool:
    """Whether English words tell where something happened: "on the N side", "in N territory"."""
    at = span.first - 1 - view.has("article", span.first - 1, span.first)
    return view.has("ground", span.last - 1, span.last + 1) and view.has("locative", at, at + 1)


def _is_passed(view: View, place: Span) -> bool:
    """Whether somebody or something comes from a place or goes to it: "from X and Y"; it happens elsewhere."""
    if view.language == "ps" and view.has("dative", place.last, place.last + 1):
        return True
    if view.language in ("ur", "hi"):
        return view.has("origin", place.last, place.last + 1)
    names = view.of("place")
    at = place.first - 1
    while at >= 0 and (view.roles[at] & {"and", "comma"} or any(span.first <= at < span.last for span in names)):
        at -= 1
    return view.has("origin", at, at + 1)
