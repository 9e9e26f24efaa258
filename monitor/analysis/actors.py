"""Who takes part, as ``seeds/actors.toml`` declares it: sides, parties and actors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from monitor.analysis.gazetteer import NAME_LANGUAGES
from monitor.analysis.lexicon import split_forms
from monitor.declarations import Table, read_tables

TABLES = frozenset({"side", "party", "actor"})
# Countries and media are recognised, but a story is not filed under them.
FILED_KINDS = frozenset({"government", "force", "group", "person", "office", "organisation"})
KINDS = FILED_KINDS | {"country", "media"}
_FIELDS = frozenset(
    {"id", "name", "kind", "side", "party", "confused_with", "keyword", "filed_as", "note"}
    | {f"names_{c}" for c in NAME_LANGUAGES}
)
_TAGS = {"person": "official", "office": "official", "organisation": "organisation"}


@dataclass(frozen=True, slots=True)
class Side:
    """One who speaks: a side of the border, or ``other`` and ``unknown``; ``country`` is its ISO code."""

    id: str
    name: str
    country: str = ""


@dataclass(frozen=True, slots=True)
class Party:
    """Those whose losses are counted, and the side they belong to."""

    id: str
    name: str
    side: str


@dataclass(frozen=True, slots=True, eq=False)
class Actor:
    """A government, force, group, office, person, country or medium, with its names by language.

    ``confused_with`` is the actor whose name is often cut down to this one's: beside it, this name says nothing.
    ``filed_as`` is the actor under whom stories are filed in place of this one.
    """

    id: str
    name: str
    actor_kind: str
    side: str
    party: str
    confused_with: str
    filed_as: str
    keyword: str | None
    names: Mapping[str, tuple[str, ...]]

    @property
    def kind(self) -> str:
        """The kind of match an actor makes."""
        return "actor"

    @property
    def filed(self) -> bool:
        """Whether stories are filed under this actor."""
        return self.actor_kind in FILED_KINDS

    @property
    def tag(self) -> str:
        """The category of this actor's keyword."""
        return _TAGS.get(self.actor_kind, self.actor_kind)


def load_actors(path: Path) -> tuple[dict[str, Side], dict[str, Party], list[Actor]]:
    """Sides and parties by id, and the actors; raises SeedsError naming file, line and field."""
    sides: dict[str, Side] = {}
    for table in read_tables(path, "side", TABLES):
        table.check_fields({"id", "name", "country"})
        side = Side(_new_id(table, sides), table.text("name"), table.text("country", ""))
        sides[side.id] = side
    parties: dict[str, Party] = {}
    for table in read_tables(path, "party", TABLES):
        table.check_fields({"id", "name", "side"})
        party = Party(_new_id(table, parties), table.text("name"), table.choice("side", set(sides)))
        parties[party.id] = party
    actors: dict[str, Actor] = {}
    tables = read_tables(path, "actor", TABLES)
    for table in tables:
        table.check_fields(_FIELDS)
        actor = _actor(table, actors, frozenset(sides), frozenset(parties))
        actors[actor.id] = actor
    for table in tables:
        for name in ("confused_with", "filed_as"):
            if table.text(name, "") not in actors.keys() | {""}:
                raise table.error(name, f"{table.data[name]!r} is the id of no actor")
    return sides, parties, list(actors.values())


def _new_id(table: Table, known: Mapping[str, object]) -> str:
    identity = table.text("id")
    if identity in known:
        raise table.error("id", f"{identity!r} stands already above")
    return identity


def _actor(table: Table, known: Mapping[str, Actor], sides: frozenset[str], parties: frozenset[str]) -> Actor:
    kind = table.choice("kind", KINDS)
    name = table.text("name")
    return Actor(
        id=_new_id(table, known),
        name=name,
        actor_kind=kind,
        side=table.choice("side", sides),
        party=table.choice("party", parties | {""}, ""),
        confused_with=table.text("confused_with", ""),
        filed_as=table.text("filed_as", ""),
        keyword=table.text("keyword", name if kind in FILED_KINDS else "") or None,
        names={code: forms for code in NAME_LANGUAGES if (forms := split_forms(table.text(f"names_{code}", "")))},
    )
