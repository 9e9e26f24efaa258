"""Claims where a sentence turns: to another speaker, another time, another day, one's own men; every text is invented."""

import pytest

from tests.claimed import claimed, claims

TURNS = [
    (
        "en",
        "The Taliban put Pakistan's loss at 40 soldiers killed and about 12 wounded, and their own at nine dead.",
        {"40 pk killed AF", "~12 pk injured AF", "9 af killed AF"},
    ),
    (
        "en",
        "Pakistan's army said the Taliban attacked at four places and that 15 to 20 of them were killed.",
        {"15-20 af killed PK"},
    ),
    ("en", "Shells killed at least 11 civilians, a Taliban official said.", {"≥11 civilians killed AF"}),
    (
        "en",
        "The Taliban spokesman said eight fighters were killed and 11 wounded.",
        {"8 af killed AF", "11 af injured AF"},
    ),
    (
        "en",
        "Pakistan's army said troops killed 41 militants on Saturday and 13 on Sunday.",
        {"41 militants killed PK", "13 militants killed PK"},
    ),
    (
        "en",
        "Pakistan's army said 14 militants were killed, taking the total to 47.",
        {"14 militants killed PK", "47 militants killed PK"},
    ),
    (
        "en",
        "The Taliban said eight civilians were killed. The raid followed an attack that left seven soldiers dead.",
        {"8 civilians killed AF"},
    ),
    (
        "en",
        "A gunman shot dead a Pakistani soldier at the gate, officials in Chaman said.",
        {"1 pk killed PK"},
    ),
    (
        "en",
        "Two Afghan soldiers and one civilian were killed and nine wounded, a provincial spokesman, N. Sahak, told AFP.",
        {"2 af killed AF", "1 civilians killed AF", "9 unknown injured AF"},
    ),
    (
        "en",
        "The TTP attacked a post. A spokesman for the group said his men had killed six soldiers.",
        {"6 pk killed other"},
    ),
    (
        "en",
        "Taliban officials admit six deaths and say they killed ten.",
        {"6 af killed AF", "10 pk killed AF"},
    ),
    (
        "en",
        "Doctors at the hospital in Wana received four bodies; residents of Angoor Adda said shells fell on a bazaar.",
        {"4 civilians killed PK"},
    ),
    (
        "en",
        "Pakistan's army put the number of militants killed on Sunday at 12, a figure called false by the Taliban "
        "spokesman, who said that three of his men were killed.",
        {"12 militants killed PK", "3 af killed AF"},
    ),
    (
        "en",
        "The spokesman for the governor of Khost disputed this and said two of his men were hurt and a third was killed.",
        {"2 af injured AF", "1 af killed AF"},
    ),
    (
        "en",
        "One Taliban fighter died and 13 other people were wounded, according to Afghan figures.",
        {"1 af killed AF", "13 unknown injured AF"},
    ),
    (
        "en",
        "After a suicide attack that killed 31 worshippers, Pakistan bombed Khost. The Taliban said nine men died.",
        {"9 civilians killed AF"},
    ),
    (
        "fa",
        "سخنگوی طالبان پیش‌تر از ۱۲ کشته و ۱۰۰ زخمی خبر داده بود.",
        {"12 unknown killed AF", "100 unknown injured AF"},
    ),
    ("fa", "سخنگوی طالبان گفت نُه تن از افراد خودی کشته شدند.", {"9 af killed AF"}),
    ("ur", "آئی ایس پی آر کے مطابق 30 طالبان اہلکار اور دہشت گرد ہلاک ہوئے۔", {"30 militants killed PK"}),
]


@pytest.mark.parametrize(("language", "text", "expected"), TURNS)
def test_a_sentence_turns(language: str, text: str, expected: set[str]) -> None:
    assert claimed(language, text) == expected


def test_a_headline_yields_to_what_the_text_says() -> None:
    text = "Pakistan's army said 60 to 70 militants were killed."
    assert claimed("en", text, "Up to 70 militants killed, army says") == {"60-70 militants killed PK"}


def test_a_claim_called_false_is_not_made_by_the_one_who_says_so() -> None:
    found = claims("en", "Kabul's assertion that 18 civilians died was false, Pakistan's army said.")
    assert ("pakistan", "claimed") not in {(claim.claimant, claim.stance) for claim in found}
    assert "claimed" in {claim.stance for claim in found if claim.claimant == "afghanistan"}
