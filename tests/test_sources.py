"""Source declarations: what loads, what is refused and where, the round trip to TOML, and the pack that ships."""

import csv
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.errors import ConfigError, SeedsError
from monitor.fields import LANGUAGES
from monitor.sources import FIELDS, Source, load_sources, select_sources, source_block
from tests.paths import ROOT, SHARED

PACK = ROOT / "seeds" / "sources"

GAZETTE = """[[source]]
id = "example-gazette"
name = "Example Gazette"
country = "PK"
languages = ["en"]
homepage = "https://gazette.example/"
affiliation = "independent"
feeds = ["https://gazette.example/rss"]
"""


def write(folder: Path, text: str, name: str = "some.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def example(id: str = "example-gazette", **changes: object) -> Source:
    values = {
        "name": "Example Gazette",
        "country": "PK",
        "languages": ("en",),
        "homepage": "https://gazette.example/",
        "affiliation": "independent",
        "feeds": ("https://gazette.example/rss",),
    }
    return Source(id=id, **{**values, **changes})  # type: ignore[arg-type]


# Loading


def test_load_needs_only_the_required_fields(tmp_path: Path) -> None:
    path = write(tmp_path, GAZETTE)
    (source,) = load_sources(tmp_path)
    assert source == example()
    assert (source.fetch, source.enabled, source.timezone) == ("all", True, "UTC")
    assert (source.expected_per_day, source.checked, source.path, source.line) == (None, None, path, 1)


def test_load_reads_every_field(tmp_path: Path) -> None:
    write(
        tmp_path,
        """
[[source]]
id = "radio-1"
name = "رادیو نمونه"
country = "AF"
languages = ["ps", "fa"]
homepage = "http://radio.example:8080/"
affiliation = "state"
feeds = ["http://127.0.0.1:8000/rss"]
sitemaps = ["https://radio.example/sitemap.xml?a=1&b=%D9%BE"]
sections = ["https://radio.example/پښتو/"]
telegram = ["radio_example"]
fetch = "matching"
expected_per_day = [0, 9]
timezone = "Asia/Kabul"
enabled = false
disabled_reason = "asked us to wait"
speaks_for = "north_side"
notes = ["answered 410"]
checked = 2026-11-22
added = 2026-11-01
""",
    )
    assert load_sources(tmp_path) == (
        Source(
            id="radio-1",
            name="رادیو نمونه",
            country="AF",
            languages=("ps", "fa"),
            homepage="http://radio.example:8080/",
            affiliation="state",
            feeds=("http://127.0.0.1:8000/rss",),
            sitemaps=("https://radio.example/sitemap.xml?a=1&b=%D9%BE",),
            sections=("https://radio.example/پښتو/",),
            telegram=("radio_example",),
            fetch="matching",
            expected_per_day=(0, 9),
            timezone="Asia/Kabul",
            enabled=False,
            disabled_reason="asked us to wait",
            speaks_for="north_side",
            notes=("answered 410",),
            checked=date(2026, 11, 22),
            added=date(2026, 11, 1),
        ),
    )


def test_load_orders_by_file_and_then_as_written(tmp_path: Path) -> None:
    write(tmp_path, source_block(example("z")) + source_block(example("y")), "b.toml")
    write(tmp_path, source_block(example("x")), "a.toml")
    write(tmp_path, "not toml", ".#a.toml")
    write(tmp_path, "not toml", "README.md")
    assert [source.id for source in load_sources(tmp_path)] == ["x", "z", "y"]


def test_default_timezone_holds_for_its_file_only(tmp_path: Path) -> None:
    own = GAZETTE.replace("example-gazette", "own") + 'timezone = "Asia/Karachi"\n'
    write(tmp_path, '[defaults]\ntimezone = "Asia/Tehran"\n\n' + GAZETTE + own, "a.toml")
    write(tmp_path, GAZETTE.replace("example-gazette", "other"), "b.toml")
    assert [source.timezone for source in load_sources(tmp_path)] == ["Asia/Tehran", "Asia/Karachi", "UTC"]


# Mistakes: each is (what line replaces or follows, where, which field, what the message says)

MISTAKES = [
    ('id = "Example Gazette"', 2, "id", "'Example Gazette' is no id"),
    ('id = "a--b"', 2, "id", "'a--b' is no id"),
    ('id = "-a"', 2, "id", "'-a' is no id"),
    (f'id = "{"a" * 65}"', 2, "id", "is no id"),
    ('id = ""', 2, "id", "'' is no id"),
    ("id = 7", 2, "id", "must be a string, not 7"),
    ('name = " "', 3, "name", "is empty"),
    ('name = "two\\nlines"', 3, "name", "must be one line"),
    ('name = "two\\u2028lines"', 3, "name", "must be one line"),
    ('country = "Pk"', 4, "country", "'Pk' is no country code"),
    ('country = "PAK"', 4, "country", "'PAK' is no country code"),
    ("languages = []", 5, "languages", "names no language"),
    ('languages = "en"', 5, "languages", "must be a list of strings"),
    ('languages = ["en", "xx"]', 5, "languages", "'xx' is no ISO 639-1 code"),
    ('languages = ["prs"]', 5, "languages", "fa (which also stands for Dari)"),
    ('languages = ["en", "en"]', 5, "languages", "'en' stands there twice"),
    ('homepage = "gazette.example"', 6, "homepage", "must begin with http:// or https://"),
    ('homepage = "ftp://gazette.example/"', 6, "homepage", "must begin with http:// or https://"),
    ('homepage = "https:///path"', 6, "homepage", "names no host"),
    ('homepage = ""', 6, "homepage", "must begin with http:// or https://"),
    ('affiliation = "free"', 7, "affiliation", "'free' is not one of agency, independent, international, party, state"),
    ('feeds = "https://gazette.example/rss"', 8, "feeds", "must be a list of strings"),
    ('feeds = ["https://gazette.example/a b"]', 8, "feeds", "holds a blank"),
    ('feeds = ["https://gazette.example/\\u0000"]', 8, "feeds", "holds a blank, control character"),
    ('feeds = ["https://gazette.example\\\\@evil.example/"]', 8, "feeds", "or backslash"),
    ('feeds = ["https://user:word@gazette.example/"]', 8, "feeds", "carries a user name"),
    ('feeds = ["https://gazette.example:http/"]', 8, "feeds", "is no URL"),
    ('feeds = ["https://[::1/rss"]', 8, "feeds", "is no URL"),
    ('feeds = ["https://gazette..example/"]', 8, "feeds", "has no usable host name"),
    ('feeds = ["https://gazette.example/rss", "https://gazette.example/rss"]', 8, "feeds", "stands there twice"),
    ("feeds = []", 8, "feeds", "is missing, and so are sitemaps, sections and telegram"),
    ('sitemaps = ["/sitemap.xml"]', 9, "sitemaps", "must begin with http:// or https://"),
    ('sections = [""]', 9, "sections", "must begin with http:// or https://"),
    ('telegram = ["@gazette"]', 9, "telegram", "'@gazette' is no channel name"),
    ('telegram = ["https://t.me/gazette"]', 9, "telegram", "is no channel name"),
    ('fetch = "some"', 9, "fetch", "'some' is not one of all, matching"),
    ("expected_per_day = [60, 2]", 9, "expected_per_day", "must be [fewest, most]"),
    ("expected_per_day = [0, 0]", 9, "expected_per_day", "must be [fewest, most]"),
    ("expected_per_day = [-1, 5]", 9, "expected_per_day", "must be [fewest, most]"),
    ("expected_per_day = [1, 2, 3]", 9, "expected_per_day", "must be [fewest, most]"),
    ("expected_per_day = [1.5, 2]", 9, "expected_per_day", "must be [fewest, most]"),
    ("expected_per_day = [false, true]", 9, "expected_per_day", "must be [fewest, most]"),
    ("expected_per_day = false", 9, "expected_per_day", "must be [fewest, most]"),
    ("expected_per_day = 60", 9, "expected_per_day", "not 60"),
    ('timezone = "Asia/Nowhere"', 9, "timezone", "'Asia/Nowhere' is no time zone"),
    ('timezone = "Asia"', 9, "timezone", "'Asia' is no time zone"),
    ('timezone = "../zone"', 9, "timezone", "is no time zone"),
    ('timezone = ""', 9, "timezone", "is no time zone"),
    ("enabled = 1", 9, "enabled", "must be true or false, not 1"),
    ('disabled_reason = ""', 9, "disabled_reason", "is empty"),
    ('speaks_for = "The North"', 9, "speaks_for", "'The North' is no id of a side"),
    ('notes = "stale"', 9, "notes", "must be a list of strings"),
    ('notes = [""]', 9, "notes", "is empty"),
    ('checked = "2026-11-22"', 9, "checked", "must be a date like"),
    ("checked = 2026-11-22T10:00:00Z", 9, "checked", "must be a date without a time, like 2026-11-22"),
    ("added = 2026-11-22T10:00:00", 9, "added", "must be a date without a time"),
    ('feed = ["https://gazette.example/rss"]', 9, "feed", "unknown field; known are added, affiliation"),
    ('path = "some.toml"', 9, "path", "unknown field"),
]


@pytest.mark.parametrize(("row", "line", "field", "message"), MISTAKES)
def test_mistake_names_file_line_and_field(tmp_path: Path, row: str, line: int, field: str, message: str) -> None:
    rows = GAZETTE.splitlines()
    rows[line - 1 : line] = [row]
    path = write(tmp_path, "\n".join(rows) + "\n")
    with pytest.raises(SeedsError) as caught:
        load_sources(tmp_path)
    assert str(caught.value).startswith(f"{path}:{line}: {field}: ")
    assert message in str(caught.value)


@pytest.mark.parametrize("field", ["id", "name", "country", "languages", "homepage", "affiliation", "feeds"])
def test_missing_field_is_named_at_its_table(tmp_path: Path, field: str) -> None:
    kept = [row for row in GAZETTE.splitlines() if not row.startswith(f"{field} =")]
    path = write(tmp_path, "# a comment\n\n" + "\n".join(kept))
    with pytest.raises(SeedsError) as caught:
        load_sources(tmp_path)
    assert str(caught.value).startswith(f"{path}:3: {field}: is missing")


def test_mistake_in_a_later_table_has_its_own_line(tmp_path: Path) -> None:
    second = GAZETTE.replace("example-gazette", "second").replace('"PK"', '"pk"')
    path = write(tmp_path, GAZETTE + "\n" + second)
    with pytest.raises(SeedsError, match="no country code") as caught:
        load_sources(tmp_path)
    assert str(caught.value).startswith(f"{path}:13: country: ")


def test_id_used_twice_names_both_places(tmp_path: Path) -> None:
    first = write(tmp_path, "\n" + GAZETTE, "a.toml")
    second = write(tmp_path, GAZETTE, "b.toml")
    with pytest.raises(SeedsError) as caught:
        load_sources(tmp_path)
    assert str(caught.value) == f"{second}:2: id: 'example-gazette' is already used at {first}:2"


def test_switched_off_needs_a_reason_but_no_way_in(tmp_path: Path) -> None:
    without = "\n".join(row for row in GAZETTE.splitlines() if not row.startswith("feeds")) + "\nenabled = false\n"
    path = write(tmp_path, without)
    with pytest.raises(SeedsError) as caught:
        load_sources(tmp_path)
    assert str(caught.value).startswith(f"{path}:1: disabled_reason: is missing")
    write(tmp_path, without + 'disabled_reason = "no way in"\n')
    (source,) = load_sources(tmp_path)
    assert (source.enabled, source.ways_in) == (False, ())


def test_mistakes_in_the_file_itself(tmp_path: Path) -> None:
    def error(text: str) -> str:
        write(tmp_path, text)
        with pytest.raises(SeedsError) as caught:
            load_sources(tmp_path)
        return str(caught.value).removeprefix(str(tmp_path / "some.toml"))

    assert error('[[source]]\nid = "x\n').startswith(":2: is not valid TOML")
    assert error(GAZETTE + "[[sources]]\n").startswith(":9: sources: unknown table")
    assert error('[defaults]\ntimezone = "Asia"\n' + GAZETTE).startswith(":2: timezone: 'Asia' is no time zone")
    assert error('[defaults]\n\ntime_zone = "UTC"\n' + GAZETTE).startswith(":3: time_zone: unknown field")
    assert error("# nothing\n") == f"{tmp_path}: declares no source; write a [[source]] table in a *.toml file there"


def test_folder_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(SeedsError, match=r"gone: is no folder; it should hold the \*\.toml files"):
        load_sources(tmp_path / "gone")


# Choosing

SOME = (example("north-daily", name="The Northern Daily"), example("south-radio"), example("off", enabled=False))


def test_select_all_leaves_out_what_is_switched_off() -> None:
    assert [source.id for source in select_sources(SOME)] == ["north-daily", "south-radio"]
    assert select_sources(SOME, include_disabled=True) == SOME


def test_select_by_id_keeps_the_declared_order_and_each_once() -> None:
    chosen = select_sources(SOME, ["south-radio", "north-daily", "south-radio"])
    assert [source.id for source in chosen] == ["north-daily", "south-radio"]


@pytest.mark.parametrize(
    ("wanted", "hint"),
    [
        ("nort-daily", "did you mean north-daily?"),
        ("South-Radio", "did you mean south-radio?"),
        ("Northern Daily", "did you mean north-daily?"),
        ("zzz", "`monitor sources list` shows them all"),
    ],
)
def test_unknown_id_suggests_what_looks_like_it(wanted: str, hint: str) -> None:
    with pytest.raises(ConfigError) as caught:
        select_sources(SOME, ["south-radio", wanted])
    assert str(caught.value) == f"no source has the id {wanted!r}; {hint}"
    assert caught.value.exit_code == 2


def test_several_unknown_ids_are_all_named() -> None:
    with pytest.raises(ConfigError, match=r"id 'aaa'.*id 'bbb'"):
        select_sources(SOME, ["aaa", "bbb", "aaa"])


def test_naming_a_source_that_is_switched_off_says_why(tmp_path: Path) -> None:
    path = write(tmp_path, GAZETTE + 'enabled = false\ndisabled_reason = "its terms forbid it"\n')
    sources = load_sources(tmp_path)
    with pytest.raises(ConfigError) as caught:
        select_sources(sources, ["example-gazette"])
    reason = "source example-gazette is switched off: its terms forbid it; to use it, set enabled = true in "
    assert str(caught.value) == f"{reason}{path}"
    assert select_sources(sources, ["example-gazette"], include_disabled=True) == sources


# The round trip

_text = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1).filter(str.strip)
_path = st.text(st.characters(exclude_categories=("Cc", "Cs", "Z"), exclude_characters="\\"))
_url = st.builds(
    "{}://{}.example/{}".format, st.sampled_from(["http", "https"]), st.from_regex(r"[a-z]{1,9}", fullmatch=True), _path
)
_urls = st.lists(_url, unique=True, max_size=4).map(tuple)
_days = st.none() | st.dates(min_value=date(1, 1, 1))

