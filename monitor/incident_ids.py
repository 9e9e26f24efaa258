"""Which incident a group of stories is: ids stay with what they were given to."""

from __future__ import annotations

from base64 import b32encode
from collections.abc import Callable, Collection, Mapping, Sequence
from hashlib import blake2b
from itertools import chain, count


def incident_id(founder: str) -> str:
    """The id of the incident first told of by the story ``founder``: the same on every machine."""
    return "i" + b32encode(blake2b(founder.encode(), digest_size=5).digest()).decode().lower()[:7]


def name_groups(
    groups: Sequence[set[str]], old: Mapping[str, Collection[str]], order: Sequence[str], is_free: Callable[[str], bool]
) -> dict[str, set[str]]:
    """The groups of story ids by incident id: each keeps that of the old incident most of whose stories it has.

    Where two have as many, the one with the story that the incident is named after keeps it. ``old`` are the incidents
    as they were, ``order`` all stories, the first told first; ``is_free`` says whether no other incident bears an id.
    """
    shares = [
        (-len(group & set(stories)), old_id not in map(incident_id, group), old_id, index)
        for index, group in enumerate(groups)
        for old_id, stories in old.items()
        if group & set(stories)
    ]
    named: dict[str, set[str]] = {}
    taken: set[int] = set()
    for _, _, old_id, index in sorted(shares):
        if old_id not in named and index not in taken:
            named[old_id] = groups[index]
            taken.add(index)
    place = {story: number for number, story in enumerate(order)}
    for index, group in enumerate(groups):
        if index not in taken:
            # The id after the first story whose id no other incident bears. Every one is taken where the story that an
            # incident is named after is left alone and the others keep its id, or after many splits.
            founders = sorted(group, key=place.__getitem__)
            further = ("+".join(founders) + "+" * more for more in count(1))
            ids = map(incident_id, chain(founders, further))
            named[next(i for i in ids if i not in named and i not in old and is_free(i))] = group
    return named
