"""Editing the files that declare sources: only what was meant changes, and only when it is sure to be right."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.errors import ConfigError, SeedsError
from monitor.sourcefiles import Change, add_sources, apply_change
from monitor.sources import Source, load_sources
from tests.paths import ROOT

TODAY = date(2026, 11, 22)
FILE = """# Outlets of the town.

[defaults]
timezone = "Asia/Karachi"

# the old paper
[[source]]
id = "paper"   # never changed
name = "The Paper"
country = "PK"
languages = ["en"]
homepage = "https://paper.example/"
affiliation = "independent"
feeds = [
  "https://paper.example/rss",   # the main one
  'https://paper.example/old/rss',
]
sections = ["https://paper.example/rss"]
notes = ["https://paper.example/rss answered 410 once"]

# a note about the radio
[[source]]
id = "radio"
name = "Radio"
country = "AF"
languages = ["ps"]
homepage = "https://radio.example/"
affiliation = "state"
feeds = ["https://radio.example/feed"]
checked = 2025-01-01 # by hand
"""


def folder_with(tmp_path: Path, text: str = FILE) -> Path:
    (tmp_path / "town.toml").write_bytes(text.encode())
    return tmp_path


def sources(folder: Path) -> dict[str, Source]:
    return {source.id: source for source in load_sources(folder)}


def lines_changed(before: str, after: str) -> list[tuple[str, str]]:
    return [(a, b) for a, b in zip(before.splitlines(), after.splitlines(), strict=True) if a != b]


def test_address_is_replaced_in_its_field_only(tmp_path: Path) -> None:
    folder = folder_with(tmp_path)
    moves = (("feeds", "https://paper.example/rss", "https://paper.example/feed"),)
    apply_change(Change(sources(folder)["paper"], moves))
    after = (folder / "town.toml").read_text()
    assert lines_changed(FILE, after) == [
        ('  "https://paper.example/rss",   # the main one', '  "https://paper.example/feed",   # the main one')
    ]


def test_several_changes_of_one_source(tmp_path: Path) -> None:
    folder = folder_with(tmp_path)
    moves = (
        ("feeds", "https://paper.example/old/rss", 'https://paper.example/new?a=1&b="2"'),
        ("sections", "https://paper.example/rss", "https://paper.example/list"),
    )
    apply_change(Change(sources(folder)["paper"], moves, TODAY))
    paper, radio = sources(folder).values()
    assert paper.feeds == ("https://paper.example/rss", 'https://paper.example/new?a=1&b="2"')
    assert paper.sections == ("https://paper.example/list",) and paper.checked == TODAY
    assert radio == sources(folder_with(tmp_path))["radio"]


def test_checked_takes_the_place_of_an_earlier_day_or_follows_the_last_field(tmp_path: Path) -> None:
    folder = folder_with(tmp_path)
    for source in reversed(sources(folder).values()):  # the last of the file first: a change moves what is below
        apply_change(Change(source, checked=TODAY))
    after = (folder / "town.toml").read_text()
    assert "checked = 2026-11-22 # by hand\n" in after
    assert 'answered 410 once"]\nchecked = 2026-11-22\n\n# a note about the radio\n[[source]]\nid = "radio"' in after
    assert len(after.splitlines()) == len(FILE.splitlines()) + 1


def test_file_without_a_final_line_end_and_with_those_of_windows(tmp_path: Path) -> None:
    text = FILE.replace("checked = 2025-01-01 # by hand\n", "").rstrip("\n").replace("\n", "\r\n")
    folder = folder_with(tmp_path, text)
    apply_change(Change(sources(folder)["radio"], checked=TODAY))
    assert (folder / "town.toml").read_bytes() == (text + "\r\nchecked = 2026-11-22\r\n").encode()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (FILE.replace('"https://paper.example/rss",', '"https://paper.example/\\u0072ss",'), "does not hold"),
        ('source = [{ id = "paper", name = "P", country = "PK", languages = ["en"], homepage = "https://paper.example/", affiliation = "state", feeds = ["https://paper.example/rss"] }]\n', "is not written as"),
    ],
)  # fmt: skip
def test_what_cannot_be_edited_safely_is_left_as_it_is(tmp_path: Path, text: str, says: str) -> None:
    folder = folder_with(tmp_path, text)
    with pytest.raises(SeedsError, match=says) as caught:
        apply_change(
            Change(sources(folder)["paper"], (("feeds", "https://paper.example/rss", "https://paper.example/x"),))
        )
    assert "please edit it by hand" in str(caught.value) and "town.toml:" in str(caught.value)
    assert (folder / "town.toml").read_text() == text


def test_change_that_would_not_load_is_not_made(tmp_path: Path) -> None:
    folder = folder_with(tmp_path)
    for new in ("ftp://paper.example/rss", "https://paper.example/old/rss"):  # no address to poll; one that is there
        with pytest.raises(ConfigError):
            apply_change(Change(sources(folder)["paper"], (("feeds", "https://paper.example/rss", new),)))
        assert (folder / "town.toml").read_text() == FILE


def test_declaration_that_moved_meanwhile_is_left_alone(tmp_path: Path) -> None:
    folder = folder_with(tmp_path)
    paper = sources(folder)["paper"]
    moved = "# a new line\n" + FILE
    folder_with(tmp_path, moved)
    with pytest.raises(SeedsError):
        apply_change(Change(paper, checked=TODAY))
    assert (folder / "town.toml").read_text() == moved


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 200), st.booleans())
def test_any_source_of_the_pack_can_be_edited(number: int, move: bool) -> None:
    """Property: on the real declarations a change changes one source, and nothing else in any of them."""
    import tempfile

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file in (ROOT / "seeds" / "sources").glob("*.toml"):
            (folder / file.name).write_bytes(file.read_bytes())
        before = sources(folder)
        source = list(before.values())[number % len(before)]
        way = next((way for way in ("feeds", "sitemaps", "sections") if getattr(source, way)), None)
        moves = ((way, getattr(source, way)[0], "https://new.example/feed"),) if move and way else ()
        apply_change(Change(source, moves, TODAY))
        after = sources(folder)
        assert {id for id in before if before[id] != after[id]} == {source.id}
        expected = replace(source, checked=TODAY)
        if moves:
            urls = ("https://new.example/feed", *getattr(source, moves[0][0])[1:])
            expected = replace(expected, **{moves[0][0]: urls})
        assert after[source.id] == expected


def new(id: str = "new", **changes: object) -> Source:
    values = {
        "name": "New",
        "country": "PK",
        "languages": ("en",),
        "homepage": "https://new.example/",
        "affiliation": "independent",
        "feeds": ("https://new.example/rss",),
    }
    return Source(id=id, **{**values, **changes})  # type: ignore[arg-type]


def test_sources_are_added_at_the_end(tmp_path: Path) -> None:
    folder = folder_with(tmp_path)
    added = [new(), new("newer", homepage="https://newer.example/", feeds=("https://newer.example/rss",))]
    path = add_sources(folder, "town", added, ["# how it was found\n", ""])
    assert path.read_text().startswith(FILE) and "# how it was found\n" in path.read_text()
    assert list(sources(folder)) == ["paper", "radio", "new", "newer"]
    assert sources(folder)["new"] == new(), "the file's defaults do not touch it"


def test_first_source_of_an_empty_folder(tmp_path: Path) -> None:
    assert add_sources(tmp_path, "added", [new()], [""]) == tmp_path / "added.toml"
    assert list(sources(tmp_path)) == ["new"]


@pytest.mark.parametrize(
    ("source", "says"),
    [
        (new("paper"), "the id 'paper' is already used at"),
        (new(homepage="https://paper.example/"), "the front page https://paper.example/ is already declared by paper"),
        (
            new(feeds=("https://radio.example/feed",)),
            "the address https://radio.example/feed is already declared by radio",
        ),
    ],
)
def test_known_sources_are_refused(tmp_path: Path, source: Source, says: str) -> None:
    folder = folder_with(tmp_path)
    with pytest.raises(ConfigError, match=says):
        add_sources(folder, "added", [source], [""])
    assert [file.name for file in folder.iterdir()] == ["town.toml"]


@pytest.mark.parametrize("name", ["../town", "", "a b", ".hidden", "a/b"])
def test_file_name_that_leads_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError, match="no name for a file"):
        add_sources(folder_with(tmp_path), name, [new()], [""])


def test_folder_that_cannot_be_written_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise PermissionError(13, "Permission denied")

    folder = folder_with(tmp_path)
    monkeypatch.setattr("monitor.sourcefiles.tempfile.mkstemp", refuse)
    with pytest.raises(SeedsError, match="cannot be written: Permission denied"):
        add_sources(folder, "town", [new()], [""])
    assert (folder / "town.toml").read_text() == FILE
