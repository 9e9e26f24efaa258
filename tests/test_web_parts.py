"""The small parts of the web page: cut texts, figures in words, visits, times and addresses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.figures import Names
from monitor.figures import number as figure
from monitor.items import Claim
from monitor.web.faceoff import claimed_deaths, face_to_face
from monitor.web.filters import archived, days, stamp, tongue, web_address
from monitor.web.marks import direction, paragraphs
from monitor.web.visits import visit

NOW = datetime(2025, 10, 13, 12, 0, tzinfo=UTC)
PARTIES = {"ours": "our forces", "theirs": "their forces", "unknown": "not said"}


def claim(start: int, end: int) -> Claim:
    return Claim("other", None, "ours", "killed", None, 3, 3, "exact", "claimed", "quote", start, end)


def line(claimant: str, count: int, party: str = "ours", **changed):
    values = {
        "claimant": claimant, "party": party, "outcome": "killed", "what": None, "count_low": count, "count_high": count,
        "qualifier": "exact", "stance": "claimed", "history": [], "denials": [], "contradicted_by": [],
    }  # fmt: skip
    return {**values, **changed}


@given(st.text(max_size=300), st.lists(st.tuples(st.integers(-5, 320), st.integers(-5, 320)), max_size=8))
def test_no_letter_of_a_text_is_lost_or_doubled_whatever_is_marked(text: str, spans: list[tuple[int, int]]) -> None:
    found = paragraphs(text, None, [claim(*span) for span in spans])
    shown = ["".join(piece.text for run in runs for piece in run.pieces) for runs in found]
    assert shown == [part for part in text.split("\n") if part.strip()]


def test_sentences_that_overlap_carry_both_numbers() -> None:
    (runs,) = paragraphs("abcdef", None, [claim(0, 4), claim(2, 6)])
    assert [("".join(p.text for p in run.pieces), run.claims) for run in runs] == [
        ("ab", (1,)),
        ("cd", (1, 2)),
        ("ef", (2,)),
    ]


def test_direction() -> None:
    assert [direction(code) for code in ("ur", "ps", "fa", "ar")] == ["rtl"] * 4
    assert [direction(code) for code in ("en", "hi", "und", "")] == ["ltr"] * 4


@pytest.mark.parametrize(
    ("low", "high", "qualifier", "words"),
    [
        (58, 58, "exact", "58"),
        (19, 21, "exact", "19–21"),
        (200, None, "more_than", "more than 200"),
        (None, 12, "up_to", "up to 12"),
        (12, None, "at_least", "at least 12"),
        (1200, None, "about", "about 1,200"),
        (0, 0, "exact", "0"),
        (None, None, "exact", "some"),
    ],
)
def test_figures_in_words(low, high, qualifier, words) -> None:
    assert figure({"count_low": low, "count_high": high, "qualifier": qualifier}) == words
    assert figure(Claim("x", None, "y", "killed", None, low, high, qualifier, "claimed", "", 0, 1)) == words


def test_people_are_not_taken_for_things() -> None:
    names = Names({"x": "Xland", "unknown": "not said"}, PARTIES)
    assert names.losses("theirs", "captured", None) == "their forces taken captive"
    assert names.losses("theirs", "captured", "posts") == "posts captured (of their forces)"
    assert names.losses("unknown", "captured", "armoured_vehicles") == "armoured vehicles captured"
    assert names.losses("unknown", "killed", None) == "people killed (not said whose)"
    assert names.losses("new_guards", "injured", None) == "new guards injured"
    assert (names.claimant("x"), names.claimant("y_land"), names.claimant("unknown")) == (
        "Xland", "Y land", "nobody named"
    )  # fmt: skip


def test_face_to_face_has_people_first_and_a_column_for_each() -> None:
    lines = [
        line("b", 5, what="posts", outcome="captured"),
        line("a", 58, contradicted_by=["b"]),
        line("b", 23),
        line("somebody", 40, party="theirs"),
    ]
    rows = face_to_face(lines, ("a", "b"), Names(parties=PARTIES))
    assert [row.label for row in rows] == ["our forces killed", "their forces killed", "posts captured (of our forces)"]
    assert [[item["figure"] for item in cell] for cell in rows[0].cells] == [["58"], ["23"], []]
    assert [item["figure"] for item in rows[1].cells[2]] == ["40"]
    assert [row.disputed for row in rows] == [True, False, False]


def test_claimed_deaths_add_up_by_claimant_and_leave_out_what_is_denied() -> None:
    lines = [line("a", 10), line("a", 5, party="theirs"), line("x", 7), line("b", 9, stance="denied"),
             line("a", 3, outcome="injured")]  # fmt: skip
    assert claimed_deaths(lines, ("a", "b")) == {"a": 15, "other": 7}


def test_a_visit_ends_after_half_an_hour() -> None:
    before, cookie = visit(None, NOW)
    assert before is None
    before, cookie = visit(cookie, NOW + timedelta(minutes=5))
    assert before is None, "the same visit"
    before, cookie = visit(cookie, NOW + timedelta(hours=3))
    assert before == NOW + timedelta(minutes=5)
    again, _ = visit(cookie, NOW + timedelta(hours=3, minutes=1))
    assert again == before, "what is new stays marked during a visit"
    assert visit(cookie, NOW)[0] is None, "a cookie from the future"


@given(st.text(max_size=80))
def test_any_visit_cookie_is_survived(cookie: str) -> None:
    assert visit(cookie, NOW)[1].endswith("~2025-10-13T12:00:00Z")


def test_times_and_days_in_words() -> None:
    assert stamp("2025-10-12T13:15:00Z") == "12 Oct 2025 13:15 UTC"
    assert stamp("2025-10-12T13:15:00Z", "day") == "12 Oct 2025"
    assert stamp("2025-10-12") == "12 Oct 2025"
    assert [stamp(None), stamp(""), stamp("x"), stamp("2025-10-12", "unknown")] == ["unknown"] * 4
    assert days("2025-10-11", "2025-10-12") == "11–12 Oct 2025"
    assert days("2025-09-30", "2025-10-02") == "30 Sep 2025 – 2 Oct 2025"
    assert (days("2025-10-11", "2025-10-11"), days(None, None)) == ("11 Oct 2025", "day not known")


@given(st.text(max_size=60))
def test_what_is_linked_is_a_web_address(url: str) -> None:
    assert web_address(url) in ("", url)
    assert not web_address(url) or url.lower().startswith(("http://", "https://"))


def test_archived_copies_are_looked_for_at_their_time() -> None:
    url = "https://gazette.example/1"
    assert archived(url, "2025-10-12T13:15:00Z") == f"https://web.archive.org/web/20251012131500/{url}"
    assert archived(url, None) == f"https://web.archive.org/web/2/{url}"


def test_languages_have_names() -> None:
    assert [tongue("ur"), tongue("fa", "prs"), tongue("xx")] == ["Urdu", "Dari", "xx"]


def test_what_was_said_before_is_what_was_told_before_the_current_figure() -> None:
    from monitor.web.faceoff import before

    told = [{"count_low": count, "count_high": count, "qualifier": "exact"} for count in (12, 15, 23, 9, 40)]
    assert before({**told[2], "history": told}) == ["15", "12"]
    assert before({**told[0], "history": told}) == []
