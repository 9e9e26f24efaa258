"""Verbs of saying, and which of the names around one is its speaker."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.analysis.actors import Actor
from monitor.analysis.grammar import Span, View
from monitor.analysis.lexicon import Word
from monitor.analysis.outcomes import is_passive
from monitor.analysis.speakers import is_possessed

STANCES = frozenset({"claimed", "confirmed", "denied"})
REFERENCE = "according_to"
# Nouns like "version", "count": they say something only as somebody's.
ACCOUNT = "account"
# Nouns for what somebody said, which another may call false.
CLAIMS = frozenset({"claimed", ACCOUNT})
# In these languages "according to" comes before the name; elsewhere behind it.
_REFERENCE_FIRST = frozenset({"en", "fa"})
_REACH_BEFORE = {"en": 18}
_REACH_BEFORE_VERB_LAST = 40
_NEAR, _BEHIND = 7, 6
_PLURAL = "ہا"
_OWNER_FIRST = frozenset({"ur", "hi"})
_COUNTING = frozenset({"article", "others"})
# So many tokens at most stand between people who speak and their verb: a name and what goes with it.
_LONGEST_NAME = 6
_ADDRESSED = 3
_ENDINGS = frozenset({"stop", "comma", "clause", "open", "quote"})
_OFFICE = frozenset({"adverb", "auxiliary", "agent", "genitive", "own", "pronoun", "quote", "partitive", "of_date"})
_BETWEEN = frozenset({"adverb", "auxiliary", "agent", "genitive", "own", "pronoun", "others"})


def word_of(span: Span) -> Word:
    assert isinstance(span.entry, Word)
    return span.entry


def word_means(span: Span) -> str:
    """What a span means, when it is a word; else nothing."""
    return span.entry.means if isinstance(span.entry, Word) else ""


def verbs_of_saying(view: View, silent: bool = False) -> list[Span]:
    """The verbs of saying that tell something: not denied themselves, no hedges, no "X's claim that"."""
    found: list[Span] = []
    for span in view.of("verb"):
        word = word_of(span)
        if not _tells(view, span) or (found and span.first < found[-1].last) or _is_deed(view, span):
            continue
        told = view.has("saying", span.first, span.last) or _is_done_by(view, span)
        if is_passive(view, span) and word.side != "denied" and not told:
            continue
        if word.side == "confirmed" and not silent and _is_negated(view, span):
            continue
        if found and view.language == "en" and word_of(found[-1]).side == "denied" and span.first == found[-1].last:
            continue  # "rejected reports that"
        if word.means == ACCOUNT and is_possessed(view, span) is None:
            continue
        if word.means in CLAIMS and is_possessed(view, span) is not None and _is_denying(view):
            continue
        if found and view.language != "en" and _is_judged(view, found[-1], span):
            found.pop()  # "the claim was rejected" is one verb
        if found and view.language != "en" and word_of(found[-1]).side == "denied" and span.first - found[-1].last <= 1:
            continue  # "called it a lie"
        found.append(span)
    return found


def _tells(view: View, span: Span) -> bool:
    """Whether a verb says something of its own: accusing does, in its verb forms."""
    if view.has("no_telling", span.first, span.last):
        return False
    if view.language == "fa" and view.words[span.last - 1].endswith(_PLURAL):
        return False  # "these sayings"
    return word_of(span).side in STANCES or view.has("accusing", span.first, span.last)


def _is_deed(view: View, verb: Span) -> bool:
    """Whether an English verb tells a loss ("claimed the lives of"), or what those quoted did ("we counted")."""
    if view.language != "en":
        return False
    if any(span.first <= verb.first < span.last for span in view.of("outcome")):
        return True
    return view.has("we", verb.first - 1, verb.first) and not view.has("own", verb.first - 1, verb.first)


def _is_denying(view: View) -> bool:
    return any(word_of(span).side == "denied" for span in view.of("verb"))


def _is_judged(view: View, claim: Span, verb: Span) -> bool:
    """Whether a claim is what a verb of denying, close behind it, denies."""
    close = verb.first - claim.last <= 3 and not view.has("clause", claim.last, verb.first)
    return word_of(claim).means == "claimed" and word_of(verb).side == "denied" and close


def _is_negated(view: View, verb: Span) -> bool:
    return view.has("negation", verb.first - 4, verb.first) or view.has("negation", verb.last, verb.last + 1)


def find_speaker(view: View, verb: Span, word: Word, candidates: Sequence[Span], floor: int) -> Span | None:
    if word.means == REFERENCE:
        if view.language in _REFERENCE_FIRST and view.has("pronoun", verb.last, verb.last + 1):
            by = next((at for at in range(verb.last, verb.last + 4) if view.has("agent_by", at, at + 1)), None)
            return next((span for span in candidates if by is not None and by < span.first <= by + 2), None)
        whole = next((span for span in candidates if span.first <= verb.first and verb.last < span.last), None)
        if whole is not None:
            return whole
        if view.language in _REFERENCE_FIRST:
            return _first_behind(view, verb, candidates)
        near = [span for span in candidates if span.last <= verb.last and verb.first - span.last <= _NEAR]
        return next((span for span in reversed(near) if span.last > floor), None)
    reach = _REACH_BEFORE.get(view.language, _REACH_BEFORE_VERB_LAST)
    floor = max(floor, _after_semicolon(view, verb.first))
    before = [
        span
        for span in candidates
        if floor <= span.first < verb.first and verb.first - span.last <= reach
        if not _is_addressed(view, span, verb) and _may_speak(view, span, verb)
    ]
    if view.language == "en":
        if _is_done_by(view, verb):
            return next((span for span in candidates if 0 <= span.first - verb.last <= _BEHIND), None)
        subjects = [
            span for span in before if not view.has("clause", span.last, verb.first) or _is_described(view, span, verb)
        ]
        if view.has("comma", verb.first - 1, verb.first) and not view.has("told", verb.first, verb.last):
            ending = next((span for span in candidates if span.first == verb.last), None)
            if ending is not None and not is_country(ending) and _ends(view, ending):
                return ending  # "…, said the ministry."
        return subjects[-1] if subjects else _first_behind(view, verb, candidates)
    before = [span for span in before if not view.has("clause", span.last, verb.first)] or before
    before = [span for span in before if not view.has("colon", span.last, span.last + 1)] or before
    if before and (view.has("of_verb", verb.first, verb.last) or view.has("accusing", verb.first, verb.last)):
        return before[0]
    near = [span for span in before if verb.first - span.last <= _NEAR and not _counts(view, span.last, verb.first)]
    return near[-1] if near else before[0] if before else None


def _is_described(view: View, span: Span, verb: Span) -> bool:
    """Whether all between a speaker and its verb is a clause set off by commas: "N, who asked … because …, says"."""
    if not view.has("comma", verb.first - 1, verb.first) or not view.has("comma", span.last, span.last + 1):
        return False
    others = [other for other in view.of("verb") if span.last <= other.first < verb.first]
    return view.has("relative", span.last + 1, span.last + 2) and len(others) == 0


def _ends(view: View, span: Span) -> bool:
    return span.last >= len(view.words) or bool(view.roles[span.last] & _ENDINGS)


def _after_semicolon(view: View, before: int) -> int:
    return next((at + 1 for at in range(before - 1, -1, -1) if "semicolon" in view.roles[at]), 0)


def _first_behind(view: View, verb: Span, candidates: Sequence[Span]) -> Span | None:
    if view.has("told", verb.first, verb.last):
        return None
    inverted = verb.first == 0 or view.roles[verb.first - 1] & {"comma", "quote"}
    for span in candidates:
        gap = span.first - verb.last
        if 0 <= gap <= _BEHIND and (inverted or word_of(verb).means == REFERENCE):
            if is_country(span) and any(other.first == span.last for other in candidates):
                continue  # "according to a N official"
            if is_country(span) and word_of(verb).means == REFERENCE and _is_account(view, span.last):
                return span  # "according to N figures"
            if is_country(span) and span.last < len(view.words) and not view.roles[span.last]:
                return None  # "says N soil is …"
            if view.has("own", span.first - 1, span.first):
                return None  # "said his men …"
            near = gap == 0 or (span.kind != "place" and not view.has("addressing", span.first - 1, span.first))
            return span if near else None
    return None


def _is_account(view: View, at: int) -> bool:
    """Whether a noun like "figures", "account" stands at a token."""
    return any(span.first == at and word_of(span).means == ACCOUNT for span in view.of("verb"))


def _is_addressed(view: View, span: Span, verb: Span) -> bool:
    """Whether the name is the one spoken to, or the place it is said in."""
    if view.has("dative", span.last, span.last + 1) or view.has("object_mark", span.last, span.last + 1):
        return True
    if view.language == "fa" and span.last == verb.first and _is_after_to(view, span.first):
        return True
    if view.language == "fa" and is_side(span) and _is_from(view, span.first - 1):
        return True
    if view.language == "en":
        if _is_speaking(view, span, verb):
            return False  # "called false by N, who says"
        if view.has("addressing", span.first - 2, span.first) and view.has("pronoun", span.first - 1, span.last):
            return True  # "N, in a statement, said"
    at = span.first - 1
    while at > 0 and (
        view.words[at] == "/"
        or any(o.first <= at < o.last for o in view.of("speaker", "actor") if o.kind != "actor" or _is_medium(o))
    ):
        at -= 1  # "to radio A / radio B"
    return view.has("addressing", at, at + 1) or (span.kind == "party" and view.has("preposition", at, at + 1))


def _is_done_by(view: View, verb: Span) -> bool:
    """Whether who says so stands behind an English verb: "rejected by N", "was called false by N"."""
    claims = word_of(verb).means in (REFERENCE, "claimed")  # what is claimed by a group is an attack
    return view.has("agent_by", verb.last, verb.last + 1) and not claims


def _is_speaking(view: View, span: Span, verb: Span) -> bool:
    """Whether a clause that describes a name begins with the verb: "N, who said"."""
    at = span.last + view.has("comma", span.last, span.last + 1)
    return view.has("relative", at, at + 1) and view.only(_BETWEEN, at + 1, verb.first)


def _owns_deed(view: View, span: Span) -> bool:
    """Whether what follows a name is its deed, in Urdu and Hindi: "the attack of N was repelled"."""
    if not view.has("genitive", span.last, span.last + 1):
        return False
    deeds = [other for other in view.of("event", "outcome", "object") if word_of(other).means != "statement"]
    return any(other.first == span.last + 1 for other in deeds)


def _is_from(view: View, at: int) -> bool:
    """Whether "from" stands at a Persian token, and not "one of"."""
    if not view.has("origin", at, at + 1) or view.roles[at - 1] & _COUNTING:
        return False
    return not any(span.last == at for span in view.of("number", "vague", "speaker"))


def _is_after_to(view: View, first: int) -> bool:
    """Whether "to" stands up to three plain words before a token: "to the newspaper N" said …"""
    for at in range(first - 1, max(first - _ADDRESSED - 1, -1), -1):
        if "to" in view.roles[at]:
            return True
        if view.roles[at]:
            return False
    return False


def _is_medium(span: Span) -> bool:
    return getattr(span.entry, "actor_kind", "") == "media"


def _may_speak(view: View, span: Span, verb: Span) -> bool:
    """Countries, capitals and troops speak only right before the verb, or as the subject that opens the sentence."""
    entry = span.entry
    gap = verb.first - span.last
    if view.language in _OWNER_FIRST and _owns_deed(view, span):
        return False
    if isinstance(entry, Word):
        if view.language != "en" and entry.category == "party" and view.has("and", span.first - 1, span.first):
            return False  # "80 women and children, said …" of those counted
        return entry.category != "party" or _is_subject(view, span, verb)
    opens = span.first == 0 or view.roles[span.first - 1] & {"clause", "colon", "semicolon", "opener"}
    if opens and view.has("comma", span.last, span.last + 1) and view.has("comma", verb.first - 1, verb.first):
        return True  # "N, which has …, says"
    if isinstance(entry, Actor) and entry.actor_kind == "force" and view.language != "en":
        return bool(opens) or gap <= 3 or view.has("agent", span.last, span.last + 1)
    if isinstance(entry, Actor) and entry.actor_kind != "country":
        return True
    if gap <= 3 and not _counts(view, span.last, verb.first) and view.only(_BETWEEN, span.last, verb.first):
        return True
    if gap <= 4 and span.kind == "actor" and _is_adjective(view, span.last, verb.first):
        return True  # "the N intelligence service says"
    return bool(opens) and view.language != "en" and not view.has("locative", span.last, span.last + 1)


def _is_subject(view: View, span: Span, verb: Span) -> bool:
    """Whether nothing but a name, set off or not, stands between people and their verb."""
    first, last = span.last, verb.first
    if last - first > _LONGEST_NAME:
        return False
    commas = ["comma" in view.roles[at] for at in range(first, last)]
    if any(commas) and not (commas[0] and commas[-1]):
        return False
    kinds = view.of("outcome", "event", "verb", "number", "party", "object")
    return not any(first <= other.first < last for other in kinds)


def _is_adjective(view: View, first: int, last: int) -> bool:
    """Whether only plain words stand between a country and a verb: the office that speaks, unknown by name."""
    if any(view.roles[at] - _OFFICE for at in range(first, last)):
        return False
    if any(first <= span.first < last for span in view.of("verb")):
        return False
    return view.language != "en" or not any(view.text[view.starts[at]].isupper() for at in range(first, last))


def _counts(view: View, first: int, last: int) -> bool:
    return any(first <= span.first < last for span in view.of("number", "vague"))


def goes_on(view: View, verb: Span, word: Word) -> bool:
    """Whether the verb goes on with the subject before: "he said", "… and claimed", "…, adding that"."""
    if view.language != "en" or word.means == REFERENCE:
        return False
    at = verb.first - 1
    while at > 0 and "auxiliary" in view.roles[at]:
        at -= 1
    if at < 0:
        return False
    return bool(view.roles[at] & {"pronoun", "and", "clause"}) or view.has("saying", verb.first, verb.last)


def is_person(span: Span) -> bool:
    """Whether a name or an office is that of a person."""
    if isinstance(span.entry, Actor):
        return span.entry.actor_kind == "person"
    return word_means(span) == "official"


def is_side(span: Span) -> bool:
    """Whether a span names a country or a government."""
    return isinstance(span.entry, Actor) and span.entry.actor_kind in ("country", "government")


def is_country(span: Span) -> bool:
    return isinstance(span.entry, Actor) and span.entry.actor_kind == "country"
