"""The two sides in a story: its scene, which side a loss names, and which one attacked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from monitor.analysis.actors import Actor
from monitor.analysis.grammar import Span, View
from monitor.analysis.lexicon import Word
from monitor.analysis.losses import Loss
from monitor.analysis.topic import Topic

UNKNOWN = "unknown"
_ARMED = frozenset({"armed_clash", "shelling", "air_strike", "drone_strike", "attack"})
_SPEAK_ONLY = frozenset({"person", "office", "media", "organisation"})
# How many tokens lie between an attack and the name of the attacker, and how many sentences back one is looked for.
_BESIDE = 2
_NOT_DOER = frozenset({"onto", "comma"})


@dataclass(slots=True)
class Scene:
    """What is known of a story when one of its losses is judged: its sentences so far and the parties met."""

    topic: Topic
    views: list[View] = field(default_factory=list)
    last_party: str = ""
    last_loss: Loss | None = None
    last_sentence: int = -9
    last_side: str = ""
    told: set[str] = field(default_factory=set)
    forces: dict[str, str] = field(init=False)
    irregulars: str = field(init=False)
    civilians: str = field(init=False)
    fighting: frozenset[str] = field(init=False)
    troops: frozenset[str] = field(init=False)
    from_afar: bool = False

    def __post_init__(self) -> None:
        parties = self.topic.parties.values()
        self.forces = {party.side: party.id for party in parties if party.side in self.topic.sides}
        self.irregulars = next((party.id for party in parties if party.side == "other"), UNKNOWN)
        # A side whose name a group of fighters shares is spoken of as fighters; the other's men are soldiers.
        shared = {self.forces[a.side] for a in self.topic.actors.values() if a.confused_with and a.side in self.forces}
        self.fighting = frozenset(shared or self.forces.values()) | {self.irregulars}
        self.troops = frozenset({*self.forces.values(), self.irregulars})
        self.civilians = next(
            (word.means for word in self.topic.words if word.category == "party" and word.side.startswith("civilian")),
            UNKNOWN,
        )

    def other(self, side: str) -> str:
        """The side across the border."""
        first, second = self.topic.sides
        return second if side == first else first


def is_own(loss: Loss) -> bool:
    """Whether those counted are called the speaker's own; a clitic tells it only where it is not the doer."""
    told = loss.mention.own_before or loss.mention.clitic
    return loss.mention.own or (told and not loss.active)


def is_of_party(span: Span, scene: Scene) -> str:
    """The armed party a name or noun says by itself, without a look at who speaks; empty for all others."""
    entry = span.entry
    if isinstance(entry, Actor):
        return entry.party or ""
    armed = (
        isinstance(entry, Word)
        and entry.side != "context"
        and entry.means in (*scene.forces.values(), scene.irregulars)
    )
    return entry.means if isinstance(entry, Word) and armed else ""


def named_side(loss: Loss, view: View, scene: Scene) -> str:
    """The side named in the noun phrase by a country, an army or a government."""
    head = loss.mention.head
    outside = [
        span for span in loss.mention.nouns if head is None or span.last <= head.first or span.first >= head.last
    ]
    for span in [*outside, *loss.mention.nouns]:
        entry = span.entry
        if isinstance(entry, Actor) and entry.side in scene.topic.sides and entry.actor_kind != "person":
            if entry.confused_with and head is not None and span.first != head.first:
                continue
            return entry.side
        if isinstance(entry, Word) and span is not head and entry.side in scene.topic.sides:
            if view.language == "en" and _is_rank_behind(span, head, scene):
                continue
            return entry.side
    return ""


def _is_rank_behind(rank: Span, head: Span | None, scene: Scene) -> bool:
    """Whether a word follows the name of a force: "N border police officers"; it says no other side."""
    entry = head.entry if head is not None else None
    return isinstance(entry, Word) and entry.side in scene.topic.sides and head is not None and head.first < rank.first


def events_of(view: View, means: frozenset[str]) -> list[Span]:
    return [span for span in view.of("event") if isinstance(span.entry, Word) and span.entry.means in means]


def attacking_side(view: View, scene: Scene, loss: Loss) -> str:
    """The side whose shelling, raid or fire is said to have caused a loss; empty when none or both are named."""
    events = events_of(view, _ARMED)
    if view.language != "en":  # causes come first
        events = [event for event in events if event.first < loss.outcome.last]
    sides = {side for event in events for side in _sides_beside(view, event, scene)}
    return sides.pop() if len(sides) == 1 else ""


def _sides_beside(view: View, event: Span, scene: Scene) -> Iterator[str]:
    for span in view.of("actor", "party"):
        entry = span.entry
        side = entry.side if isinstance(entry, Actor | Word) else ""
        if side not in scene.topic.sides or (isinstance(entry, Actor) and entry.actor_kind in _SPEAK_ONLY):
            continue
        before = 0 <= event.first - span.last <= _BESIDE and view.language != "fa"
        after = 0 <= span.first - event.last <= _BESIDE and view.language in ("en", "fa")
        said = any(span.first <= verb.first < event.first for verb in view.of("verb"))
        if (
            before
            and not said
            and not view.has("onto", span.last, event.first)
            and not view.has("comma", span.last, event.first)
        ):
            yield side
        elif after and not any(view.roles[at] & _NOT_DOER for at in range(event.last, span.first)):
            doer = view.language == "fa" or view.has("doer", event.last, span.first)
            yield from [side] if doer else []
