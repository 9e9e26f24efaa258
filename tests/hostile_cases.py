"""What a misbehaving outlet is called, what is done about it, and what must be seen of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.hostile import Answer
from tests.hostile_documents import List, Tale, rss
from tests.hostile_outlets import Press


@dataclass
class Case:
    """One misbehaviour: its name and what the crawler does about it, both for the documentation, and its outlet.

    ``problem`` is what the feeds table must say of its list (a regular expression; "" for nothing), ``pages`` the state
    and reason (another one) of pages that are not simply stored, by path; ``text`` is what the stored ones must say.
    ``leads_to`` are other outlets whose stories are found by way of this one; ``waits`` is the least pause, in seconds, that the server asked for.
    """

    about: str
    gets: str
    press: Press
    problem: str = ""
    pages: dict[str, tuple[str, str]] = field(default_factory=dict)
    text: str = ""
    leads_to: Sequence[Press] = ()
    waits: int = 0


def working(name: str, tales: list[Tale], **more: Answer) -> Press:
    """An outlet whose list works."""
    return Press(name, tales=tales)


def broken(name: str, answer: Answer, form: List = rss) -> Press:
    """An outlet whose list is ``answer``."""
    press = Press(name, form=form)
    press.answers["/feed"] = answer
    return press
