"""Claims and places as Urdu, Pashto, Dari and Hindi tell them: sources, lists, titles; every sentence is invented."""

import pytest

from monitor.analysis.reading import read
from monitor.analysis.tags import tag
from monitor.analysis.topic import Topic
from tests.claimed import claimed
from tests.paths import ROOT

TOPIC = Topic.load(ROOT / "seeds")

CLAIMS = [
    # a source that will not be named is still of its side
    (
        "ur",
        "ایک پاکستانی سیکیورٹی اہلکار نے نام ظاہر نہ کرنے کی شرط پر کہا کہ 14 عسکریت پسند مارے گئے۔",
        {"14 militants killed PK"},
    ),
    # a minister whose office is not in the lexicon speaks for the country
    ("ps", "د پاکستان د کورنیو چارو مرستیال وزیر زلمی بیا ادعا کوي چې ۳۱ ترهګر وژل شوي.", {"31 militants killed PK"}),
    # two forces under one noun
    ("ur", "پولیس حکام کے مطابق جھڑپ میں 9 پولیس اور لیویز اہلکار مارے گئے۔", {"9 pk killed PK"}),
    # one, told by a verbal noun
    (
        "ps",
        "د کونړ چارواکو د څلورو ملکي کسانو د وژل کېدو او د یوه د ټپي کېدو خبر ورکړ.",
        {"4 civilians killed AF", "1 civilians injured AF"},
    ),
    # shares by place under one verb
    (
        "fa",
        "سخنگوی طالبان گفت در پکتیکا پنج غیرنظامی و در خوست دو زن کشته شدند.",
        {"5 civilians killed AF", "2 civilians killed AF"},
    ),
    (
        "hi",
        "तालिबान प्रवक्ता ने 17 पाकिस्तानी सैनिकों को मारने का दावा किया।",
        {"17 pk killed AF"},
    ),
]

PLACES = [
    # the title and the family name of one who speaks are no scene
    (
        "ur",
        "طورخم پر فائرنگ کا تبادلہ ہوا۔ ننگرہار کے گورنر کے ترجمان قدرت اللہ خوگیانی نے دو افغان اہلکاروں کی ہلاکت بتائی۔",
        {"torkham"},
    ),
    # where nothing closer is named, it happened where the eyewitnesses live
    (
        "fa",
        "باشندگان کامدیش نورستان به رادیو گفتند که هاوان‌های پاکستان بر خانه‌ها فرود آمد و سه تن را کشت. طالبان شلیک از آن‌سوی دیورند را تأیید کرد.",
        {"kamdesh", "nuristan"},
    ),
    # the oblique case of a name
    ("ps", "د هلمند د بهرامچې په سیمه کې د طالبانو او پاکستاني ملېشو جګړه وشوه.", {"bahramcha", "helmand"}),
    ("hi", "डंड पाटन में पाकिस्तानी और अफगान सेना के बीच झड़प में दो सैनिक मारे गए।", {"dand-patan"}),
]


@pytest.mark.parametrize(("language", "text", "expected"), CLAIMS)
def test_what_is_claimed(language: str, text: str, expected: set[str]) -> None:
    assert claimed(language, text) == expected


@pytest.mark.parametrize(("language", "text", "expected"), PLACES)
def test_where_it_happened(language: str, text: str, expected: set[str]) -> None:
    assert {place.id for place in tag(TOPIC, read(TOPIC, "", text, language)).places} == expected
