"""Claims by phenomenon: numbers, outcomes, parties, speakers, what is no claim, and quotes; every sentence is invented."""

import pytest

from tests.claimed import claimed, claims

NUMBERS = [
    ("en", "Pakistan's army said 12 militants were killed.", {"12 militants killed PK"}),
    ("en", "Pakistan's army said twelve militants were killed.", {"12 militants killed PK"}),
    ("en", "Pakistan's army said at least 12 militants were killed.", {"≥12 militants killed PK"}),
    ("en", "Pakistan's army said more than a dozen militants were killed.", {">12 militants killed PK"}),
    ("en", "Pakistan's army said 15 to 20 militants were killed.", {"15-20 militants killed PK"}),
    ("en", "Pakistan's army said between 15 and 20 militants were killed.", {"15-20 militants killed PK"}),
    ("en", "Pakistan's army said around 30 militants were killed.", {"~30 militants killed PK"}),
    ("en", "Pakistan's army said up to 30 militants were killed.", {"≤30 militants killed PK"}),
    ("en", "Pakistan's army said a soldier was martyred.", {"1 pk killed PK"}),
    ("en", "The Afghan defence ministry said nine children and a woman were killed.", {"10 civilians killed AF"}),
    (
        "en",
        "Pakistan's army said 1,200 people were displaced.",
        {"1200 civilians displaced PK", "1200 unknown displaced PK"},
    ),
    ("ur", "آئی ایس پی آر کے مطابق کم از کم بارہ دہشت گرد ہلاک ہوئے۔", {"≥12 militants killed PK"}),
    ("ur", "آئی ایس پی آر کے مطابق 15 سے 20 دہشت گرد مارے گئے۔", {"15-20 militants killed PK"}),
    ("ur", "آئی ایس پی آر کے مطابق ۱۲ سے زائد دہشت گرد ہلاک ہوئے۔", {">12 militants killed PK"}),
    ("ps", "د پاکستان پوځ وايي لږ تر لږه دولس ترهګر وژل شوي دي.", {"≥12 militants killed PK"}),
    ("ps", "د افغانستان د دفاع وزارت وايي په برید کې ۱۲ ملکیان وژل شوي دي.", {"12 civilians killed AF"}),
    ("fa", "وزارت دفاع افغانستان گفت دست‌کم دوازده غیرنظامی کشته شدند.", {"≥12 civilians killed AF"}),
    ("fa", "وزارت دفاع افغانستان گفت ۱۵ تا ۲۰ سرباز پاکستانی کشته شدند.", {"15-20 pk killed AF"}),
    (
        "fa",
        "وزارت دفاع افغانستان گفت بیش از صد تن زخمی شدند.",
        {">100 unknown injured AF", ">100 civilians injured AF"},
    ),
    ("hi", "पाकिस्तानी सेना ने कहा कि 12 आतंकवादी मारे गए।", {"12 militants killed PK"}),
]

PARTIES = [
    # the noun, the country, the second number without a noun
    (
        "en",
        "Four Pakistani guards were killed and nine injured, Islamabad said.",
        {"4 pk killed PK", "9 pk injured PK"},
    ),
    ("en", "Kabul says its forces lost nine men.", {"9 af killed AF"}),
    ("en", "Kabul says nine of its soldiers were killed.", {"9 af killed AF"}),
    ("en", "Kabul says it killed nine enemy soldiers.", {"9 pk killed AF"}),
    ("en", "Pakistan says nine Pakistani and six Afghan troops were wounded.", {"9 pk injured PK", "6 af injured PK"}),
    (
        "en",
        "Kabul said two soldiers and a child were killed by Pakistani shelling.",
        {"2 af killed AF", "1 civilians killed AF"},
    ),
    ("en", "Pakistan's army said 15 khawarij were killed while crossing the border.", {"15 militants killed PK"}),
    ("en", "Pakistan's army said 15 Afghan Taliban were killed.", {"15 af killed PK"}),
    (
        "en",
        "Pakistan's army said seven soldiers were injured in the fighting and 40 terrorists.",
        {"7 pk injured PK", "40 militants injured PK"},
    ),
    ("ur", "کابل کا کہنا ہے کہ اس کے اپنے نو اہلکار ہلاک ہوئے۔", {"9 af killed AF"}),
    ("ur", "پاک فوج کے مطابق چار اہلکار شہید اور نو زخمی ہوئے۔", {"4 pk killed PK", "9 pk injured PK"}),
    ("ur", "پاک فوج کے مطابق 23 خوارج ہلاک ہوئے۔", {"23 militants killed PK"}),
    ("ps", "مجاهد وویل چې نهه مجاهدین شهیدان او شپاړس ټپیان شوي دي.", {"9 af killed AF", "16 af injured AF"}),
    ("ps", "مجاهد وویل چې ۵۸ پاکستاني پوځیان وژل شوي دي.", {"58 pk killed AF"}),
    ("fa", "ذبیح‌الله مجاهد گفت نُه تن از نیروهای خودی کشته شدند.", {"9 af killed AF"}),
    (
        "fa",
        "سخنگوی والی کنر گفت در حملات راکتی پاکستان دو کودک کشته و سه تن زخمی شدند.",
        {"2 civilians killed AF", "3 civilians injured AF"},
    ),
]

