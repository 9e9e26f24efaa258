"""What agencies append to any story of the region: it must not make a story about something else one about the border."""

BACKGROUND = {
    "en": (
        "Pakistan and Afghanistan share a 2,600 km border. Islamabad accuses the Taliban authorities of giving shelter to "
        "the TTP, which has killed hundreds of Pakistani soldiers and policemen; Kabul rejects this.",
        "Relations between the two neighbours have been tense since deadly border clashes in October, in which dozens were "
        "killed before Qatar and Turkey brokered a truce.",
        "Militant attacks have surged in Pakistan since the Taliban seized Kabul in 2021. Islamabad says fighters use Afghan "
        "soil to plan them, a charge the Taliban deny.",
    ),
    "ur": (
        "پاکستان کا الزام ہے کہ ٹی ٹی پی افغان سرزمین سے حملے کرتی ہے جبکہ کابل اس کی تردید کرتا ہے۔",
        "یاد رہے کہ اکتوبر میں پاکستان اور افغانستان کے درمیان سرحدی جھڑپوں میں درجنوں افراد ہلاک ہوئے تھے۔",
    ),
    "ps": ("پاکستان پر طالبانو تور لګوي چې ټي ټي پي ته پناه ورکوي، خو کابل دا تورونه ردوي.",),
    "fa": (
        "پاکستان طالبان را به پناه دادن به تی‌تی‌پی متهم می‌کند، اما کابل این اتهام را رد می‌کند.",
        "در ماه اکتبر درگیری‌های مرزی میان افغانستان و پاکستان ده‌ها کشته بر جا گذاشته بود.",
    ),
}
