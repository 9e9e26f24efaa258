"""What a person types into a search: read into a tree, explained where it is wrong, and written for the index."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NoReturn

from monitor.errors import ConfigError
from monitor.querytree import All, Field, Near, Node, OneOf, Run, Term, words_of

# What a field is called by people -> its column in the index.
FIELDS = {"title": "title", "points": "key_points", "text": "text"}
# Names that are options of the command and no fields; typed as fields they would silently find nothing.
_FILTERS = "lang language source affiliation place actor keyword claimant incident since until clash".split()
_HELP = 'words, "a phrase", prefix*, AND, OR, NOT, NEAR, title: points: text: and parentheses can be used'
_LONGEST, _DEEPEST, _NEAR = 2000, 20, 10
_QUOTES = '"“”„«»＂'
_TOKEN = re.compile(
    rf"""(?P<space>\s+)
      | (?P<near>NEAR\s*\()
      | (?P<paren>[()])
      | (?P<field>(?:{"|".join(FIELDS)}):)
      | (?P<filter>(?:{"|".join(_FILTERS)}):\S+)
      | [{_QUOTES}](?P<phrase>[^{_QUOTES}]*)(?:[{_QUOTES}](?P<tail>\*)?|(?P<open>$))
      | (?P<word>[^\s(){_QUOTES}]+)""",
    re.VERBOSE,
)
_INFIX = re.compile(r"NEAR(?:/(?P<distance>\d+))?")
_DISTANCE = re.compile(r",\s*(\d+)?\s*$")


class QueryError(ConfigError):
    """A query that cannot be read: says where the fault is and how to mend it. ``at`` counts characters from 0."""

    def __init__(self, query: str, at: int, fault: str, mend: str = _HELP) -> None:
        shown = query if len(query) <= 80 else query[: max(0, at - 30)][-1:] + "…" + query[max(0, at - 30) : at + 40]
        super().__init__(f"search: {shown!r}, character {min(at, len(query)) + 1}: {fault}; {mend}")
        self.at = at


def parse_query(query: str) -> Node:
    """Read a query: words (all must be there), "phrases", prefix*, AND, OR, NOT, NEAR, ``title:`` and parentheses.

    AND and words side by side bind closer than OR; NOT takes away what stands right after it. Operators are written in
    capitals: in small letters they are words. ``a NEAR/5 b`` or ``NEAR(a b, 5)``; without a number within 10 words.
    Raises QueryError, which names the place of the fault.
    """
    if len(query) > _LONGEST:
        raise QueryError(query, _LONGEST, "the query is longer than 2,000 characters", "leave some of it out")
    return _Parser(query).parse()


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    at: int
    prefix: bool = False


def _tokens(query: str) -> Iterator[_Token]:
    position = 0
    while position < len(query):
        match = _TOKEN.match(query, position)
        assert match is not None, "every character is in a token"
        at, position = position, match.end()
        kind = match.lastgroup or ""
        if kind == "space":
            continue
        if match["open"] is not None:
            raise QueryError(query, at, "this quotation mark is never closed", 'write "a phrase" with one on each side')
        if match["filter"]:
            name = match["filter"].partition(":")[0]
            option = "lang" if name == "language" else name
            raise QueryError(query, at, f"{name}: is no part of the text", f"use the option --{option} instead")
        if match["phrase"] is not None:
            yield _Token("phrase", match["phrase"], at, bool(match["tail"]) or match["phrase"].rstrip().endswith("*"))
        elif match["word"] in ("AND", "OR", "NOT") or (match["word"] and _INFIX.fullmatch(match["word"])):
            yield _Token(match["word"].partition("/")[0], match["word"], at)
        elif match["word"]:
            yield _Token("word", match["word"], at, match["word"].endswith("*"))
        else:
            yield _Token(match[0][0] if match["paren"] else kind, match[0], at)


class _Parser:
    """Recursive descent over the tokens of one query."""

    def __init__(self, query: str) -> None:
        self.query = query
        self.tokens = [*_tokens(query), _Token("end", "", len(query))]
        self.position = 0
        self.depth = 0

    @property
    def next(self) -> _Token:
        return self.tokens[self.position]

    def take(self) -> _Token:
        self.position += 1
        return self.tokens[self.position - 1]

    def fail(self, token: _Token, fault: str, mend: str = _HELP) -> NoReturn:
        raise QueryError(self.query, token.at, fault, mend)

    def parse(self) -> Node:
        node = self.choice()
        if self.next.kind == ")":
            self.fail(self.next, "nothing was opened that this parenthesis closes", "take it away or write ( before")
        if node is None:
            raise QueryError(self.query, 0, "there is no word to look for")
        return node

    def choice(self) -> Node | None:
        """Alternatives, parted by OR; None when there is nothing but signs."""
        found = [self.together()]
        while self.next.kind == "OR":
            operator = self.take()
            found += [self.together()]
            if None in found[-2:]:
                self._lonely(operator)
        nodes = [node for node in found if node is not None]
        if not nodes:
            return None
        return nodes[0] if len(nodes) == 1 else OneOf(tuple(nodes))

    def together(self) -> Node | None:
        """What must be there together, and what must not."""
        keep: list[Node] = []
        drop: list[Node] = []
        joined = False  # whether the last kept words may go on as a run
        while self.next.kind not in ("end", "OR", ")"):
            operator = self.take() if self.next.kind in ("AND", "NOT") else None
            if operator and operator.kind == "AND" and not (keep or drop):
                self._lonely(operator)
            negated = operator if operator and operator.kind == "NOT" else None
            if operator and operator.kind == "AND" and self.next.kind == "NOT":
                negated = self.take()
            node = self.unit(operator)
            if node is None:
                if operator:
                    self._lonely(operator)
                continue
            if negated:
                drop.append(node)
                last_not = negated
            elif joined and not operator and isinstance(node, Term) and isinstance(keep[-1], Run):
                keep[-1] = Run((*keep[-1].terms, node))
            else:
                keep.append(Run((node,)) if isinstance(node, Term) else node)
            joined = not negated
        if drop and not keep:
            self.fail(
                last_not, "NOT has nothing to take this away from", "write what to look for first: shelling NOT drill"
            )
        if not keep:
            return None
        return keep[0] if len(keep) == 1 and not drop else All(tuple(keep), tuple(drop))

    def unit(self, operator: _Token | None) -> Node | None:
        """A term, a field, a group, or two terms near each other."""
        token = self.next
        if token.kind in ("end", ")", "AND", "OR", "NOT", "NEAR"):
            self._lonely(operator or token)
        self.take()
        if token.kind == "field":
            return self.field(token)
        if token.kind == "(":
            return self.group(token)
        if token.kind == "near":
            return self.near_group(token)
        term = self.term(token)
        terms, distance = [term], _NEAR
        while term and self.next.kind == "NEAR":
            near = self.take()
            match = _INFIX.fullmatch(near.text)
            distance = int(match["distance"]) if match and match["distance"] else distance
            if self.next.kind not in ("word", "phrase") or (other := self.term(self.take())) is None:
                self.fail(near, "NEAR has to stand between two words or phrases", "write: convoy NEAR/5 ambush")
            terms.append(other)
        return Near(tuple(t for t in terms if t), distance) if len(terms) > 1 else term

    def field(self, token: _Token) -> Node:
        name = token.text.rstrip(":")
        following = self.next
        if following.kind not in ("word", "phrase", "(", "near"):
            self.fail(
                token, f"{name}: has no word after it", f'write {name}:word, {name}:"a phrase" or {name}:(a OR b)'
            )
        node = self.unit(None)
        if node is None:
            self.fail(following, f"{name}: has no word after it", f"write {name}:word")
        return Field(FIELDS[name], Run((node,)) if isinstance(node, Term) else node)

    def group(self, token: _Token) -> Node | None:
        self.depth += 1
        if self.depth > _DEEPEST:
            self.fail(token, f"more than {_DEEPEST} parentheses stand within each other", "use fewer")
        node = self.choice()
        if self.next.kind != ")":
            self.fail(token, "this parenthesis is never closed", "write ) after the last word that belongs in it")
        self.take()
        self.depth -= 1
        return node

    def near_group(self, token: _Token) -> Node:
        parts: list[_Token] = []
        while self.next.kind in ("word", "phrase"):
            parts.append(self.take())
        mend = "write: NEAR(convoy ambush, 5)"
        if self.next.kind != ")":
            self.fail(token, "NEAR( takes words and phrases, a comma, a number and )", mend)
        self.take()
        distance, cut = _NEAR, len(parts)
        if cut and (match := _DISTANCE.search(" ".join(part.text for part in parts[-2:]))) and match[1]:
            distance = int(match[1])
            if parts[-1].text.isdecimal() and cut > 1:  # the comma stands behind the word before, or by itself
                parts[-2:] = [_Token("word", parts[-2].text.rstrip(","), parts[-2].at, parts[-2].text.endswith("*,"))]
            else:
                parts[-1:] = [_Token("word", parts[-1].text.partition(",")[0], parts[-1].at)]
        terms = tuple(term for part in parts if (term := self.term(part)))
        if len(terms) < 2:
            self.fail(token, "NEAR( needs at least two words", mend)
        return Near(terms, distance)

    def term(self, token: _Token) -> Term | None:
        words = words_of(token.text)
        if token.prefix and sum(map(len, words)) < 2:
            self.fail(token, "one letter is the start of too many words", "write at least two letters before *")
        return Term(words, token.prefix) if words else None

    def _lonely(self, token: _Token) -> NoReturn:
        if token.kind == "end":
            self.fail(token, "the query ends where a word should be")
        if token.kind == ")":
            self.fail(token, "there is no word before this parenthesis", "write one or take the parenthesis away")
        what = f"{token.kind} has no word to look for on one of its sides"
        self.fail(
            token, what, f'write one, or {token.kind.lower()} in small letters to look for the word "{token.text}"'
        )