THINGS = [
    (
        "en",
        "Pakistan's army said 19 Afghan posts were captured and four tanks destroyed.",
        {"19 posts captured PK", "4 tanks destroyed PK"},
    ),
    ("en", "Kabul said 25 posts were seized.", {"25 posts captured AF"}),
    (
        "ur",
        "آئی ایس پی آر کے مطابق افغان طالبان کی 27 چوکیاں تباہ کر دی گئیں جبکہ نو پر قبضہ کر لیا گیا۔",
        {"27 posts destroyed PK", "9 posts captured PK"},
    ),
    ("fa", "وزارت دفاع افغانستان گفت دو تانک تخریب شد.", {"2 tanks destroyed AF"}),
    ("fa", "وزارت دفاع افغانستان گفت سه پوسته به دست نیروهای افغان افتاده است.", {"3 posts captured AF"}),
    ("fa", "وزارت دفاع افغانستان گفت نُه دکان در بازار ویران شد.", {"9 shops destroyed AF"}),
    ("ps", "د افغانستان د دفاع وزارت وايي درې پوستې ونیول شوې.", {"3 posts captured AF"}),
]

SPEAKERS = [
    ("en", "Three soldiers were killed, the Pakistani military said on Sunday.", {"3 pk killed PK"}),
    ("en", "According to the Afghan defence ministry, three civilians were killed.", {"3 civilians killed AF"}),
    ("en", "Three Pakistani soldiers were killed in the clash.", {"3 pk killed unknown"}),
    ("en", "Residents said three villagers were killed.", {"3 civilians killed other"}),
    (
        "en",
        "Afghan government spokesman Zabihullah Mujahid said 58 Pakistani soldiers were killed. He added that nine Afghan soldiers died.",
        {"58 pk killed AF", "9 af killed AF"},
    ),
    (
        "en",
        "Kabul said 58 Pakistani soldiers were killed. Islamabad said 23 of its soldiers died.",
        {"58 pk killed AF", "23 pk killed PK"},
    ),
    ("en", "A commander of the TTP said the group had killed seven Pakistani soldiers.", {"7 pk killed other"}),
    ("en", "The army put the figure at 23.", set()),
    (
        "en",
        "Residents said two villagers were injured. The governor of Kunar put the number at five.",
        {"2 civilians injured other", "5 civilians injured AF"},
    ),
    ("ur", "تین اہلکار شہید ہوئے، آئی ایس پی آر نے بتایا۔", {"3 pk killed PK"}),
    ("ur", "طالبان ترجمان نے دعویٰ کیا کہ 58 پاکستانی فوجی ہلاک ہوئے۔", {"58 pk killed AF"}),
    ("ps", "د پاکستان پوځ وويل چې درې سرتېري یې وژل شوي دي.", {"3 pk killed PK"}),
    ("fa", "به گفتهٔ سخنگوی والی کنر، سه غیرنظامی کشته شدند.", {"3 civilians killed AF"}),
]

