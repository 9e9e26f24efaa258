"""The signs of a story: what its opening holds that speaks for or against its being about the border, or a clash."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from monitor.analysis.lexicon import Word
from monitor.analysis.reading import Match
from monitor.analysis.roles import ARMED, BOMBARDED
from monitor.analysis.signals import Signals

# The title, if there is one, and so many sentences of the text say what a story is about.
_LEADING = 2
# Cues that what a sentence tells happens over this border, or at some border.
_OVER = frozenset({"line", "across!"})
_AT = frozenset({"line?", "across", "near", "border", "crossing"})
# What a sentence may be without any one word that says so.
_STATES = ("third", "foreign", "inland", "at_home", "blames", "militants", "unhurt", "aside", "plotted")
_TIMES = ("recent", "dated", "daytime", "explaining", "spanned", "totals")
_MANY_DAYS, _MANY, _SEVERAL = 4, 3, 2
_BOTH = 2

Signs = dict[str, Match | None]


def story_signs(opening: Sequence[Signals]) -> Signs:
    """Every sign of an opening by name, each with the first match that shows it, where one does.

    A sign of a sentence counts once for the story, and once more (``lead …``) where the lead shows it; what is told
    in a sentence is a sign by itself, together with how that sentence is tied to the border (``over …``, ``at …``),
    and together with both sides being named anywhere (``both & …``).
    """
    signs: Signs = {}
    lead = _LEADING + (bool(opening) and opening[0].part == "title")
    explains = any(here.explaining for here in opening[:lead])
    news = [here for at, here in enumerate(opening) if at < lead or explains or not here.standing]
    if len(news) < len(opening):
        signs["standing"] = None
    both = _sides(news, "named") == _BOTH
    for number, here in enumerate(news):
        for name, match in _of_sentence(here, both):
            signs.setdefault(name, match)
            if number < lead:
                signs.setdefault(f"lead {name}", match)
    _of_all(news, news[:lead], signs)
    return signs


def _of_all(opening: Sequence[Signals], lead: Sequence[Signals], signs: Signs) -> None:
    """The signs that no one sentence shows."""
    for part, prefix in ((opening, ""), (lead, "lead ")):
        for named in ("named", "firm"):
            if _sides(part, named) == _BOTH:
                signs[f"{prefix}all {named}"] = None
    if sum(here.dated for here in opening) >= _MANY_DAYS:
        signs["many days"] = None
    if sum(_is_told(here) for here in opening) >= _SEVERAL:
        signs["told twice"] = None
    others = [match for here in opening for match in here.elsewhere]
    if len(others) >= _SEVERAL:
        signs["others"] = others[1]
    if len(others) >= _MANY:
        signs["many others"] = others[_MANY - 1]


def _sides(part: Sequence[Signals], named: str) -> int:
    return len(set[str]().union(*(getattr(here, named) for here in part)))


def _of_sentence(here: Signals, both: bool) -> Iterator[tuple[str, Match | None]]:
    """The signs of one sentence; ``both``: whether the story names both sides."""
    yield from _of_ties(here)
    for state in (*_STATES, *_TIMES):
        if getattr(here, state):
            yield state, None
    others = set()
    for match in here.elsewhere:
        if isinstance(match.entry, Word):
            others.add(match.entry.side)
            yield "other" if match.entry.strong else "other?", match
            yield f"other {match.entry.side}", match
    for name, words in (("past", here.past), ("after", here.after), ("unreal", here.unreal), ("year", here.years)):
        if words:
            yield name, words[0]
    over = here.crossing or here.cues.keys() & _OVER or len(here.named) == _BOTH
    at = here.on_border or here.cues.keys() & _AT
    for kind, match in (*_matters(here), *_told(here)):
        if "border" in others and not over:
            yield f"elsewhere {kind}", match
            continue
        yield kind, match
        if over:
            yield f"over {kind}", match
        elif at:
            yield f"at {kind}", match
        if both:
            yield f"both & {kind}", match


def _of_ties(here: Signals) -> Iterator[tuple[str, Match | None]]:
    """Whom and where a sentence names."""
    for name, sides in (("side", here.named), ("force", here.firm)):
        if sides:
            yield name, None
        if len(sides) == _BOTH:
            yield f"{name}s", None
    for cue, match in here.cues.items():
        yield f"cue {cue}", match
    if here.crossing:
        yield "crossing", here.crossing
    if here.on_border:
        yield "on border", next(iter(here.places), None)
    for name, whose in (("victims", here.victims), ("agents", here.agents), ("outsiders", here.outsiders)):
        if whose:
            yield name, None


def _matters(here: Signals) -> Iterator[tuple[str, Match]]:
    """What matters a sentence speaks of."""
    for kind in ("ceasefire", "talks"):
        if match := here.has((kind,)):
            yield kind, match
    if match := here.has(("statement",)) or here.accusing:
        yield "said", match
    if match := closing(here):
        yield "closing", match
    if (match := here.seized) and not here.recalled:
        yield "seized", match
    for match in here.topics:
        if isinstance(match.entry, Word):
            yield match.entry.tag, match


def _told(here: Signals) -> Iterator[tuple[str, Match]]:
    """What a sentence tells of fighting and losses, if it tells it as news."""
    fight, toll = here.has(ARMED), here.toll
    first = fight or toll
    if first is None:
        return
    if here.background:
        yield "recalled" if here.recalled else "feared", first
        return
    yield "told", first
    for name, match in (
        ("fight", here.has(ARMED, strong=True)),
        ("attack", fight),
        ("bombs", here.has(BOMBARDED, strong=True)),
        ("infiltration", here.has(("infiltration",))),
        ("ied", here.has(("ied",))),
        ("toll", toll),
        ("counted", toll if here.counted else None),
        ("attack with toll", toll if fight else None),
        ("told now", first if here.recent else None),
        ("told there", first if here.places or here.crossing else None),
    ):
        if match is not None:
            yield name, match


def _is_told(here: Signals) -> bool:
    return (here.has(ARMED) or here.toll) is not None and not here.background


def closing(here: Signals) -> Match | None:
    """A word for a closed or opened crossing; vague ones count only beside a crossing or the border."""
    strong = here.has(("crossing_closed",), strong=True)
    if strong or here.crossing or {"line", "line?", "crossing", "border"} & here.cues.keys():
        return strong or here.has(("crossing_closed",))
    return None
