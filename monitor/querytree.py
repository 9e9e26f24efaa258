"""What a query asks for, as a tree: terms, fields and how they go together; widened by other words for the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from monitor.analysis.text import boundaries, fold

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Term:
    """A word, or words that stand one after the other, folded; with ``prefix`` the last is only the start of one."""

    words: Words
    prefix: bool = False

    def expression(self) -> str:
        """The term for FTS5."""
        return f'"{" ".join(self.words)}"' + ("*" if self.prefix else "")


@dataclass(frozen=True, slots=True)
class Run:
    """Words written side by side: all must be there, in any order."""

    terms: tuple[Term, ...]

    def expression(self) -> str:
        """The words for FTS5."""
        return _joined([term.expression() for term in self.terms], "AND")


@dataclass(frozen=True, slots=True)
class Near:
    """Terms that stand within ``distance`` words of each other."""

    terms: tuple[Term, ...]
    distance: int

    def expression(self) -> str:
        """The terms for FTS5."""
        return f"NEAR({' '.join(term.expression() for term in self.terms)}, {self.distance})"


@dataclass(frozen=True, slots=True)
class Field:
    """What must be found in one column of the index."""

    column: str
    node: Node

    def expression(self) -> str:
        """The field for FTS5."""
        return f"({{{self.column}}} : {self.node.expression()})"


@dataclass(frozen=True, slots=True)
class All:
    """Everything in ``keep``, without anything in ``drop``."""

    keep: tuple[Node, ...]
    drop: tuple[Node, ...] = ()

    def expression(self) -> str:
        """Both for FTS5."""
        kept = _joined([node.expression() for node in self.keep], "AND")
        return f"({kept} NOT {_joined([node.expression() for node in self.drop], 'OR')})" if self.drop else kept


@dataclass(frozen=True, slots=True)
class OneOf:
    """At least one of ``nodes``."""

    nodes: tuple[Node, ...]

    def expression(self) -> str:
        """The choice for FTS5."""
        return _joined([node.expression() for node in self.nodes], "OR")


Node = Term | Run | Near | Field | All | OneOf


def _joined(parts: Sequence[str], operator: str) -> str:
    return parts[0] if len(parts) == 1 else f"({f' {operator} '.join(parts)})"


def words_of(text: str) -> Words:
    """The words of ``text`` as the index holds them: folded as the stored text is, cut where words end."""
    return tuple(boundaries(fold(text)).split())


def terms_of(node: Node) -> Iterator[Term]:
    """The terms that a story found by ``node`` may have: what is to be marked in it; not what NOT takes away."""
    match node:
        case Term():
            yield node
        case Run(terms=terms) | Near(terms=terms):
            yield from terms
        case Field(node=inner):
            yield from terms_of(inner)
        case All(keep=nodes) | OneOf(nodes=nodes):
            for inner in nodes:
                yield from terms_of(inner)


def widen(node: Node, forms_of: Callable[[Words], Sequence[Words]], longest: int = 4) -> Node:
    """``node`` with every term that ``forms_of`` knows replaced by any of its forms.

    In words side by side the longest known sequence (up to ``longest`` words) is taken as one term.
    """
    match node:
        case Term(words=words, prefix=prefix):
            forms = () if prefix else forms_of(words)
            return OneOf(tuple(Term(form) for form in dict.fromkeys((words, *forms)))) if forms else node
        case Run(terms=terms):
            return _widen_run(terms, forms_of, longest)
        case Field(column=column, node=inner):
            return Field(column, widen(inner, forms_of, longest))
        case All(keep=keep, drop=drop):
            return All(
                tuple(widen(inner, forms_of, longest) for inner in keep),
                tuple(widen(inner, forms_of, longest) for inner in drop),
            )
        case OneOf(nodes=nodes):
            return OneOf(tuple(widen(inner, forms_of, longest) for inner in nodes))
        case Near():
            return node


def _widen_run(terms: tuple[Term, ...], forms_of: Callable[[Words], Sequence[Words]], longest: int) -> Node:
    found: list[Node] = []
    at = 0
    while at < len(terms):
        for end in range(min(len(terms), at + longest), at, -1):
            part = terms[at:end]
            term = part[0] if len(part) == 1 else Term(tuple(word for one in part for word in one.words))
            if any(one.prefix for one in part) and len(part) > 1:
                continue
            wide = widen(term, forms_of)
            if wide is not term or end == at + 1:
                found.append(wide)
                at = end
                break
    return found[0] if len(found) == 1 else All(tuple(found))
