"""How a story names its places: what each mention shows of whether something happens there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from monitor.analysis.days import dateline_end
from monitor.analysis.gazetteer import GazetteerPlace
from monitor.analysis.lexicon import Word
from monitor.analysis.offstage import is_aftermath, is_answered, is_earlier, is_surname, is_taken_to, is_voice
from monitor.analysis.reading import Match, Reading
from monitor.analysis.roles import ARMED, BOMBARDED, is_armed
from monitor.analysis.ties import Tie

# Countries and rivers are the scene of nothing in particular, and the line only where nothing else is.
_NO_SCENE = frozenset({"country", "river", "line"})
_DATELINE = re.compile(r"\s*(?:,[^.:\n]{0,30})?\s*(?:\([^)]{0,40}\))?\s*[:—–-](?=\s)")
# "CITY (Agency) It was said": the bracket alone ends it.
_AGENCY = re.compile(r"\s*\([^)\n]{2,40}\)\s")
# "N's … on", where the word for "in" or "on" comes last, and "of N in …": a part of a place, not who speaks for it.
_PART_OF = {
    "ur": re.compile(
        r"(?!.{0,60}\sکے\s(?:جواب|ردعمل|بدلے)\sمیں)\s(?:کے|کی)(?:\s(?!نے\s)[^\s،۔,.]+){1,4}\s(?:پر|میں)(?=[\s،۔])"
    ),
    "hi": re.compile(r"\s(?:के|की)(?:\s(?!ने\s)[^\s,।]+){1,4}\s(?:पर|में)(?=[\s,।])"),
    "ps": re.compile(r"\s(?:په|پر)\s"),
}
_STOPS = ";:؛."
# Above a dateline stands a headline at most.
_DATELINE_WITHIN = 240
# The first sentences of the text, which with the title say where the story is.
_LEADING = 2
# A sentence with this link is about the border, whoever strikes in it.
_SURE = 0.7
# Characters within which a place belongs to what happened, by degrees.
_NEAR = (("at event", 3), ("near event", 25), ("by event", 90))
# ... to the place named before it, or to what caused it.
_LISTED, _NEAR_CAUSE = 6, 60
# Words beside a place that put something there, or somebody.
_BESIDE = ("locative", "clinic", "on_the_spot")
# Without one of these nothing happens in a capital.
_STANDS = frozenset({*_BESIDE, "listed", "stands within"})
# Signs that take a place out of what is told in its sentence.
_OFF = frozenset({"office", "cause", "taken", "aftermath", "answered"})
# What means another thing in a sentence of fighting, in one of none, and in a title.
_CROSSED = ("incident", "untold", "title")
_WITH = _OFF | {"voice", "locative", "near event", "at event", "dateline", "listed"}


def mentions_of_places(
    reading: Reading, ties: Mapping[int, Tie], index: int, matches: Sequence[Match]
) -> Iterator[tuple[Match, set[str]]]:
    """The places of sentence ``index``, each with the signs of how it is named."""
    if not any(isinstance(match.entry, GazetteerPlace) and match.entry.kind not in _NO_SCENE for match in matches):
        return
    around = _of_sentence(reading, ties, index, matches)
    words = [match for match in matches if match.kind == "context"]
    head = dateline_end(reading, matches) if index < _LEADING else 0
    last: int | None = None
    out, why = -_LISTED - 1, frozenset[str]()
    for match in matches:
        place = match.entry
        if not isinstance(place, GazetteerPlace) or place.kind in _NO_SCENE or is_surname(reading, matches, match):
            continue
        signs = set(around) | _of_events(matches, match)
        signs |= {means for means in _BESIDE if _has_beside(reading, words, match, means)}
        if last is None:
            signs.add("first in sentence")
        elif _is_listed(reading, match, last):
            signs.add("listed")
        off: set[str] = _of_being_off(reading, matches, words, match)
        if not off and 0 < match.start - out <= _LISTED:  # "from X and Y"
            off = {*why, "listed off"}
        if off:
            out, why = match.end, frozenset(off) - {"listed off"}
        signs |= off
        if match.part == "text" and is_voice(reading, matches, match):
            signs.add("voice")
        if _is_dateline(reading, match, head):
            signs.add("dateline")
        if _stands_within(reading, match):
            signs.add("stands within")
        if place.kind == "capital" and not signs & _STANDS:  # its name stands for the government
            continue
        last = match.end
        yield match, signs | _crossed(signs)


def _crossed(signs: set[str]) -> set[str]:
    """What a sign is together with the sentence it stands in; whether a place is plainly where something happens."""
    found = {f"{one} & {other}" for one in _CROSSED if one in signs for other in signs & _WITH}
    if not signs & (_OFF | {"voice", "dateline", "listed off"}):
        found.add("plain")
    if "told" in signs and not signs & (_OFF | {"voice", "listed off"}):
        found.add("plain told")
    return found


def _of_sentence(reading: Reading, ties: Mapping[int, Tie], index: int, matches: Sequence[Match]) -> set[str]:
    """The signs that all places of a sentence share."""
    titled = bool(reading.sentences) and reading.sentences[0].part == "title"
    top = _LEADING + titled
    signs = {"title"} if reading.sentences[index].part == "title" else set[str]()
    if index < top:
        signs |= {"lead", "first sentence"} if index < top - 1 else {"lead"}
    elif is_earlier(matches):
        signs.add("earlier")
    tie = ties.get(index)
    if tie is None:
        return signs | {"far down"}
    return signs | _of_tie(tie) | _of_neighbours(ties, index, index < top)


def _of_tie(tie: Tie) -> set[str]:
    here = tie.signals
    shown = {
        "incident": tie.incident,
        "untold": not tie.incident,
        "told": tie.incident and not here.background,
        "recalled": here.recalled,
        "feared": here.background and not here.recalled,
        "toll": here.toll is not None,
        "fight": here.has(ARMED, strong=True) is not None,
        "bombs": here.has(BOMBARDED) is not None,
        "sure": tie.link >= _SURE,
        "foreign": here.foreign,
        "aside": here.aside,
        "past": bool(here.past),
        "recent": here.recent,
        "sides": len(here.named) > 1,
        "talks": here.has(("talks",)) is not None,
    }
    return {name for name, holds in shown.items() if holds}


def _of_neighbours(ties: Mapping[int, Tie], index: int, leading: bool) -> set[str]:
    """For a sentence that tells nothing: whether the one before or behind it does."""
    if ties[index].incident:
        return set()
    before, behind = (_tells(ties.get(at)) for at in (index - 1, index + 1))
    found = {"behind told"} if before else set[str]()
    if behind:
        found |= {"before told", "lead before told"} if leading else {"before told"}
    return found


def _tells(tie: Tie | None) -> bool:
    return tie is not None and tie.incident and not tie.signals.background


def _of_events(matches: Sequence[Match], place: Match) -> set[str]:
    """How near what happened stands to a place, and on which side."""
    happened = [one for one in matches if one.part == place.part and (is_armed(one) or one.kind == "outcome")]
    gap = min((max(one.start - place.end, place.start - one.end) for one in happened), default=1000)
    found = {name for name, near in _NEAR if gap <= near}
    if any(one.end <= place.start for one in happened):
        found.add("event before")
    if any(one.start >= place.end for one in happened):
        found.add("event behind")
    if _is_closed(matches, place):
        found.add("closed")
    return found


def _of_being_off(reading: Reading, matches: Sequence[Match], words: Sequence[Match], place: Match) -> set[str]:
    shown = {
        "office": _has_beside(reading, words, place, "office"),
        "cause": _is_cause(words, place),
        "taken": is_taken_to(matches, place),
        "aftermath": is_aftermath(matches, place),
        "answered": is_answered(matches, place),
    }
    return {name for name, holds in shown.items() if holds}


def _stands_within(reading: Reading, place: Match) -> bool:
    """Whether a word puts something into a part of a place: "on a hospital of N", "in N's district M"."""
    text = reading.title if place.part == "title" else reading.text
    pattern = _PART_OF.get(reading.language)
    return pattern is not None and pattern.match(text, place.end) is not None


def _is_listed(reading: Reading, place: Match, last: int) -> bool:
    """Whether a place stands right behind another that ended at ``last``, with no stop between them."""
    between = (reading.title if place.part == "title" else reading.text)[last : place.start]
    return 0 < len(between) <= _LISTED and not any(stop in between for stop in _STOPS)


def _is_closed(matches: Sequence[Match], place: Match) -> bool:
    """Whether a crossing is named for being closed, not for being fought at."""
    entry = place.entry
    if not isinstance(entry, GazetteerPlace) or not (entry.kind == "crossing" or len(entry.countries) == 2):
        return False
    events = [match for match in matches if match.kind == "event" and match.part == place.part]
    nearest = min(events, key=lambda one: max(one.start - place.end, place.start - one.end), default=None)
    return nearest is not None and not is_armed(nearest)


def _is_cause(words: Sequence[Match], place: Match) -> bool:
    """Whether a place belongs to what is answered, not to the answer."""
    for match in words:
        word = match.entry
        if isinstance(word, Word) and word.means == "cause":
            gap = place.start - match.end if word.side == "before" else match.start - place.end
            if 0 <= gap <= _NEAR_CAUSE:
                return True
    return False


def _has_beside(reading: Reading, words: Sequence[Match], match: Match, means: str) -> bool:
    """Whether a word of a kind stands right beside a place, on the side where that language puts it."""
    text = reading.title if match.part == "title" else reading.text
    if means == "locative" and text[match.end : match.end + 2] in ("'s", "’s"):
        return False
    for other in words:
        word = other.entry
        if isinstance(word, Word) and word.means == means and other.part == match.part:
            gap = match.start - other.end if word.side == "before" else other.start - match.end
            if 0 <= gap <= 1:
                return True
    return False


def _is_dateline(reading: Reading, match: Match, head: int) -> bool:
    """Whether the name opens the text, or a line near its top, and is set off by a sign or a date."""
    if match.part == "text" and match.end <= head:
        return True
    if match.part != "text" or match.start > _DATELINE_WITHIN:
        return False
    before = reading.text[: match.start].rstrip(" \t")
    if before and not before.endswith("\n"):
        return False
    return _DATELINE.match(reading.text, match.end) is not None or _AGENCY.match(reading.text, match.end) is not None
