"""Searching: every spelling finds every spelling, queries are understood or explain themselves, filters and order."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.items import Claim, Keyword, Place, Story
from monitor.queries import QueryError, parse_query
from monitor.querytree import terms_of
from monitor.snippets import Marker, Snippet
from monitor.store import searches, stories
from monitor.store.database import open_store
from monitor.store.indexing import compact
from monitor.store.search import Filters, find, snippets
from monitor.store.vocabulary import ids_named, is_stale, refresh_vocabulary
from tests.paths import ROOT

NOW = datetime(2025, 10, 12, 12, tzinfo=UTC)
SEEDS = ROOT / "seeds"


@pytest.fixture
def conn(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(open_store(tmp_path / "m.db")) as conn:
        refresh_vocabulary(conn, SEEDS)
        yield conn


def add(conn: sqlite3.Connection, number: int, title: str, text: str = "Nothing else.", **values: object) -> str:
    url = f"https://gazette.example/{number}"
    about: dict[str, object] = {
        "source": "gazette", "language": "en", "fetched_at": NOW + timedelta(minutes=number),
        "published_at": NOW - timedelta(hours=number), "published_precision": "minute", **values,
    }  # fmt: skip
    return stories.add_story(conn, Story(url=url, canonical_url=url, title=title, text=text, **about))  # type: ignore[arg-type]


def found(conn: sqlite3.Connection, query: str | None, **filters: object) -> list[int]:
    across = bool(filters.pop("across", False))
    hits = find(conn, query, Filters(**filters), 50, across=across)  # type: ignore[arg-type]
    return sorted(int(hit.url.rpartition("/")[2]) for hit in hits)


# Spellings

# Letters that are one to a reader, with the ways in which each is typed.
VARIANTS = ["یيىیﯼ", "کكڪﮎ", "ہهھہە", "اأإآ", "وؤ", "گګ", "0۰٠०", "1۱١१", "2۲٢२", "3۳٣३", "4۴٤४", "7۷٧७", "9۹٩९"]
WORDS = (
    "گولہ باری سرحدی جھڑپ یکی کابل کي هيئت اهلكار فائرنگ ملګري پوځيان پولې نیروهای مرزی می‌شود درگیری‌ها طورخم تورخم"
    " چمن سپین بولدک ۲۳ 19 ٤٧ ۹۰ गोलीबारी सीमा résumé Qalʿa naïve Über checkpoint"
).split()
# Vowel signs and tatweel of the Arabic script, and joiners: written or not, they are nothing to a reader.
SIGNS = ["\u064e", "\u0650", "\u064f", "\u0651", "\u0652", "\u064b", "\u0670", "\u0640", "\u200c", "\u200d", "\u200f"]


def variant(word: str, chance: random.Random) -> str:
    """Another spelling of ``word`` that a reader takes for the same."""
    same = {char: row for row in VARIANTS for char in row}
    out = []
    for char in word:
        out.append(chance.choice(same[char]) if char in same else char)
        if "\u0620" <= char <= "\u06d3" and chance.random() < 0.3:
            out.append(chance.choice(SIGNS))
    if chance.random() < 0.3:
        out = [char for char in out if char not in "\u200c\u200d"]
    if chance.random() < 0.2:
        return "".join(out).upper() if "".join(out).isascii() else "".join(out)
    return "".join(out)


def test_every_spelling_finds_every_spelling(conn: sqlite3.Connection) -> None:
    """10,000 variants: of a word in a query against another variant in a text, alone, in a phrase, as a beginning."""
    chance = random.Random(7)
    for number, word in enumerate(WORDS):
        text = f"alpha {variant(word, chance)} omega{number}."
        add(conn, number, "Title", text)
    for turn in range(10_000):
        number = turn % len(WORDS)
        typed = variant(WORDS[number], chance)
        query = (f"{typed} omega{number}", f'"{typed} omega{number}"', f'"alpha {typed}*" omega{number}')[turn % 3]
        assert found(conn, query) == [number], ascii(query)
        if turn % 10 == 0:
            hits = find(conn, query, Filters(), 1)
            (shown,) = snippets(conn, query, hits)
            assert len(shown.text.marks) >= 1, ascii(query)


def test_values_of_filters_are_found_in_every_spelling(conn: sqlite3.Connection) -> None:
    chance = random.Random(8)
    add(
        conn,
        1,
        "One",
        places=[Place("Torkham", None, None, 34.1, 71.1, 1, "torkham")],
        keywords=[Keyword("clash", "event", 1)],
    )
    for _ in range(200):
        assert found(conn, None, place=variant("طورخم", chance)) == [1]
        assert found(conn, None, keyword=variant("جھڑپ", chance)) == [1]


# What can be asked


@pytest.fixture
def few(conn: sqlite3.Connection) -> sqlite3.Connection:
    add(conn, 1, "Gunfire at the gate", "A convoy was hit. Soldiers said an ambush had been laid by the road.")
    add(conn, 2, "Talks open", "The gate stays shut. Gunmen fled after a cricket match.")
    add(conn, 3, "سرحد پر گولہ باری", "توپ خانے کا استعمال ہوا۔", language="ur")
    add(conn, 4, "Mortar shelling reported", "Shells fell near the line.", key_points=["Shells fell near the line."])
    return conn


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("gate", [1, 2]),
        ("gate gunfire", [1]),
        ("gate AND gunfire", [1]),
        ("gunfire OR talks", [1, 2]),
        ("gate NOT cricket", [1]),
        ("gate AND NOT cricket", [1]),
        ("gate NOT cricket talks", []),
        ('"gate stays"', [2]),
        ('"stays gate"', []),
        ('"gate sta*"', [2]),
        ('"gate sta"*', [2]),
        ("“gate stays”", [2]),
        ("gun*", [1, 2]),
        ("title:gate", [1]),
        ("text:gate", [2]),
        ("points:shells", [4]),
        ("title:(gate OR talks)", [1, 2]),
        ('title:"talks open" text:gate', [2]),
        ("convoy NEAR/6 ambush", [1]),
        ("convoy NEAR/2 ambush", []),
        ("NEAR(convoy ambush, 6)", [1]),
        ("NEAR(convoy ambush)", [1]),
        ("(gunfire OR talks) AND (convoy OR nothing)", [1]),
        ("and", []),
        ("it's-a", []),
        ("12:30", []),
    ],
)
def test_what_a_query_finds(few: sqlite3.Connection, query: str, ids: list[int]) -> None:
    assert found(few, query) == ids


@pytest.mark.parametrize(
    ("query", "at", "says"),
    [
        ("AND", 0, "AND has no word"),
        ("gate AND", 5, "AND has no word"),
        ("gate OR OR talks", 5, "OR has no word"),
        ("NOT gate", 0, "nothing to take this away from"),
        ("talks OR NOT gate", 9, "nothing to take this away from"),
        ("(gate", 0, "never closed"),
        ("gate) talks", 4, "nothing was opened"),
        ("()", 0, "no word to look for"),
        ("… !!", 0, "no word to look for"),
        ('say "gate', 4, "quotation mark is never closed"),
        ("title:", 0, "title: has no word after it"),
        ("gate lang:ur", 5, "use the option --lang"),
        ("g*", 0, "at least two letters"),
        ("NEAR(gate)", 0, "at least two words"),
        ("gate NEAR", 5, "between two words"),
        ("(" * 30 + "gate" + ")" * 30, 20, "parentheses stand within each other"),
        ("gate " * 500, 2000, "longer than 2,000"),
    ],
)
def test_wrong_queries_name_the_place_and_the_mend(conn: sqlite3.Connection, query: str, at: int, says: str) -> None:
    with pytest.raises(QueryError) as caught:
        find(conn, query, Filters(), 5)
    message = str(caught.value)
    assert caught.value.at == at and f"character {at + 1}: " in message and says in message and "; " in message
    assert len(message) < 300


def test_whatever_is_typed_is_answered_or_explained(few: sqlite3.Connection) -> None:
    chance = random.Random(9)
    pieces = ['"', "(", ")", "*", "AND", "OR", "NOT", "NEAR", "NEAR(", "NEAR/3", ",", "3", "title:", "text:", "gate", "گولہ",
              "-", "^", "{", "}", ":", "+", "'", "\\", "\0", ";", "--", "talks", " ", "\u202e", "𝕏", "%"]  # fmt: skip
    explained = answered = 0
    for _ in range(3000):
        query = chance.choice(("", " ")).join(chance.choices(pieces, k=chance.randint(1, 9)))
        try:
            find(few, query, Filters(), 5, across=chance.random() < 0.2)
            answered += 1
        except QueryError:
            explained += 1
    assert answered > 300 and explained > 300


def test_across_looks_for_a_keyword_in_all_languages(few: sqlite3.Connection) -> None:
    assert found(few, "shelling") == [4]
    assert found(few, "shelling", across=True) == [3, 4]
    assert found(few, "گولہ باری", across=True) == [3, 4], "two words side by side are one keyword"
    assert found(few, "shelling reported", across=True) == [4]
    assert found(few, "shelling NOT mortar", across=True) == [3]
    assert found(few, "title:shelling", across=True) == [3, 4]
    assert found(few, "cricket", across=True) == [2], "what the lexicon does not know stays as it is"


def test_across_knows_places_and_actors(conn: sqlite3.Connection) -> None:
    add(conn, 1, "طورخم بند", language="ur")
    assert found(conn, "torkham", across=True) == [1]


# Filters


def test_place_stands_for_everything_inside_it(conn: sqlite3.Connection) -> None:
    assert ids_named(conn, "place", "طورخم") == ["torkham"]
    add(conn, 1, "One", places=[Place("Torkham", "Nangarhar; Khyber Pakhtunkhwa", "AF,PK", 34.1, 71.1, 1, "torkham")])
    add(conn, 2, "Two", places=[Place("Khyber", "Khyber Pakhtunkhwa", "PK", 34.0, 71.0, 2, "khyber")])
    add(conn, 3, "Three", places=[Place("Nangarhar", "Nangarhar", "AF", 34.3, 70.6, 3, "nangarhar")])
    add(
        conn,
        4,
        "Four",
        places=[Place("Friendship Gate", "Kandahar; Balochistan", "AF,PK", 30.9, 66.4, 1, "friendship-gate")],
    )
    assert found(conn, None, place="torkham") == [1]
    assert found(conn, None, place="Khyber") == [1, 2]
    assert found(conn, None, place="Khyber Pakhtunkhwa") == [1, 2]
    assert found(conn, None, place="ننگرہار") == [1, 3]
    assert found(conn, None, place="Chaman") == [4]
    assert found(conn, None, place="پاکستان") == [1, 2, 4]
    assert found(conn, None, place="Atlantis") == []


def claim(claimant: str) -> Claim:
    return Claim(claimant, None, "civilians", "killed", None, 3, 3, "exact", "claimed", "Three died.", 0, 11)


def test_each_filter(conn: sqlite3.Connection) -> None:
    known = conn.execute("select source from source_facts where affiliation = 'state'").fetchone()[0]
    add(conn, 1, "One word", claims=[claim("other")], source=known)
    add(conn, 2, "Two word", claims=[claim("unknown")], language="ur", is_clash=True)
    add(conn, 3, "Three word", actors=["alpha"], keywords=[Keyword("clash", "event", 2)])
    for query in (None, "word"):
        assert found(conn, query, claimant="other") == [1]
        assert found(conn, query, affiliation="state") == [1]
        assert found(conn, query, affiliation="independent") == []
        assert found(conn, query, language="UR") == [2]
        assert found(conn, query, clash=True) == [2]
        assert found(conn, query, actor="alpha") == [3]
        assert found(conn, query, keyword="Clash") == found(conn, query, keyword="جھڑپیں") == [3]
        assert found(conn, query, since=NOW - timedelta(hours=2)) == [1, 2]
        assert found(conn, query, until=NOW - timedelta(hours=2)) == [3]
        assert found(conn, query, since=NOW - timedelta(hours=2), until=NOW - timedelta(hours=1)) == [2]
        assert found(conn, query, source=known, claimant="unknown") == []
    with pytest.raises(Exception, match=r"--affiliation: 'martian' is not one of state, party"):
        find(conn, None, Filters(affiliation="martian"), 5)


def test_incident_is_found_by_the_id_it_was_merged_from(conn: sqlite3.Connection) -> None:
    for identifier, forward in (("new", None), ("old", "new")):
        conn.execute(
            "insert into incidents (id, title, event_type, created_at, updated_at, forward_to)"
            " values (?, 'x', 'attack', '2025', '2025', ?)",
            (identifier, forward),
        )
    add(conn, 1, "One", incident_id="new")
    add(conn, 2, "Two")
    assert (
        found(conn, None, incident="new")
        == found(conn, None, incident="old")
        == found(conn, "one", incident="old")
        == [1]
    )


def test_filters_with_many_stories_find_the_same_as_with_few(
    conn: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = Place("Torkham", None, None, 34.1, 71.1, 1, "torkham")
    for number in range(12):
        add(conn, number, "Gate", places=[place] * (number % 2), actors=["alpha"] * (number % 3 == 0))
    few_way = [found(conn, query, place="torkham", actor="alpha") for query in (None, "gate")]
    monkeypatch.setattr("monitor.store.filters._LISTED", 1)
    assert [found(conn, query, place="torkham", actor="alpha") for query in (None, "gate")] == few_way == [[3, 9]] * 2


# Order, marks


def test_best_come_first_and_newer_before_older(conn: sqlite3.Connection) -> None:
    filler = "Other words stand here and there. " * 20
    add(conn, 1, "Elsewhere", f"{filler} One ambush.")
    add(conn, 2, "Ambush at the gate", filler)
    add(conn, 3, "Ambush at the gate", filler, published_at=NOW - timedelta(days=20))
    for number in range(4, 30):
        add(conn, number, "Other", filler)
    assert [hit.url[-1] for hit in find(conn, "ambush", Filters(), 5)] == ["2", "3", "1"]


def test_marks_are_escaped_wherever_they_are_shown(conn: sqlite3.Connection) -> None:
    add(conn, 1, "<script>alert(1)</script> gate", 'He said: "<b>gate</b> & *gate*" ' + "x " * 300)
    (shown,) = snippets(conn, "gate script", find(conn, "gate", Filters(), 5))
    assert shown.title.marked("html").startswith(
        "&lt;<mark>script</mark>&gt;alert(1)&lt;/<mark>script</mark>&gt; <mark>gate"
    )
    assert "&lt;b&gt;<mark>gate</mark>&lt;/b&gt; &amp; *<mark>gate</mark>*" in shown.text.marked("html")
    assert r"\<b\>**gate**\</b\> \& \***gate**\*" in shown.text.marked("md")
    assert shown.text.text.endswith(" …") and len(shown.text.text) < 220


def test_marks_stand_on_the_words_as_they_are_written() -> None:
    text = "شروع " * 60 + "آج طُورخم  سرحد پر كابل‌ی لوگ\nتھے " + "آخر " * 60
    marker = Marker(node_term for node_term in _terms('"طورخم سرحد" OR کابلی'))
    snippet = marker.snippet(text)
    assert [snippet.text[start:end] for start, end in snippet.marks] == ["طُورخم  سرحد", "كابل‌ی"]
    assert snippet.text.startswith("… ") and "\n" not in snippet.text
    assert Marker(_terms("nothing")).snippet("Short text.") == Snippet("Short text.")


def _terms(query: str):
    return terms_of(parse_query(query))


# Saved searches, vocabulary


def test_saved_searches_tell_what_is_new(few: sqlite3.Connection) -> None:
    searches.save(few, "fire", "shelling", Filters(language="ur"), across=True, now=NOW)
    saved = searches.load(few, "fire")
    assert saved is not None and (saved.query, saved.across, saved.filters) == (
        "shelling",
        True,
        Filters(language="ur"),
    )
    last, hits = searches.new_matches(few, "fire", 0)
    assert [hit.url[-1] for hit in hits] == ["3"]
    assert searches.new_matches(few, "fire", last) == (last, [])
    add(few, 5, "توپ خانے کی گولہ باری", language="ur")
    add(few, 6, "Shelling", language="en")
    newest, hits = searches.new_matches(few, "fire", last)
    assert [hit.url[-1] for hit in hits] == ["5"] and newest > last
    searches.save(few, "fire", None, Filters(since=NOW, clash=True), across=False, now=NOW)
    assert [(one.name, one.filters) for one in searches.all_searches(few)] == [("fire", Filters(since=NOW, clash=True))]
    assert searches.remove(few, "fire") and not searches.remove(few, "fire")
    with pytest.raises(Exception, match="there is no saved search 'fire'"):
        searches.new_matches(few, "fire", 0)


def test_wrong_searches_are_not_saved(conn: sqlite3.Connection) -> None:
    for name, query in (("x", "(gate"), ("no/name", "gate"), ("", "gate")):
        with pytest.raises(Exception, match="search"):
            searches.save(conn, name, query, Filters(), across=False, now=NOW)
    assert searches.all_searches(conn) == []


def test_vocabulary_follows_the_seeds(tmp_path: Path, conn: sqlite3.Connection) -> None:
    assert not is_stale(conn, SEEDS) and not refresh_vocabulary(conn, SEEDS)
    assert not is_stale(conn, tmp_path / "nowhere"), "without seeds, what is known stays"
    other = ROOT / "tests" / "second_topic"
    assert is_stale(conn, other) and refresh_vocabulary(conn, other)
    assert ids_named(conn, "place", "KARST gate") == ["karst-gate"] and ids_named(conn, "place", "torkham") == []


def test_words_with_vowel_signs_are_whole_words(conn: sqlite3.Connection) -> None:
    add(conn, 1, "सीमा पर गोलीबारी", language="hi")
    add(conn, 2, "समय पर सोम", language="hi")
    assert found(conn, "सीमा") == [1] and found(conn, "सम") == [] and found(conn, "सी*") == [1]


# The index


def parts(conn: sqlite3.Connection) -> int:
    """In how many parts the index stands; of each its first page has a number of its own."""
    rows = conn.execute("select distinct id >> 37 from story_search_data where id > 10")
    return len(rows.fetchall())


def test_the_index_is_kept_compact_and_finds_the_same(conn: sqlite3.Connection) -> None:
    for number in range(100):
        add(conn, number, f"Clash number{number} at the crossing", f"word{number % 7} and more")
    assert parts(conn) > 8
    before = [found(conn, query) for query in ("crossing", "word3", "number42", "cross*")]
    calls = 1
    while compact(conn):
        calls += 1
        assert calls < 10
    assert parts(conn) <= 4 and not conn.in_transaction
    assert [found(conn, query) for query in ("crossing", "word3", "number42", "cross*")] == before
    assert [len(numbers) for numbers in before] == [50, 14, 1, 50]
    changes = conn.total_changes
    assert not compact(conn) and conn.total_changes - changes <= 1
