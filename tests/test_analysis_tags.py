"""Keywords, places and actors of a story."""

import pytest

from monitor.analysis.reading import read
from monitor.analysis.tags import Tags, tag
from monitor.analysis.topic import Topic
from tests.paths import ROOT

TOPIC = Topic.load(ROOT / "seeds")


def tagged(text: str, language: str = "en", title: str = "") -> Tags:
    return tag(TOPIC, read(TOPIC, title, text, language))


def keywords(tags: Tags) -> dict[str, str]:
    return {keyword.keyword: keyword.category for keyword in tags.keywords}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Both sides agreed on a ceasefire after clashes on the Durand Line with the TTP."),
        ("ur", "ڈیورنڈ لائن پر ٹی ٹی پی سے جھڑپوں کے بعد جنگ بندی ہو گئی۔"),
        ("ps", "د ډیورنډ پر کرښه د ټي ټي پي له نښتو وروسته اوربند وشو."),
        ("fa", "پس از درگیری با تی‌تی‌پی در خط دیورند آتش‌بس شد."),
    ],
)
def test_keywords_are_english_whatever_the_language(language: str, text: str) -> None:
    assert {
        "ceasefire": "diplomacy",
        "clash": "event",
        "Durand Line": "border",
        "Tehreek-i-Taliban Pakistan": "group",
    }.items() <= keywords(tagged(text, language)).items()


def test_the_keywords_of_a_well_known_report() -> None:
    text = (
        "Afghan forces struck back along the 2,600-kilometre border known as the Durand Line after repeated violations "
        "of the country's airspace, the Taliban government said, and 58 Pakistani soldiers were killed. Islamabad says that "
        "Kabul harbours the Tehreek-i-Taliban Pakistan. Qatar offered mediation."
    )
    assert {
        "Durand Line": "border",
        "Tehreek-i-Taliban Pakistan": "group",
        "airspace violation": "event",
        "mediation": "diplomacy",
        "killed": "casualty",
        "Afghan Taliban": "government",
    }.items() <= keywords(tagged(text)).items()


def test_spellings_count_as_one_keyword() -> None:
    tags = tagged("A cease-fire held. The ceasefire broke. The TTP, or Tehrik-e-Taliban Pakistan, was blamed.")
    counts = {keyword.keyword: keyword.count for keyword in tags.keywords}
    assert counts["ceasefire"] == 2
    assert counts["Tehreek-i-Taliban Pakistan"] == 2


def test_a_keyword_of_the_title_comes_first() -> None:
    tags = tagged("Clashes. Clashes. Clashes.", title="Ceasefire at last")
    assert tags.keywords[0].keyword == "ceasefire"


def test_places_have_coordinates_and_province() -> None:
    place = tagged("Shells hit the Barmal district of Paktika on Friday, killing two.").places[0]
    assert (place.name, place.admin1, place.country, place.geo_precision) == ("Barmal", "Paktika", "AF", 2)
    assert place.lat is not None
    assert place.lon is not None
    assert round(place.lat) == 33
    assert round(place.lon) == 69


def names(text: str, language: str = "en", title: str = "") -> list[str]:
    return [place.name for place in tagged(text, language, title).places]


def test_a_capital_is_a_place_only_where_something_happens_in_it() -> None:
    assert names("Kabul denied that Islamabad had been told of the clash at Torkham.") == ["Torkham"]
    assert "Kabul" in names("A drone strike in Kabul killed two people.")


def test_a_dateline_is_no_scene() -> None:
    assert names("PESHAWAR: Afghan troops shelled Torkham on Friday, officials said.") == ["Torkham"]


def test_places_of_earlier_incidents_and_of_hospitals_are_left_out() -> None:
    text = (
        "Afghan border forces shelled Chaman on Sunday, killing six Pakistani civilians. The injured were taken to Quetta. "
        "Last year a clash at Torkham killed two."
    )
    assert names(text) == ["Chaman"]


def test_where_no_place_is_named_the_line_is_the_place() -> None:
    assert names("Afghan Taliban attacked Pakistani border posts overnight, killing 23 soldiers.") == ["Durand Line"]


def test_without_an_incident_all_places_named_are_listed() -> None:
    assert set(names("Torkham and Kharlachi stay open to trade with Afghanistan.")) == {"Torkham", "Kharlachi"}


def test_actors_are_filed_under_their_ids() -> None:
    tags = tagged("The ISPR said the Afghan Taliban and the TTP attacked. The TTP denied it.")
    assert tags.actors == ["ttp", "afghan-taliban", "ispr"]


def test_a_short_name_is_filed_under_whom_it_stands_for() -> None:
    assert tagged("The Taliban said that Pakistani forces fired first.").actors == [
        "afghan-taliban",
        "pakistan-military",
    ]
    assert tagged("The TTP attacked. The Taliban claimed the blast in Peshawar.").actors == ["ttp"]


def test_countries_are_no_actors() -> None:
    assert tagged("China and Qatar asked Pakistan for calm.").actors == []


def test_an_empty_story_has_no_tags() -> None:
    assert tagged("") == Tags([], [], [])