NO_CLAIMS = [
    # parts of a total
    ("en", "Kabul says ten civilians, including four children, were killed.", {"10 civilians killed AF"}),
    ("en", "Kabul says ten civilians were killed, four of them children.", {"10 civilians killed AF"}),
    ("en", "Kabul says eight civilians — five women and three children — were killed.", {"8 civilians killed AF"}),
    ("ur", "کابل کا کہنا ہے کہ چار بچوں سمیت دس شہری ہلاک ہوئے۔", {"10 civilians killed AF"}),
    ("fa", "وزارت دفاع افغانستان گفت ده غیرنظامی از جمله چهار کودک کشته شدند.", {"10 civilians killed AF"}),
    ("ps", "د افغانستان د دفاع وزارت وايي لس ملکیان د څلورو ماشومانو په ګډون وژل شوي دي.", {"10 civilians killed AF"}),
    # a total of several kinds of people
    (
        "en",
        "The hospital in Peshawar said eight people were injured: six soldiers and two civilians.",
        {"8 unknown injured PK"},
    ),
    # those who come together for the dead
    ("en", "Thousands of people attended the funeral of those killed in the air strike in Urgun.", set()),
    ("ps", "زرګونو کسانو د هغو کسانو په جنازه کې ګډون وکړ چې پرون په هوايي بريد کې وژل شوي ول.", set()),
    ("fa", "صدها تن در تشییع جنازهٔ قربانیان که دیشب کشته شدند اشتراک کردند.", set()),
    (
        "en",
        "Kabul said dozens of civilians were killed when a strike hit a funeral.",
        {"~12 civilians killed AF"},
    ),
    # what is measured
    ("en", "Pakistan's army said a 28-year-old soldier was killed 15 kilometres from Chaman.", {"1 pk killed PK"}),
    ("en", "Pakistan's army said two soldiers were killed on 12 October at 4:30.", {"2 pk killed PK"}),
    ("en", "Trade worth 40 million dollars has been lost in 11 days and 30 percent of traders are hurt.", set()),
    # earlier events
    ("en", "Last month 46 people were killed in Pakistani air strikes.", set()),
    ("en", "More than 500 soldiers have been killed this year.", set()),
    ("en", "In 2021, an attack on a school killed 85 people.", set()),
    ("en", "It was in response to an attack in which seven soldiers were killed, Islamabad said.", set()),
    (
        "en",
        "Relations have soured over the TTP, a militant group that killed 11 Pakistani soldiers in an ambush.",
        set(),
    ),
    ("ur", "گزشتہ ماہ فضائی حملوں میں 46 افراد ہلاک ہوئے تھے۔", set()),
    ("fa", "در ماه گذشته ۴۶ تن در حملات هوایی کشته شده بودند.", set()),
    ("ps", "تېره میاشت په هوايي بریدونو کې ۴۶ کسان وژل شوي وو.", set()),
]


@pytest.mark.parametrize(("language", "text", "expected"), NUMBERS)
def test_numbers_with_their_qualifiers(language: str, text: str, expected: set[str]) -> None:
    found = claimed(language, text)
    assert found <= expected
    assert found


@pytest.mark.parametrize(("language", "text", "expected"), PARTIES)
def test_whose_losses_they_are(language: str, text: str, expected: set[str]) -> None:
    assert claimed(language, text) == expected


@pytest.mark.parametrize(("language", "text", "expected"), THINGS)
def test_things_lost(language: str, text: str, expected: set[str]) -> None:
    assert claimed(language, text) == expected


@pytest.mark.parametrize(("language", "text", "expected"), SPEAKERS)
def test_who_says_so(language: str, text: str, expected: set[str]) -> None:
    assert claimed(language, text) == expected


@pytest.mark.parametrize(("language", "text", "expected"), NO_CLAIMS)
def test_numbers_that_are_no_claims(language: str, text: str, expected: set[str]) -> None:
    assert claimed(language, text) == expected


def test_what_went_before_goes_on_within_its_paragraph() -> None:
    text = (
        "Kabul said two civilians were killed on Sunday.\n\n"
        "The group ended a truce in November 2022. A bombing at a mosque killed 80 people. Nine guards died in that attack."
    )
    assert claimed("en", text) == {"2 civilians killed AF"}


def test_losses_of_another_weekday_belong_to_another_event() -> None:
    text = (
        "Three Pakistani soldiers were killed in a clash on Sunday, Islamabad said.\n\n"
        "In a raid on Wednesday 11 Pakistani soldiers were killed, Islamabad said."
    )
    assert claimed("en", text) == {"3 pk killed PK"}


def test_shares_by_place_are_left_out_beside_their_sum() -> None:
    text = (
        "Four soldiers were killed, Pakistan's army said. "
        "Two soldiers were killed in one village while two soldiers were killed in the other, Pakistan's army said."
    )
    assert claimed("en", text) == {"4 pk killed PK"}


