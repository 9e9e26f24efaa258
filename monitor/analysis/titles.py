"""Offices that are not known by their words: told by the place or the country they are said to be of."""

from __future__ import annotations

from monitor.analysis.gazetteer import GazetteerPlace
from monitor.analysis.grammar import Span, View
from monitor.analysis.speakers import Known, Speaker

_NOUN_LAST = frozenset({"ur", "ps", "hi"})
# Words like "again", "also" between a name and its verb.
_ADVERB = frozenset({"auxiliary", "adverb"})
_COUNTRY = "country"
_AGENT = frozenset({"agent"})
_PHRASE_ENDS = frozenset({"clause", "comma", "stop", "colon", "quote", "negation", "auxiliary", "agent"})
_NO_SCENE = frozenset({"country", "capital", "line"})
# The words of a title between a name before it and its noun: "the N Ministry of Tribal and Border Affairs spokesman".
_TITLES = 8
# How far the words lie that tell for whom an official speaks.
_AROUND = 5
# In these a small word marks who does something, however far the verb.
_AGENT_MARKED = frozenset({"ur", "hi"})


def of_place(view: View, verb: Span, known: Known) -> Speaker | None:
    """An office that is not known, of a place or, where it is marked so, a country: "N's head of information said"."""
    if view.language == "en" and view.has("comma", verb.first - 1, verb.first):
        return _of_place_behind(view, verb, known)
    agents = (at for at in range(verb.first - 1, -1, -1) if "agent" in view.roles[at])
    end = next(agents, verb.first) if view.language in _AGENT_MARKED else verb.first
    while end > 0 and view.language in _NOUN_LAST and view.roles[end - 1] & _ADVERB:
        end -= 1
    for span in reversed(view.of("place")):
        entry = span.entry
        if not isinstance(entry, GazetteerPlace) or (entry.kind in _NO_SCENE and entry.kind != _COUNTRY):
            continue
        country = entry.kind == _COUNTRY
        if not 0 <= end - span.last <= (_TITLES if country or end < verb.first else _AROUND):
            continue
        side = known.topic.side_of(entry)
        owned = view.language != "en" or view.has("genitive", span.last, span.last + 1) or _is_title_of(view, span)
        if country:
            owned = view.language in _NOUN_LAST and _is_owner(view, span)
        if side and owned and _is_title(view, span.last, end):
            return Speaker(side, view.text[span.start : view.ends[end - 1]])
    return None


def _is_owner(view: View, country: Span) -> bool:
    """Whether something is said to be of a country: a mark of the genitive stands on the side where it marks it."""
    marked = view.has("genitive", country.last, country.last + 1)
    return marked and (view.language != "ps" or view.has("genitive", country.first - 1, country.first))


def _of_place_behind(view: View, verb: Span, known: Known) -> Speaker | None:
    """The same behind an English verb: "…, said N's information chief"."""
    for span in view.of("place"):
        entry = span.entry
        if span.first != verb.last or not isinstance(entry, GazetteerPlace) or entry.kind in _NO_SCENE:
            continue
        side = known.topic.side_of(entry)
        return Speaker(side, view.cites(span)) if side and view.has("genitive", span.last, span.last + 1) else None
    return None


def _is_title_of(view: View, place: Span) -> bool:
    """Whether an English place opens its sentence or clause with a plain noun behind: "N information chief M"."""
    opens = place.first == 0 or view.roles[place.first - 1] & {"clause", "stop"}
    return bool(opens) and place.last < len(view.words) and view.text[view.starts[place.last]].islower()


def _is_title(view: View, first: int, last: int) -> bool:
    """Whether nothing but plain words stands between a place and a verb of saying: an office and a name."""
    if any(view.roles[at] & _PHRASE_ENDS - _AGENT for at in range(first, last)) or view.has("pronoun", last - 3, last):
        return False
    kinds = view.of("outcome", "event", "number", "verb")
    return not any(first <= span.first < last for span in kinds)
