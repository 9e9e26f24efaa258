"""Claims in English, construction by construction: who did what to whom, and who says so; every sentence is invented."""

import pytest

from tests.claimed import claimed

SENTENCES: list[tuple[str, set[str]]] = [
    (
        "The Taliban said 12 Pakistani soldiers were killed and that they lost three men.",
        {"12 pk killed AF", "3 af killed AF"},
    ),
    (
        "The Taliban said they killed 12 Pakistani soldiers and lost three fighters.",
        {"12 pk killed AF", "3 af killed AF"},
    ),
    (
        "The Taliban said they had killed 12 soldiers for the loss of three of their own.",
        {"12 pk killed AF", "3 af killed AF"},
    ),
    (
        "Pakistan's military said it killed 30 Taliban fighters and lost two soldiers.",
        {"2 pk killed PK", "30 af killed PK"},
    ),
    (
        "Pakistan's military said 30 Taliban fighters were killed; two of its soldiers died.",
        {"2 pk killed PK", "30 af killed PK"},
    ),
    (
        "Pakistan's military said 30 Taliban fighters were killed, while two soldiers embraced martyrdom and five were injured.",
        {"2 pk killed PK", "30 af killed PK", "5 pk injured PK"},
    ),
    (
        "Pakistan says it killed 30 Taliban; Kabul admits nine dead.",
        {"30 af killed PK", "9 af killed AF"},
    ),
    (
        "Pakistan says it killed 30 Taliban; Kabul puts its dead at nine.",
        {"30 af killed PK", "9 af killed AF"},
    ),
    (
        "Pakistan says it killed 30 Taliban, Kabul that it lost nine.",
        {"30 af killed PK", "9 af killed AF"},
    ),
    (
        "ISPR said four soldiers were martyred while 17 khwarij were killed.",
        {"17 militants killed PK", "4 pk killed PK"},
    ),
    (
        "ISPR said troops killed 17 khwarij and that four soldiers were martyred in the exchange.",
        {"17 militants killed PK", "4 pk killed PK"},
    ),
    (
        "ISPR said troops engaged a group of khwarij near the border, killing 17. Four soldiers were martyred.",
        {"17 militants killed PK", "4 pk killed PK"},
    ),
    (
        "ISPR said khwarij attacked a post near the border and killed four soldiers. Seventeen attackers were killed in return.",
        {"17 militants killed PK", "4 pk killed PK"},
    ),
    (
        "ISPR said militants from Afghanistan attacked a post in Bajaur. Four soldiers were martyred and nine wounded. The attackers lost 17 men.",
        {"17 militants killed PK", "4 pk killed PK", "9 pk injured PK"},
    ),
    (
        "ISPR said militants from Afghanistan attacked a post in Bajaur. Seventeen of them were killed; the troops lost four.",
        {"17 militants killed PK", "4 pk killed PK"},
    ),
    (
        "The Afghan defence ministry said Pakistani troops crossed into Khost and five of them were killed.",
        {"5 pk killed AF"},
    ),
    (
        "The Afghan defence ministry said Pakistani troops fired on a post in Khost, killing three border guards.",
        {"3 af killed AF"},
    ),
    (
        "The Afghan defence ministry said its forces fired on a post in Kurram, killing three soldiers.",
        {"3 pk killed AF"},
    ),
    (
        "Pakistan's military said Afghan forces fired on a post in Kurram, killing three soldiers.",
        {"3 pk killed PK"},
    ),
    (
        "Pakistan's military said its forces fired on a post in Khost, killing three soldiers.",
        {"3 af killed PK"},
    ),
    (
        "Khost police said Pakistani shelling killed three policemen and wounded two.",
        {"2 af injured AF", "3 af killed AF"},
    ),
    (
        "Khost police said three policemen and two civilians were killed by Pakistani shells.",
        {"2 civilians killed AF", "3 af killed AF"},
    ),
    (
        "Officials in Kurram said Afghan shelling killed three policemen.",
        {"3 pk killed PK"},
    ),
    (
        "Police in Chaman said shelling from Spin Boldak killed one person and injured eleven.",
        {"1 civilians killed PK", "11 civilians injured PK"},
    ),
    (
        "Residents said a shell killed a woman and her two sons.",
        {"3 civilians killed other"},
    ),
    (
        "Residents said shells from across the border killed seven people, including two women.",
        {"7 civilians killed other"},
    ),
    (
        "A mortar shell from Afghanistan killed a soldier and two labourers in Kurram, officials said.",
        {"1 pk killed PK", "2 civilians killed PK"},
    ),
    (
        "Pakistani shells killed two women and a child in Kunar, the Taliban said; Pakistan's army spoke of three dead militants.",
        {"3 civilians killed AF", "3 militants killed PK"},
    ),
    (
        "The Taliban spokesman said 15 civilians were killed, Pakistani security sources said 20 fighters had died.",
        {"15 civilians killed AF", "20 af killed PK"},
    ),
    (
        "The TTP said it lost two men and killed nine soldiers.",
        {"2 militants killed other", "9 pk killed other"},
    ),
    (
        "TTP fighters killed nine soldiers in Dir, the group said; the army confirmed four deaths.",
        {"4 pk killed PK", "9 pk killed other"},
    ),
    (
        "Pakistan's army confirmed four deaths among its troops.",
        {"4 pk killed PK"},
    ),
    (
        "Pakistan's army acknowledged losing 23 soldiers.",
        {"23 pk killed PK"},
    ),
    (
        "Pakistan admits the loss of 23 soldiers but says 200 Taliban died.",
        {"200 af killed PK", "23 pk killed PK"},
    ),
    (
        "The Taliban admit to nine dead and 16 wounded.",
        {"16 af injured AF", "9 af killed AF"},
    ),
    (
        "The Taliban say nine of their men died, and claim to have killed 58 Pakistani soldiers and taken 25 posts.",
        {"58 pk killed AF", "9 af killed AF"},
    ),
    (
        "The Taliban put their own losses at nine killed and 16 wounded.",
        {"16 af injured AF", "9 af killed AF"},
    ),
    (
        "The Taliban's own losses were nine killed and 16 wounded, Zabihullah Mujahid said.",
        {"16 af injured AF", "9 af killed AF"},
    ),
    (
        "Pakistan put its losses at 23 killed and 29 wounded and those of the enemy at 200.",
        {"200 af killed PK", "23 pk killed PK", "29 pk injured PK"},
    ),
    (
        "Zabihullah Mujahid said the enemy lost 58 soldiers.",
        {"58 pk killed AF"},
    ),
    (
        "The ISPR said the enemy lost 200 men.",
        {"200 af killed PK"},
    ),
    (
        "Zabihullah Mujahid said 58 enemy soldiers were killed and 30 wounded.",
        {"30 pk injured AF", "58 pk killed AF"},
    ),
    (
        "Afghan forces seized three posts and captured five soldiers, the defence ministry in Kabul said.",
        {"3 posts captured AF", "5 pk captured AF"},
    ),
    (
        "The toll from Pakistani strikes on Khost has risen to 47, Afghan officials said.",
        {"47 civilians killed AF"},
    ),
    (
        "Officials in Khost raised the toll from the air strikes to 47.",
        {"47 civilians killed AF"},
    ),
    (
        "At least 47 people, most of them women and children, were killed, the Taliban said.",
        {"≥47 civilians killed AF"},
    ),
    (
        "Air strikes killed 47, the Taliban said; residents spoke of 60 dead.",
        {"47 civilians killed AF", "60 civilians killed other"},
    ),
    (
        "Two more soldiers died of their wounds on Sunday, taking the army's losses to six, the ISPR said.",
        {"2 pk killed PK", "6 pk killed PK"},
    ),
    (
        "Pakistan's foreign office said two soldiers had been martyred and six hurt by unprovoked fire from Afghanistan.",
        {"2 pk killed PK", "6 pk injured PK"},
    ),
    (
        "Two soldiers were martyred and six hurt when gunmen on the Afghan side opened fire on a post in Mohmand.",
        {"2 pk killed unknown", "6 pk injured unknown"},
    ),
    (
        "Afghan troops killed two Pakistani soldiers at Torkham on Monday.",
        {"2 pk killed unknown"},
    ),
    (
        "Gunmen killed two Levies men at a post near the Afghan border.",
        {"2 pk killed unknown"},
    ),
    (
        "A Pakistani drone killed four people in Kunar on Sunday, according to residents.",
        {"4 civilians killed other"},
    ),
    (
        "An Afghan soldier was killed by a sniper from the Pakistani side, the border police commander in Kandahar said.",
        {"1 af killed AF"},
    ),
    (
        "A soldier was killed and another injured by sniper fire from Afghanistan, security sources said.",
        {"1 pk injured PK", "1 pk killed PK"},
    ),
    (
        "Fire from Afghanistan killed one soldier and injured two, the ISPR said, and the post's defenders killed four of the attackers.",
        {"1 pk killed PK", "2 pk injured PK", "4 militants killed PK"},
    ),
    (
        "Afghan border guards shot and killed a Pakistani soldier at Chaman, and two of the guards died when fire was returned, officials on the Pakistani side said.",
        {"1 pk killed PK", "2 af killed PK"},
    ),
    (
        '"We killed six of them," a Taliban commander in Spin Boldak told AFP.',
        {"6 pk killed AF"},
    ),
    (
        '"Six of our men are dead," a Taliban commander in Spin Boldak told AFP.',
        {"6 af killed AF"},
    ),
    (
        "Three children from one family were killed in Khost's Spera district by a bomb dropped from a Pakistani drone, the governor's spokesman said.",
        {"3 civilians killed AF"},
    ),
    (
        "The Pakistani military said it had repulsed the attack and that 15 to 20 Afghan Taliban were killed and many wounded.",
        {"15-20 af killed PK"},
    ),
    (
        "In all, 70 people have died on both sides since Saturday, according to the UN.",
        {"70 unknown killed other"},
    ),
    (
        "Nine were killed on the Afghan side and 23 on the Pakistani side, officials of both countries said.",
        {"23 unknown killed unknown", "9 unknown killed unknown"},
    ),
    (
        "18 people, among them women and children, were killed in the raids, the Taliban said.",
        {"18 civilians killed AF"},
    ),
    (
        "Helicopters pounded the retreating militants near the Afghan border, leaving 12 dead, Pakistan's army said.",
        {"12 militants killed PK"},
    ),
    (
        "The army said it fought terrorists who had killed six soldiers in Bajaur.",
        {"6 pk killed PK"},
    ),
    (
        "Gul Bahadur's men attacked a convoy in Mir Ali and killed seven soldiers, a Pakistani army officer said.",
        {"7 pk killed PK"},
    ),
    ("Zabihullah Mujahid says the dead were 18 civilians.", {"18 civilians killed AF"}),
    ("Eleven men including a colonel and a major were martyred, the ISPR said.", {"11 pk killed PK"}),
]


@pytest.mark.parametrize(("text", "expected"), SENTENCES)
def test_an_english_construction(text: str, expected: set[str]) -> None:
    assert claimed("en", text) == expected
