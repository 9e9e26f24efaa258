"""Speakers without a verb of saying: set off by a colon or a comma, hospitals, those who share another's verb."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.analysis.framing import Frame, clause_of
from monitor.analysis.grammar import Span, View
from monitor.analysis.offices import speaker_of
from monitor.analysis.phrases import Mention
from monitor.analysis.saying import is_country, word_means, word_of
from monitor.analysis.speakers import Known

# The title and name of somebody set off at the end have so many tokens at most, and none of these among them.
_LONGEST_TITLE = 9
_NO_TITLE = frozenset({"copula", "passive", "active", "relative", "clause", "negation", "agent"})
# "The N office, 8 August:": so many tokens lie between a speaker and the colon.
_DATED = 5
_BEGINS_CLAUSE = frozenset({"comma", "semicolon", "clause", "and"})
# So many tokens at most lie between a hospital and the verb that tells what it took in: the town.
_TAKES_IN = 5


def set_off(view: View, candidates: Sequence[Span], known: Known) -> list[Frame]:
    """Speakers without a verb: "Ten killed: the ministry", "the ministry: ten killed", "…، the ministry"."""
    found = []
    for span in candidates:
        ends = all("stop" in view.roles[at] or _is_of_statement(view, at) for at in range(span.last, len(view.words)))
        reach = 1 if view.part == "title" else _DATED if view.of("month") else 3
        colon = view.has("colon", span.last, span.last + reach)
        begins = span.first <= 1 or view.has("clause", span.first - 1, span.first) or _is_apposed(view, span)
        named = view.part == "title" and (span.kind != "place" or _is_capital(span))
        opens = colon and begins and (named or not _is_dateline(view, span))
        behind = ends and view.has("colon", span.first - 1, span.first)
        apart = ends and view.language != "en" and view.has("comma", span.first - 1, span.first)
        if opens or behind or apart:
            found.append(Frame(span.first, span.last, span.first, "claimed", speaker_of(view, span, known), False))
    return found or _last_words(view, candidates, known)


def _is_apposed(view: View, span: Span) -> bool:
    """Whether a title opens a sentence behind a name set off by a comma: "N, the spokesman of M: …"."""
    if view.language == "en" or span.first > _LONGEST_TITLE:
        return False
    commas = [at for at in range(span.first) if "comma" in view.roles[at]]
    told = view.of("outcome", "event", "number", "verb")
    return len(commas) == 1 and not any(other.first < span.first for other in told)


def _last_words(view: View, candidates: Sequence[Span], known: Known) -> list[Frame]:
    """Who is named behind the last comma, with a title: "…، doctor N", "…، the press office of N's governor"."""
    if view.language == "en" or view.part == "title":
        return []
    end = next((at for at in range(len(view.words), 0, -1) if "stop" not in view.roles[at - 1]), 0)
    comma = next((at for at in range(end - 1, -1, -1) if "comma" in view.roles[at]), -1)
    told = view.of("outcome", "event", "number", "verb", "vague")
    if comma < 0 or not 0 < end - comma - 1 <= _LONGEST_TITLE or any(comma < span.first < end for span in told):
        return []
    if any(view.roles[at] & _NO_TITLE for at in range(comma + 1, end)):
        return []
    span = next((span for span in candidates if comma < span.first and span.kind in ("speaker", "actor")), None)
    if span is not None and not is_country(span):
        return [Frame(span.first, end, span.first, "claimed", speaker_of(view, span, known), False)]
    return []


def _is_of_statement(view: View, at: int) -> bool:
    """Whether a token behind a name says no more than that it is the name's statement: "…، N کا بیان"."""
    if view.language == "en":
        return False
    said = any(span.first <= at < span.last and word_of(span).means == "statement" for span in view.of("event"))
    return said or "genitive" in view.roles[at]


def _is_dateline(view: View, span: Span) -> bool:
    """Whether a name before a colon is that of the town a story is sent from."""
    return span.kind == "place" or (is_country(span) and view.text[span.start : span.end].isupper())


def _is_capital(span: Span) -> bool:
    return getattr(span.entry, "kind", "") == "capital"


def without_verb(
    view: View, found: Sequence[Frame], candidates: Sequence[Span], counted: Sequence[Mention], known: Known
) -> list[Frame]:
    """Speakers whose verb is that of the clause before, in English: "N says it lost two men, M that it lost nine"."""
    told: list[Frame] = []
    for span in candidates if view.language == "en" and found else ():
        at = span.first - view.has("article", span.first - 1, span.first)
        begins = at > 0 and bool(view.roles[at - 1] & _BEGINS_CLAUSE)
        put_at = view.has("toll_verb", span.last, span.last + 1)
        goes_on = view.has("the_same", span.last, span.last + 1) or any(m.first == span.last + put_at for m in counted)
        if begins and goes_on and any(frame.verb < span.first for frame in found) and not _speaks(found, span):
            told.append(Frame(span.first, span.last, span.first, "claimed", speaker_of(view, span, known), False))
    return told


def _speaks(found: Sequence[Frame], span: Span) -> bool:
    return any(frame.first <= span.first < frame.last for frame in found)


def hospitals(view: View, found: Sequence[Frame], candidates: Sequence[Span], known: Known) -> list[Frame]:
    """Hospitals that give their numbers by what they do, in English: "the hospital in N received four bodies"."""
    if "takes_in" not in view.all_roles:
        return []
    taking = [at for at in range(len(view.words)) if view.has("takes_in", at, at + 1)]
    told = []
    for at in taking:
        begin, end = clause_of(view, at)
        subject = next((span for span in candidates if begin <= span.first and 0 <= at - span.last <= _TAKES_IN), None)
        if subject is None or word_means(subject) != "hospital" or any(begin <= f.first < end for f in found):
            continue
        told.append(Frame(subject.first, at + 1, at, "claimed", speaker_of(view, subject, known), False))
    return told
