"""A cheap look at a page's bytes: can what ``judge`` needs stand in it at all?"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cached_property

import re2

from monitor.analysis.text import fold
from monitor.analysis.topic import Topic


def _options() -> re2.Options:
    """For patterns over bytes as they are, whatever text they spell."""
    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    options.never_capture = True
    options.log_errors = False
    options.max_mem = 1 << 28
    return options


def _bytes_regexp(pattern: bytes) -> re2._Regexp:
    return re2.compile(pattern, _options())


# What often stands inside a word, unseen: joiners, soft hyphens, vowel signs, tatweel; and what seldom does.
_UNSEEN = r"(?:\xe2\x80[\x8c\x8d]|\xc2\xad|\xd9[\x80\x8b-\x92\xb0])*"
_SELDOM_SEEN = (
    rb"\xc2\xad|\xe2\x80[\x8b\x8e\x8f\xaa-\xae]|\xe2\x81[\xa0-\xaf]|\xef\xbb\xbf|\xd8[\x90-\x9c]|\xd9[\x93-\x9f]"
    rb"|\xdb[\x96-\xad]|\xe0\xa4\xbc|\xcc[\x80-\xbf]|\xcd[\x80-\xaf]"
)
# A word of a Latin script begins after anything that is no letter of it.
_BEGIN = r"(?:^|[^a-zA-Z\x80-\xff]|\xc2[\x80-\xbf]|\xe2[\x80-\x8f][\x80-\xbf])"
# What may stand between two words: space, signs, tags.
_BETWEEN = (
    r"(?:[\x00-\x2f\x3a-\x3b\x3d-\x40\x5b-\x60\x7b-\x7e]|<[^<>]*>|\xc2[\x80-\xbf]|\xe2\x80."
    r"|&[a-zA-Z]+;|\xd9[\x80\x8b-\x9f\xb0])+"
)
_LARGE_INITIAL = r"(?:</[a-zA-Z]+>)?"
# Letters written as numbers (ASCII, Arabic, Devanagari), as JSON escapes, and names of unseen characters.
_LETTERS_AS_NUMBERS = (
    rb"&#0*(?:6[5-9]|[78][0-9]|90|9[7-9]|1[01][0-9]|12[0-2]|1[5-9][0-9]{2}"
    rb"|2[0-4][0-9]{2}|820[3-7]|173|25[6-9]|2[6-9][0-9]|3[0-7][0-9]|38[0-3])\b;?"
    rb"|&#[xX]0*(?:[67][0-9a-fA-F]{2}|9[0-7][0-9a-fA-F]|200[b-fB-F]|[aA][dD]|[46][0-9a-fA-F]|[57][0-9aA])\b;?"
    rb"|\\u(?:0[679][0-9a-fA-F]{2}|00[46][0-9a-fA-F]|00[57][0-9aA]|00[aA][dD])"
    rb"|&(?:zwn?j|shy|lrm|rlm);?"
)
_UNSEEN_AS_NUMBERS = rb"\\u200[b-fB-F]"
# … and where they may stand in a word: most join the parts of a pictogram.
_UNSEEN_NEAR_LETTERS = _UNSEEN_AS_NUMBERS + rb"(?:[^\\]|\\(?:[^u]|u[^dDfF2]))"
# Letters in their printed shapes, in full width, or in mathematical type: they fold to ordinary ones.
_PRINTED = (
    rb"\xef(?:[\xad-\xb7].|\xb9[\xb0-\xbf]|\xba.|\xbb[\x80-\xbc]|\xbc[\xa1-\xba]|\xbd[\x81-\x9a])|\xf0\x9d[\x90-\x9f]."
)
_ESCAPED = _bytes_regexp(_LETTERS_AS_NUMBERS + b"|" + _UNSEEN_AS_NUMBERS)
_SHAPES = _bytes_regexp(_PRINTED)
_SELDOM = _bytes_regexp(_SELDOM_SEEN)
_SELDOM_INSIDE = rb"[a-zA-Z\x80-\xff](?:" + _SELDOM_SEEN + rb")+[a-zA-Z\xc3-\xf4]"
_INSIDE = _bytes_regexp(_SELDOM_INSIDE)
_UNUSUAL_SPELLING = b"|".join((_LETTERS_AS_NUMBERS, _UNSEEN_NEAR_LETTERS, _SELDOM_INSIDE, _PRINTED))
_UNUSUAL_LETTERS = _bytes_regexp(_UNUSUAL_SPELLING)
# Bytes around such a letter in which the rest of its name is looked for, tags between its words included; and the
# number of such letters from which the whole page is read instead.
_NEAR = 4096
_MANY = 500
# What no UTF-8 has: bytes that never occur, characters too long, too short, or without a beginning; zeros are UTF-16.
_NO_UTF8 = (
    rb"[\x00\xc0\xc1\xf5-\xff]|(?:^|[\x00-\x7f])[\x80-\xbf]|[\xc2-\xf4](?:[^\x80-\xbf]|$)"
    rb"|[\xc2-\xdf][\x80-\xbf]{2}|[\xe0-\xef][\x80-\xbf](?:[^\x80-\xbf]|$|[\x80-\xbf]{2})"
    rb"|[\xf0-\xf4][\x80-\xbf](?:[^\x80-\xbf]|$|[\x80-\xbf](?:[^\x80-\xbf]|$|[\x80-\xbf]{2}))"
)
_DECLARED = re.compile(rb"""<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_.:-]+)""", re.I)
_MARKS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_UNICODE = frozenset({"utf-8", "utf8", "ascii", "us-ascii", ""})
# In these the anchors' own letters stand as they do in UTF-8.
_LATIN = frozenset({"iso-8859-1", "latin-1", "latin1", "windows-1252", "cp1252", "iso-8859-15"})
_LEGACY = ("windows-1256", "iso-8859-6", "utf-16")
_Tree = dict[str, "_Tree"]
_NOTHING = rb"[^\x00-\xff]"
# What is looked for, by its place in the set.
_ONE_SIDE, _OTHER_SIDE, _LINE, _ACROSS, _UNUSUAL, _NO_UNICODE = range(6)
_ANCHORS = {_ONE_SIDE, _OTHER_SIDE, _LINE, _ACROSS}


class Screen:
    """Says of a page, before it is taken apart, whether it may hold a relevant story.

    A necessary condition only: it lets through every page whose story ``judge`` would keep, and many others. It
    looks for the topic's anchors (``Topic.anchors``) in the bytes, however they are spelled.
    """

    def __init__(self, topic: Topic) -> None:
        self._topic = topic
        self._open = topic.threshold <= 0

    @cached_property
    def _look(self) -> re2.Set:
        """All that is looked for, in one pass over a page; made when it is first needed, for some runs see no page."""
        anchors = self._topic.anchors
        groups = (*anchors.sides, anchors.line, anchors.across)
        spelled = _spellings({letter for group in groups for piece in group for letter in piece} - {" "})
        found = re2.Set.SearchSet(_options())
        for pieces in groups:
            found.Add(_pattern(pieces, spelled) if pieces else _NOTHING)
        found.Add(_UNUSUAL_SPELLING)
        found.Add(_NO_UTF8)
        found.Compile()
        return found

    def get_ready(self) -> None:
        """Make what every page is looked at with, where otherwise the first page would wait for it."""
        if not self._open:
            self._seen(b"")

    def may_be_relevant(self, body: bytes, encoding: str | None) -> bool:
        """Whether the page with the undecoded ``body`` may be relevant; ``encoding`` is what the server said.

        Costs about half a millisecond for 330 kB; when in doubt the answer is yes.
        """
        if self._open:
            return True
        seen = self._seen(body)
        if not seen or _suffice(seen):
            return bool(seen)
        lies = _NO_UNICODE in seen
        if _UNUSUAL in seen:
            seen |= self._seen(_plain_bytes(_around_unusual(body)))
        others = _transcoded(body, encoding, lies)
        return _suffice(seen) or any(_suffice(self._seen(_plain_bytes(text))) for text in others)

    def may_hold(self, text: str) -> bool:
        """Whether ``text``, all there is of a story and more, may hold a relevant one."""
        return self._open or self.may_be_relevant(text.encode("utf-8", "replace"), "utf-8")

    def mentions(self, text: str) -> bool:
        """Whether a headline or a summary names anything that a relevant story could not do without.

        Weaker than ``may_be_relevant``: the few words of a feed seldom name both sides.
        """
        return self._open or not self._seen(text.encode()).isdisjoint(_ANCHORS)

    def _seen(self, body: bytes) -> set[int]:
        """Which of the patterns, by their places in the set, occur in ``body``."""
        return set(self._look.Match(body) or ())


def _suffice(seen: set[int]) -> bool:
    """Whether a page with these anchors may be relevant."""
    sides = {_ONE_SIDE, _OTHER_SIDE} & seen
    return len(sides) == 2 or _LINE in seen or (bool(sides) and _ACROSS in seen)


def _around_unusual(body: bytes) -> bytes:
    """The parts of ``body`` around letters written in unusual ways; all of it where that is most of it."""
    parts: list[tuple[int, int]] = []
    for count, match in enumerate(_UNUSUAL_LETTERS.finditer(body)):
        start, end = match.span()
        if parts and start - _NEAR <= parts[-1][1]:
            parts[-1] = parts[-1][0], end + _NEAR
        else:
            parts.append((max(0, start - _NEAR), end + _NEAR))
        if count == _MANY:
            return body
    return b"\n".join(body[start:end] for start, end in parts)


def _spellings(wanted: set[str]) -> dict[str, str]:
    """For each of the folded letters ``wanted``, a pattern over bytes for all characters that fold to it."""
    found: dict[str, str] = {}
    for code in (
        *range(0x20, 0x250),
        *range(0x1E00, 0x1F00),
        *range(0x600, 0x700),
        *range(0x750, 0x780),
        *range(0x900, 0x980),
    ):
        char = chr(code)
        folded = fold(char)
        if folded in wanted:
            found[folded] = found.get(folded, "") + char
    return {letter: _bytes_pattern(sorted({form.encode() for form in found.get(letter, letter)})) for letter in wanted}


def _pattern(pieces: Sequence[str], spelled: dict[str, str]) -> bytes:
    """One pattern over bytes for all pieces, whatever stands unseen in or between their words."""
    latin = _alternatives(_tree(piece for piece in pieces if piece.isascii()), spelled)
    other = _alternatives(_tree(piece for piece in pieces if not piece.isascii()), spelled)
    whole = "|".join(part for part in (f"{_BEGIN}{latin}" if latin else "", other) if part)
    return whole.encode("latin-1")


def _tree(pieces: Iterable[str]) -> _Tree:
    """The pieces letter by letter, so that what many begin with is looked for once; a shorter one stands for all."""
    root: _Tree = {}
    ends: set[int] = set()
    for piece in sorted(pieces, key=len):
        node = root
        for letter in piece:
            if id(node) in ends:
                break
            node = node.setdefault(letter, {})
        ends.add(id(node))
    return root


def _alternatives(tree: _Tree, spelled: dict[str, str], first: bool = True) -> str:
    branches = []
    for letter, rest in tree.items():
        if letter == " ":
            branches.append(_BETWEEN + _alternatives(rest, spelled, False))
            continue
        # The first letter of a Latin word may be printed large, in an element of its own.
        after = "" if not rest else _UNSEEN if not letter.isascii() else _LARGE_INITIAL if first else ""
        branches.append(spelled[letter] + after + _alternatives(rest, spelled, False))
    return "(?:" + "|".join(branches) + ")" if len(branches) > 1 else "".join(branches)


def _bytes_pattern(forms: list[bytes]) -> str:
    if all(len(form) == 1 for form in forms):
        return "[" + "".join(f"\\x{form[0]:02x}" for form in forms) + "]" if len(forms) > 1 else f"\\x{forms[0][0]:02x}"
    spelled = ("".join(f"\\x{byte:02x}" for byte in form) for form in forms)
    return "(?:" + "|".join(spelled) + ")" if len(forms) > 1 else next(iter(spelled))


def _plain_bytes(body: bytes) -> bytes:
    """The bytes with letters written in unusual ways written plainly, and unseen characters left out."""
    if _ESCAPED.search(body) is not None:
        body = bytes(_ESCAPED.sub(_unescape, body))
    if _SHAPES.search(body) is not None:
        body = bytes(_SHAPES.sub(_unprint, body))
    return bytes(_SELDOM.sub(b"", body)) if _INSIDE.search(body) is not None else body


def _unescape(match: re2._Match) -> bytes:
    """A character reference or JSON escape written out, as UTF-8."""
    token = bytes(match.group(0)).rstrip(b";")
    if token.startswith(b"\\u"):
        code = int(token[2:], 16)
    elif token.startswith(b"&#"):
        code = int(token[3:], 16) if token[2:3] in b"xX" else int(token[2:])
    else:
        return b""
    return chr(code).encode("utf-8", "ignore")


def _unprint(match: re2._Match) -> bytes:
    """A letter in a printed shape as the ordinary letter."""
    return unicodedata.normalize("NFKC", bytes(match.group(0)).decode("utf-8", "replace")).encode()


def _transcoded(body: bytes, encoding: str | None, lies: bool) -> Iterable[bytes]:
    """The body as UTF-8, read in every encoding it may be in other than UTF-8.

    ``lies`` is whether the bytes cannot be UTF-8: then the page may say of itself what is not so.
    """
    names = [encoding.lower()] if encoding else []
    if declared := _DECLARED.search(body[:4096]):
        names.append(declared[1].decode("ascii").lower())
    names += [name for mark, name in _MARKS if body.startswith(mark)]
    if lies and set(names) <= _LATIN | _UNICODE:
        names += _LEGACY
    for name in dict.fromkeys(names):
        if name in _UNICODE or name in _LATIN:
            continue
        try:
            yield body.decode(name, "replace").encode()
        except (LookupError, UnicodeError):
            continue