_sources = st.builds(
    Source,
    id=st.from_regex(r"[a-z0-9]{1,9}(-[a-z0-9]{1,9}){0,3}", fullmatch=True),
    name=_text,
    country=st.from_regex(r"[A-Z]{2}", fullmatch=True),
    languages=st.lists(st.sampled_from(sorted(LANGUAGES)), unique=True, min_size=1, max_size=4).map(tuple),
    homepage=_url,
    affiliation=st.sampled_from(["state", "party", "independent", "agency", "international"]),
    feeds=st.lists(_url, unique=True, min_size=1, max_size=4).map(tuple),
    sitemaps=_urls,
    sections=_urls,
    telegram=st.lists(st.from_regex(r"[A-Za-z][A-Za-z0-9_]{3,31}", fullmatch=True), unique=True, max_size=3).map(tuple),
    fetch=st.sampled_from(["all", "matching"]),
    expected_per_day=st.none() | st.tuples(st.integers(0, 50), st.integers(50, 5000)),
    timezone=st.sampled_from(["UTC", "Asia/Kabul", "Europe/Berlin"]),
    enabled=st.booleans(),
    disabled_reason=_text,
    speaks_for=st.none() | st.from_regex(r"[a-z][a-z0-9_]{0,9}", fullmatch=True),
    notes=st.lists(_text, max_size=3).map(tuple),
    checked=_days,
    added=_days,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(sources=st.lists(_sources, min_size=1, max_size=3, unique_by=lambda source: source.id))
def test_block_loads_back_as_it_was(tmp_path: Path, sources: list[Source]) -> None:
    defaults = '[defaults]\ntimezone = "Asia/Karachi"\n\n'  # a block states its own zone, whatever file it joins
    write(tmp_path, defaults + "\n".join(source_block(source) for source in sources))
    assert load_sources(tmp_path) == tuple(sources)


def test_block_is_written_for_people() -> None:
    notes = ("A first note that is long enough to need a line to itself.", "A second one, about as long as the first.")
    assert source_block(example(expected_per_day=(2, 60), notes=notes, checked=date(2026, 11, 22))) == (
        GAZETTE
        + f"""fetch = "all"
expected_per_day = [2, 60]
timezone = "UTC"
notes = [
  "{notes[0]}",
  "{notes[1]}",
]
checked = 2026-11-22
"""
    )


# The pack that ships


@pytest.fixture(scope="module")
def pack() -> tuple[Source, ...]:
    return load_sources(PACK)


def test_pack_loads_and_covers_the_four_languages(pack: tuple[Source, ...]) -> None:
    assert len(pack) >= 110
    enabled = select_sources(pack)
    languages = Counter(language for source in enabled for language in source.languages)
    assert languages["en"] >= 75 and languages["ur"] >= 24 and languages["ps"] >= 16 and languages["fa"] >= 25
    assert set(languages) == {"en", "ur", "ps", "fa"}
    assert {source.affiliation for source in enabled} == {"state", "party", "independent", "agency", "international"}


def test_pack_gives_every_enabled_source_a_way_in_that_is_its_own(pack: tuple[Source, ...]) -> None:
    assert all(source.ways_in for source in select_sources(pack))
    shared = [url for url, times in Counter(url for source in pack for url in source.ways_in).items() if times > 1]
    assert shared == []
    names = Counter(source.name for source in pack)
    assert max(names.values()) == 1


def test_pack_claims_no_check_and_guesses_every_volume(pack: tuple[Source, ...]) -> None:
    assert [source.id for source in pack if source.checked or source.added] == []
    assert [source.id for source in pack if source.expected_per_day is None] == []


def test_pack_says_why_a_source_is_switched_off(pack: tuple[Source, ...]) -> None:
    off = {source.id: source.disabled_reason or "" for source in pack if not source.enabled}
    forbidden = {"ap", "reuters", "nyt"}
    assert {id for id, reason in off.items() if "terms forbid" in reason} == forbidden
    pathless = {source.id for source in pack if not source.ways_in}
    assert set(off) == forbidden | pathless
    assert all(f"monitor sources discover {source.homepage}" in off[source.id] for source in pack if not source.ways_in)
    assert [source.id for source in pack if source.enabled and source.disabled_reason] == []


def test_pack_gives_every_source_a_zone_on_purpose(pack: tuple[Source, ...]) -> None:
    assert {source.id for source in pack if source.timezone == "UTC"} == {"reliefweb"}


def test_pack_names_two_sides_with_an_official_voice(pack: tuple[Source, ...]) -> None:
    sides = Counter(source.speaks_for for source in pack if source.speaks_for)
    assert set(sides) == {"afghanistan", "pakistan"}
    assert all(source.affiliation in ("state", "party") for source in pack if source.speaks_for)


def test_readme_counts_the_pack_and_explains_every_field(pack: tuple[Source, ...]) -> None:
    readme = (PACK / "README.md").read_text(encoding="utf-8")
    counts = f"{len(pack)} outlets are declared here, {len(select_sources(pack))} of them\nswitched on"
    assert counts in readme
    assert [name for name in FIELDS if f"`{name}`" not in readme] == []
    assert [path.name for path in PACK.glob("*.toml") if f"`{path.name}`" not in readme] == []


def test_readme_example_loads(tmp_path: Path) -> None:
    readme = (PACK / "README.md").read_text(encoding="utf-8")
    write(tmp_path, readme.split("```toml\n")[1].split("```")[0])
    (source,) = load_sources(tmp_path)
    assert source.id == "example-gazette" and source.timezone == "Asia/Karachi"


@pytest.mark.skipif(not (SHARED / "data" / "sources.tsv").exists(), reason="the shared list of outlets is not here")
def test_pack_holds_every_outlet_and_way_in_of_the_shared_list(pack: tuple[Source, ...]) -> None:
    with (SHARED / "data" / "sources.tsv").open(encoding="utf-8", newline="") as stream:
        rows = {row["id"]: row for row in csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)}
    assert {source.id for source in pack} == set(rows)
    for source in pack:
        row = rows[source.id]
        facts = (source.name, source.country, ",".join(source.languages), source.homepage, source.affiliation)
        assert facts == tuple(row[name] for name in ("name", "country", "languages", "homepage", "affiliation"))
        assert source.fetch == row["fetch"]
        for kind in ("feeds", "sitemaps", "telegram"):
            assert list(getattr(source, kind)) == row[kind].split(), (source.id, kind)
        # A front page read as a listing page is the one way in we added.
        fallback = [] if row["sections"] else [source.homepage]
        assert list(source.sections) in (row["sections"].split(), fallback), source.id
