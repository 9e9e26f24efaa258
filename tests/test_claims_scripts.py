"""Claims and places as Urdu, Pashto, Dari and Hindi tell them: sources, lists, titles; every sentence is invented."""

import pytest

from monitor.analysis.reading import read
from monitor.analysis.tags import tag
from monitor.analysis.topic import Topic
from tests.claimed import claimed, claims
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
    # who accuses tells it, and so does the spokesman after them
    (
        "ur",
        "افغان وزارت دفاع کا الزام ہے کہ پاکستان نے ڈرون حملے کیے جن میں چھ شہری مارے گئے۔ ترجمان نے دو سرحدی محافظوں کی شہادت کا اعتراف کیا۔",
        {"6 civilians killed AF", "2 af killed AF"},
    ),
    # fighters and those tied to them
    ("ur", "آئی ایس پی آر کے مطابق طالبان اور ان سے وابستہ 38 جنگجو ہلاک ہوئے۔", {"38 militants killed PK"}),
    ("fa", "ارتش پاکستان گفت ۳۸ جنگجوی طالبان و وابستگان آنان از میان رفتند.", {"38 militants killed PK"}),
    # whose post it was, those men were killed
    (
        "ps",
        "د طالبانو د سرحدي لوا قوماندان ادعا وکړه چې د پاکستاني ملېشو یوه پوسته یې ونیوله او لس تنه یې ووژل.",
        {"1 posts captured AF", "10 pk killed AF"},
    ),
    # the dead do not speak
    ("ps", "د ننګرهار د روغتیا ریاست درې ملکي وژل شوي کسان ثبت کړل.", {"3 civilians killed AF"}),
    # what came first is told after "that"
    (
        "fa",
        "مقام‌های طالبان در کنر گفتند پنج کودک کشته شدند. این حمله‌ها پس از آن انجام شد که نه سرباز پاکستانی در کمین کشته شدند.",
        {"5 civilians killed AF"},
    ),
    # "on the other side" turns to the other's men
    (
        "ur",
        "ضلعی افسر نے بتایا کہ ایک پاکستانی اہلکار جاں بحق ہوا جبکہ دوسری طرف تین ہلاک اور چار زخمی ہوئے۔",
        {"1 pk killed PK", "3 af killed PK", "4 af injured PK"},
    ),
    # a statement set off at the end
    ("ur", "طورخم میں فائرنگ سے چار پاکستانی اہلکار شہید ہوئے، پاک فوج کا بیان۔", {"4 pk killed PK"}),
    # those counted do not speak, nor does the side something is laid to
    (
        "fa",
        "علی، سخنگوی والی کندهار، شمار زخمیان را بیش از هشتاد زن و کودک گفت.",
        {">80 civilians injured AF"},
    ),
    (
        "fa",
        "ارتش پاکستان حمله را از طالبان دانست و مدعی دفع آن با ۱۶ کشته از مهاجمان شد.",
        {"16 af killed PK"},
    ),
    ("fa", "وزارت دفاع طالبان اما تلفات خود را هشت کشته و یازده زخمی خواند.", {"8 af killed AF", "11 af injured AF"}),
    # sources of a medium of neither side
    ("fa", "منابع آگاه به هشت صبح گفتند سه نظامی پاکستانی کشته شدند.", {"3 pk killed other"}),
    # the speaker's own, by a clitic behind the noun
    ("ps", "د پاکستان پوځ ومنله چې یوولس کسان یې ټپیان دي.", {"11 pk injured PK"}),
    # whom an attack is said to be on
    (
        "ps",
        "چارواکي وايي یوه افغان وسله وال د چمن په دروازه پر پاکستاني سرتېرو ډزې وکړې، یو یې وواژه او دوه یې ټپیان کړل.",
        {"1 pk killed PK", "2 pk injured PK"},
    ),
    # a title and a name behind the last comma
    ("fa", "در دیشوی هلمند شانزده نظامی پاکستانی کشته شده است، اداره مطبوعاتی والی هلمند.", {"16 pk killed AF"}),
    ("ur", "چمن کے سول ہسپتال میں تین زخمی شہری لائے گئے، ڈاکٹر محمد سلیم۔", {"3 civilians injured PK"}),
    # a second toll goes with its own noun
    (
        "ur",
        "طالبان کے محکمہ صحت نے ہلاکتوں کی تعداد 15 اور زخمیوں کی 80 بتائی، سب شہری تھے۔",
        {"15 civilians killed AF", "80 civilians injured AF"},
    ),
    # to die of wounds is to die
    ("fa", "ارتش پاکستان گفت یک سرگرد پاکستانی در اثر جراحت درگذشت.", {"1 pk killed PK"}),
    # "another" is written with the word for "and"
    (
        "ur",
        "فوج نے ایک اور سپاہی کی شہادت اور پانچ کے زخمی ہونے کا اعلان کیا۔",
        {"1 pk killed PK", "5 pk injured PK"},
    ),
    # theirs who attacked
    ("ps", "د پاکستان پوځ وايي طالبانو برید کړی او ۱۵ تر ۲۰ پورې یې وژل شوي.", {"15-20 af killed PK"}),
    # its own nationals of whom it does not say that they were soldiers
    ("ur", "پاکستان کے دفتر خارجہ نے کہا کہ افغان فائرنگ سے پانچ پاکستانی جاں بحق ہوئے۔", {"5 civilians killed PK"}),
    # sources cited by a medium of neither side
    ("fa", "افغانستان اینترنشنال به نقل از منابع نوشت چهار طالب کشته شدند.", {"4 af killed other"}),
    # an office that is told by its place alone; who does it is marked, far from the verb
    (
        "ur",
        "ننگرہار کے محکمہ برقیات کے سربراہ قدرت نے ایک محافظ کی ہلاکت اور دو کے زخمی ہونے کی تصدیق کی۔",
        {"1 af killed AF", "2 af injured AF"},
    ),
    # a name, its title and a colon; of ours
    (
        "fa",
        "احمد خان، معاون سخنگوی طالبان: در عملیات دیشب ۹ نظامی پاکستان کشته شدند و از ما سه تن شهید شد.",
        {"9 pk killed AF", "3 af killed AF"},
    ),
    # words for the enemy's dead, after the enemy was named; who was caught with them
    (
        "ur",
        "فورسز نے باجوڑ میں خوارج کی تشکیل کو گھیر لیا، تین ہلاک اور ایک زندہ گرفتار ہوا، آئی ایس پی آر۔",
        {"3 militants killed PK", "1 militants captured PK"},
    ),
    # kin without a number
    ("fa", "سخنگوی والی ننگرهار گفت در فیر هاوان پاکستان دو کودک و مادرشان کشته شدند.", {"3 civilians killed AF"}),
    # a medium before a colon passes on what an army says
    ("fa", "خبرگزاری فارس: ارتش پاکستان از هلاکت ۵۴ تروریست خبر داد.", {"54 militants killed PK"}),
    # an unnamed source speaks to a medium of neither side
    ("ps", "د ولایت یوې سرچینې پژواک ته وویل چې پنځه پاکستاني ملېشې وژل شوې دي.", {"5 pk killed other"}),
    # lives taken, own men lost, theirs on the other side
    (
        "ps",
        "د کونړ روغتیایي مرکز وايي د توپ ګولو د یوې ښځې ژوند واخیست او درې ماشومان یې ټپیان کړل.",
        {"1 civilians killed AF", "3 civilians injured AF"},
    ),
    ("ps", "د پاکستان پوځ وايي په جګړه کې یې خپل یو سرتېری له لاسه ورکړ.", {"1 pk killed PK"}),
    (
        "ps",
        "د پاکستان پوځ وايي څلور سرتېري یې ټپیان او د مقابل لوري یو تن مړ دی.",
        {"4 pk injured PK", "1 af killed PK"},
    ),
    # whose attack it was does not speak
    (
        "ur",
        "پاک فوج نے دعویٰ کیا ہے کہ افغان طالبان کا حملہ ناکام بنایا گیا اور 37 طالبان ہلاک ہوئے، ایک اور بیان میں کہا گیا۔",
        {"37 af killed PK"},
    ),
    (
        "hi",
        "चमन में गोलाबारी में छह नागरिकों की मौत हुई, पाकिस्तानी सेना के मीडिया विंग ने कहा।",
        {"6 civilians killed PK"},
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
    # a part of the capital, a list of villages of which each is only known by the one before
    ("ur", "کابل کے امید ہسپتال پر پاکستانی بمباری سے چار مریض مارے گئے، طالبان نے کہا۔", {"kabul"}),
    (
        "ps",
        "طالبان وايي پاکستاني الوتکو د برمل په لمن او مرغه کې پر کورونو بمونه غورځولي او شپږ کسان یې وژلي.",
        {"barmal", "laman", "margha"},
    ),
    # a name that ends in a vowel, joined to the next word
    ("fa", "دو مرزبان پاکستانی در ارندوی چترال در حمله طالبان کشته شدند.", {"arandu", "chitral"}),
    # a word that is no town: "who did not give a name"
    (
        "ps",
        "په مومند کې د طالبانو په برید کې درې سرتېري ووژل شول، یوه چارواکي، چې نوم یې وانه خیست، وویل.",
        {"mohmand"},
    ),
    # what people of a capital saw, they saw there
    ("ps", "د کابل پولیس وايي، د پاکستاني ډرون په برید کې درې کسان وژل شوي دي.", {"kabul"}),
    ("hi", "डंड पाटन में पाकिस्तानी और अफगान सेना के बीच झड़प में दो सैनिक मारे गए।", {"dand-patan"}),
]


@pytest.mark.parametrize(("language", "text", "expected"), CLAIMS)
def test_what_is_claimed(language: str, text: str, expected: set[str]) -> None:
    assert claimed(language, text) == expected


@pytest.mark.parametrize(("language", "text", "expected"), PLACES)
def test_where_it_happened(language: str, text: str, expected: set[str]) -> None:
    assert {place.id for place in tag(TOPIC, read(TOPIC, "", text, language)).places} == expected


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fa", "ارتش پاکستان کشته شدن ده غیرنظامی را نپذیرفت."),
        ("ur", "پاک فوج نے دس شہریوں کی ہلاکت کو ماننے سے انکار کیا۔"),
    ],
)
def test_what_is_not_owned_up_to_is_denied(language: str, text: str) -> None:
    assert {claim.stance for claim in claims(language, text)} <= {"denied"}