def test_the_same_figure_of_one_claimant_is_one_claim() -> None:
    found = claims(
        "en",
        "Pakistan's army said on Sunday that 12 militants were killed. The 12 militants were killed at night, it said.",
        "Army says 12 militants killed",
    )
    assert len(found) == 1
    assert (found[0].start, found[0].end, found[0].quote) == (-1, -1, "Army says 12 militants killed")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fa", "مجاهد گفت یک مقدار سلاح به غنیمت گرفته شد."),
        ("fa", "مجاهد گفت مقداری اسلحه به دست آمد."),
        ("ps", "مجاهد وویل چې په جګړه کې یو مقدار وسلې نیول شوي."),
        ("ps", "مجاهد وویل چې یو څه وسلې یې نیولي دي."),
        ("en", "Mujahid said not a single tank was destroyed."),
        ("ps", "يوه بې ځايه شوي کس وطن راډيو ته وويل، کور يې د هاوان مرمۍ وويجاړ کړ."),
        ("ps", "مجاهد وویل: «زموږ یو ټانک هم نه دی سوځېدلی.»"),
        ("fa", "مجاهد گفت که حتی یک تانک ما هم منهدم نشده است."),
        ("ur", "مجاہد نے کہا کہ ایک بھی ٹینک تباہ نہیں ہوا۔"),
        ("ur", "حکام نے کہا کہ متعدد افغان فوجی پوسٹیں چھوڑ کر فرار ہو گئے اور شہدا کی تعداد ابتدائی ہے۔"),
        ("ur", "حکام نے کہا کہ افغان فوجی پوسٹیں چھوڑ کر بھاگ گئے اور کئی ہلاک ہوئے۔"),
    ],
)
def test_what_is_not_counted_is_no_figure(language: str, text: str) -> None:
    assert claims(language, text) == []


def test_vague_words_are_told_from_figures() -> None:
    from monitor.analysis.claims import is_vague

    vague = claims("en", "Kabul said dozens of civilians were killed.")
    assert [(claim.count_low, claim.count_high, claim.qualifier, is_vague(claim)) for claim in vague] == [
        (12, None, "about", True)
    ]
    assert not any(is_vague(claim) for claim in claims("en", "Kabul said about 30 civilians were killed."))


def test_a_denial_is_a_claim_of_the_one_who_denies() -> None:
    found = claims("en", "Islamabad rejected Kabul's claim that 58 Pakistani soldiers were killed.")
    assert {(claim.claimant, claim.stance, claim.count_low) for claim in found} == {
        ("afghanistan", "claimed", 58),
        ("pakistan", "denied", 58),
    }


def test_what_somebody_said_called_false_is_denied() -> None:
    found = claims("ps", "مستغفر ګربز د پاکستاني چارواکو هغه خبره بې بنسټه وبلله چې شپږ ټانکونه یې ویجاړ کړي دي.")
    assert {(claim.claimant, claim.stance, claim.count_low, claim.what) for claim in found} == {
        ("pakistan", "claimed", 6, "tanks"),
        ("afghanistan", "denied", 6, "tanks"),
    }


def test_a_figure_of_the_title_is_his_who_gives_it_in_the_text() -> None:
    found = claims(
        "en",
        "Pakistani security officials said Tuesday's strikes in Paktika had killed 71 militants.",
        "Strikes in Paktika killed 71 militants, officials claim",
    )
    assert [(claim.claimant, claim.count_low, claim.start) for claim in found] == [("pakistan", 71, -1)]


def test_one_also_lost_is_one() -> None:
    assert claimed("ur", "مجاہد نے کہا کہ ایک افغان فوجی بھی ہلاک ہوا۔") == {"1 af killed AF"}


def test_losses_of_ones_own_are_confirmed() -> None:
    (claim,) = claims("en", "Pakistan's army admitted that 12 soldiers were killed.")
    assert claim.stance == "confirmed"


def test_speakers_are_words_of_the_text_and_quotes_its_sentences() -> None:
    text = "It was quiet at first. Three guards were killed, the Pakistani military said."
    (claim,) = claims("en", text)
    assert claim.speaker is not None
    assert claim.speaker in text
    assert claim.quote == text[claim.start : claim.end] == "Three guards were killed, the Pakistani military said."
