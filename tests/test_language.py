"""Languages of sentences, headlines and mixed pages written for this test."""

import random
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.language import UNDETERMINED, Detected, detect_language

SENTENCES = {
    "en": """
Four guards were killed when mortar fire hit a post near the crossing late on Sunday, officials said.
Border crossing reopens after three days
Traders demand early reopening of the gate
Army says it destroyed two posts
TROOPS EXCHANGE FIRE ACROSS FRONTIER
Ceasefire talks end without agreement
Ministry denies any loss of life in overnight shelling
Thousands stranded as trucks queue for miles
The spokesman claimed on X that twenty soldiers had died, a figure the other side called false.
Gunmen attack check post, two hurt
Envoy arrives for talks on the truce
Families who fled the shelling have begun to return to their villages, elders told this newspaper.
Who fired first? Both sides tell a different story
Five wounded in drone strike, police say
Foreign Office summons ambassador over firing incident
""",
    "ur": """
سرحد پر فائرنگ کے تبادلے میں چار اہلکار زخمی ہو گئے، حکام نے بتایا۔
سرحدی گزرگاہ تین روز بعد کھول دی گئی
چیک پوسٹ پر حملہ، دو اہلکار زخمی
فورسز کی جوابی کارروائی، 5 شدت پسند ہلاک
مذاکرات بے نتیجہ ختم، جنگ بندی میں توسیع پر اتفاق نہ ہو سکا
دفتر خارجہ نے سفیر کو طلب کر لیا
ترجمان نے کہا ہے کہ گزشتہ رات کی کارروائی میں دشمن کی کئی چوکیاں تباہ کر دی گئیں۔
تاجروں کا گزرگاہ فوری کھولنے کا مطالبہ
وزیراعظم آج قوم سے خطاب کریں گے
سرحدپارسےفائرنگ، ایک شہری جاں بحق
ہزاروں ٹرک پھنس گئے، سبزیوں کی قیمتیں بڑھ گئیں
سيكيورٹى فورسز نے حملہ آوروں كو پسپا كر ديا اور كئى ہتھيار قبضے ميں لے ليے
زلزلے کے جھٹکے، لوگ گھروں سے باہر نکل آئے
بارشوں سے نظام زندگی مفلوج
کس نے پہلے گولی چلائی؟ دونوں ملکوں کے دعوے الگ الگ ہیں
""",
    "ps": """
په پوله باندې د ډزو په تبادله کې څلور سرتېري ټپیان شوي دي.
د پولې لاره درې ورځې وروسته بېرته خلاصه شوه
پر پوسته برید کې دوه کسان ووژل شول
د دفاع وزارت وايي، د دښمن دوه پوستې یې ویجاړې کړې
خبرې اترې بې پایلې پای ته ورسېدې
سوداګر د لارې د ژر پرانیستلو غوښتنه کوي
د باران له امله لسګونه کورونه ړنګ شول
د ګل په ورځ د مسلح کسانو په حمله کښې درې پوليس اهلکار شهيدان شول
حکومت د دې خبرې ترديد کړے دے اؤ وئيلي ئې دي چې څوک نۀ دي مړۀ شوي
نن شپه د هوا درجه راټيټيږي
پوهنتون نوي محصلین مني
وسله والو د پوليسو پر موټر بريد کړی
څوک لومړی ډزې وکړې؟ دواړه خواوې یو بل تورنوي
ویاند: د اوربند خبرې به دوام کوي
له کورونو تښتېدلې کورنۍ بېرته کلیو ته ستنیږي
""",
    "fa": """
در تبادل آتش در مرز چهار مرزبان زخمی شدند.
گذرگاه مرزی پس از سه روز باز شد
حمله به پاسگاه مرزی دو کشته بر جا گذاشت
وزارت دفاع می‌گوید دو پایگاه دشمن را ویران کرده است
مذاکرات بدون نتیجه پایان یافت
بازرگانان خواستار بازگشایی هرچه زودتر مرز شدند
رییس جمهور فردا به پایتخت بازمی گردد
وزارت دفاع ميگويد كه در اين درگيريها كسي كشته نشده است
سخنگوی دولت کشته شدن غیرنظامیان را رد کرد
باران شدید دهها خانه را ویران کرد
چه کسی نخست شلیک کرد؟ دو طرف روایت‌های متفاوت دارند
خانوادههایی که گریخته بودند به روستاهایشان باز میگردند
هواشناسی: دمای هوا کاهش می‌یابد
آتش‌بس ۴۸ ساعته از شامگاه چهارشنبه آغاز شد
بهای مواد غذایی در بازار دو برابر شد
""",
    "hi": """
सीमा पर गोलीबारी में चार जवान घायल हो गए, अधिकारियों ने बताया।
सीमा चौकी पर हमला, दो की मौत
तीन दिन बाद खुला रास्ता
विदेश मंत्रालय ने राजदूत को तलब किया
बातचीत बेनतीजा, युद्धविराम पर सहमति नहीं
सेना ने दो चौकियां तबाह करने का दावा किया
व्यापारियों ने जल्द रास्ता खोलने की मांग की
भारी बारिश से जनजीवन अस्त-व्यस्त
प्रवक्ता ने कहा कि पहली गोली दूसरी तरफ से चली थी।
हजारों ट्रक फंसे, सब्जियों के दाम बढ़े
ड्रोन हमले में पांच लोग जख्मी
गांव लौटने लगे लोग
किसने चलाई पहली गोली?
प्रधानमंत्री आज देश को संबोधित करेंगे
भूकंप के झटके महसूस किए गए
""",
    "ar": """
أصيب أربعة جنود في تبادل لإطلاق النار على الحدود، بحسب مسؤولين.
إعادة فتح المعبر الحدودي بعد ثلاثة أيام
مقتل شخصين في هجوم على نقطة تفتيش
وزارة الدفاع تعلن تدمير موقعين للعدو
انتهاء المحادثات دون اتفاق على تمديد الهدنة
التجار يطالبون بفتح الطريق سريعا
قال المتحدث إن الجيش لم يتكبد أي خسائر في القصف الليلي.
استدعاء السفير احتجاجا على إطلاق النار
أمطار غزيرة تدمر عشرات المنازل
من أطلق النار أولا؟ روايتان مختلفتان
العائلات النازحة تبدأ العودة إلى القرى
ارتفاع أسعار الخضار في الأسواق
الرئيس يلقي خطابا إلى الأمة اليوم
جرح خمسة أشخاص في غارة بطائرة مسيرة
زلزال يضرب المنطقة ولا أنباء عن ضحايا
""",
    "sd": """
سرحد تي فائرنگ ۾ چار اهلڪار زخمي ٿي پيا، عملدارن ٻڌايو.
ٽن ڏينهن کان پوءِ رستو کولي ڇڏيو ويو
چوڪي تي حملو، ٻه ماڻهو مارجي ويا
واپارين جلد رستو کولڻ جو مطالبو ڪيو آهي
ڳالهيون بي نتيجي ختم ٿي ويون
فوج جو چوڻ آهي ته دشمن جون ٻه چوڪيون تباهه ڪيون ويون
مينهن سبب ڪيترائي گهر ڊهي پيا
سفير کي طلب ڪري احتجاج رڪارڊ ڪرايو ويو
هزارين ٽرڪون ڦاسي ويون
ترجمان چيو ته جنگبندي برقرار رهندي
وڏو وزير اڄ ڪراچي پهچندو
ڀاڄين جا اگهه وڌي ويا
ڊرون حملي ۾ پنج ڄڻا زخمي
ماڻهو پنهنجن ڳوٺن ڏانهن موٽڻ لڳا آهن
پهرين گولي ڪنهن هلائي؟
""",
    "pa": """
ਸਰਹੱਦ ਉੱਤੇ ਗੋਲੀਬਾਰੀ ਵਿੱਚ ਚਾਰ ਜਵਾਨ ਜ਼ਖ਼ਮੀ ਹੋ ਗਏ।
ਤਿੰਨ ਦਿਨਾਂ ਬਾਅਦ ਲਾਂਘਾ ਖੁੱਲ੍ਹਿਆ
""",
}

DARI = """
در تبادل آتش در این ولسوالی چهار سرباز زخمی شدند.
قوماندان پولیس می‌گوید که دو پوسته سقوط کرده است
زخمیان به شفاخانه انتقال داده شدند
وزارت داخله این گزارش را رد نمود
باشندگان ساحه می‌گویند که فیر هاوان دوامدار بود
به تاریخ ۱۲ اکتوبر سه طفل در این قریه کشته شدند
"""

IRANIAN = """
در تبادل آتش در این شهرستان چهار سرباز زخمی شدند.
فرمانده پلیس می‌گوید دو پاسگاه سقوط کرده است
مجروحان به بیمارستان منتقل شدند
استاندار این گزارش را رد کرد
گذرگاه مرزی پس از سه روز باز شد
"""

LINES = [(language, line) for language, block in SENTENCES.items() for line in block.strip().splitlines()]


@pytest.mark.parametrize(("language", "line"), LINES)
def test_names_the_language_of_sentences_and_headlines(language: str, line: str) -> None:
    assert detect_language(line).language == language


@pytest.mark.parametrize("line", DARI.strip().splitlines())
def test_tells_dari_where_the_words_do(line: str) -> None:
    found = detect_language(line)
    assert (found.language, found.variant) == ("fa", "prs")


@pytest.mark.parametrize("line", IRANIAN.strip().splitlines())
def test_does_not_call_other_persian_dari(line: str) -> None:
    found = detect_language(line)
    assert (found.language, found.variant) == ("fa", None)


def test_a_declared_variant_counts_only_where_the_text_is_level() -> None:
    level, iranian = "گذرگاه مرزی پس از سه روز باز شد", "فرمانده پلیس می‌گوید دو پاسگاه سقوط کرده است"
    assert detect_language(level, "fa-AF").variant == "prs"
    assert detect_language(level, "prs").variant == "prs"
    assert detect_language(level, "fa").variant is None
    assert detect_language(iranian, "fa-AF").variant is None


# --- traps

URDU_TWEET = "سرحد پر فائرنگ کا سلسلہ رات بھر جاری رہا اور فورسز نے بھرپور جواب دیا، دو چوکیاں تباہ کر دی گئیں۔ " * 2
ENGLISH_STORY = (
    "The army said on Sunday that its posts along the frontier had come under fire for the third night. "
    "Officials in the district said that no one was hurt, but that the market stayed closed and that many families "
    "had left for safer places. A spokesman wrote on a social network: "
)
ENGLISH_END = " The ministry did not answer questions, and there was no word from the other side by the evening. " * 2


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (ENGLISH_STORY + URDU_TWEET + ENGLISH_END, "en"),
        (URDU_TWEET + ENGLISH_STORY + ENGLISH_END * 2, "en"),
        (URDU_TWEET * 3 + ENGLISH_STORY, "ur"),
        ("کمپنی Microsoft اور Google نے OpenAI کے ساتھ معاہدہ کر لیا", "ur"),
        ("PTI نے ECP کو خط لکھ دیا", "ur"),
        ("د Microsoft او Google شرکتونو له OpenAI سره تړون وکړ", "ps"),
        ("https://news.example/world/2025/10/12/a-long-address-in-english-words سرحد پر فائرنگ، دو زخمی", "ur"),
        ("12 اکتوبر 2025، 18:30 — سرحد پر فائرنگ، 23 زخمی (200+)", "ur"),
        ("۲۳ تن کشته و ۲۹ تن زخمی شدند؛ www.news.example/fa/12345", "fa"),
        ("BREAKING: Border post attacked, reports say, اللہ اکبر", "en"),
        # the letters of another keyboard
        ("افغانستان كي سرحد پر فائرنگ سے چار اہلكار زخمی ہو گئے ہيں", "ur"),
        ("وزير خارجه گفت كه اين گفتگوها ادامه مي يابد", "fa"),
        ("وزیر خارجہ گفت کہ این گفتگوہا ادامہ می یابد و باید بہ نتیجہ برسد", "fa"),
        ("پہ سرحد باندے ډزې شوې دي اؤ دوه کسان پکښې لګېدلي دي", "ps"),
        ("د حکومت ترجمان ويلي چه دوي به خبري کوي", "ps"),
        # presentation forms of an old type-setting system
        ("ﺳﺮﺣﺪ ﭘﺮ ﻓﺎﺋﺮﻧﮓ ﮐﮯ ﺗﺒﺎﺩﻟﮯ ﻣﯿﮟ ﭼﺎﺭ ﺍﮨﻠﮑﺎﺭ ﺯﺧﻤﯽ ﮨﻮ ﮔﺌﮯ", "ur"),
        # neighbours of the same script
        ("لە شەڕێکدا چوار سەرباز بریندار بوون و دوو کەس کوژران", "ckb"),
        ("چار بندے زخمی ہوئے نیں تے دو جنیاں نوں ہسپتال وچ داخل کیتا گیا اے", "pa"),
        ("四名士兵在边境交火中受伤，官员说", "zh"),
        ("国境での銃撃戦で兵士4人が負傷したと当局が発表した", "ja"),
        ("Bei einem Schusswechsel an der Grenze sind vier Soldaten verletzt worden", "de"),
        ("Quatre soldats ont été blessés dans un échange de tirs à la frontière", "fr"),
        ("На границе в перестрелке ранены четверо военных", "ru"),
    ],
)
def test_traps(text: str, language: str) -> None:
    assert detect_language(text).language == language


@pytest.mark.parametrize(
    "text", ["", " ", "12:30", "2025-10-12", "?!…", "😀😀", "Torkham", "OK", "https://news.example/x"]
)
def test_too_little_text_is_undetermined_whatever_is_declared(text: str) -> None:
    assert detect_language(text) == UNDETERMINED
    assert detect_language(text, "ur") == UNDETERMINED


@pytest.mark.parametrize(("language", "line"), LINES)
def test_a_false_declaration_does_not_mislead(language: str, line: str) -> None:
    for hint in ("en-US", "ur", "fa-IR", "ps_AF", "x", "", "🙂"):
        assert detect_language(line, hint).language == language


def test_a_declaration_breaks_a_tie() -> None:
    level = "اخبار جنگ"
    assert detect_language(level) == UNDETERMINED
    assert detect_language(level, "ur-PK").language == "ur"
    assert detect_language(level, "fas").language == "fa"


# --- the same answer each time

TEXTS = [line for _, line in LINES] + ["", "Torkham", URDU_TWEET + ENGLISH_STORY]


def test_the_answer_does_not_depend_on_order_or_thread() -> None:
    first = {text: detect_language(text) for text in TEXTS}
    shuffled = TEXTS * 3
    random.Random(4).shuffle(shuffled)
    with ThreadPoolExecutor(8) as pool:
        again = list(pool.map(detect_language, shuffled))
    assert again == [first[text] for text in shuffled]


@given(st.text(max_size=300), st.one_of(st.none(), st.text(max_size=8)))
def test_any_text_gets_an_answer(text: str, hint: str | None) -> None:
    found = detect_language(text, hint)
    assert isinstance(found, Detected)
    assert 0.0 <= found.confidence <= 1.0
    assert (found.language == "und") == (found.confidence == 0.0)
    assert found.variant is None or found.language == "fa"
    assert found == detect_language(text, hint)


@given(st.text(alphabet="ابپتټجچځڅدډذرړزژږسشښصعغفقکګلمنڼوهیېۍےںٹڑھہكيىة ۀئؤأ\u200c\u200d\u064e\u0654ٻڄ۾", max_size=80))
def test_any_letters_of_the_arabic_script_get_an_answer(text: str) -> None:
    assert 0.0 <= detect_language(text).confidence <= 1.0


@pytest.mark.parametrize(
    "piece", ["a", "ب ", "@", "a.", "w@", "http://", "A b ", " ", "ێ", "漢", "\u0301", "д д", "\x00"]
)
def test_a_megabyte_of_anything_is_quick(piece: str) -> None:
    text = (piece * (1_000_000 // len(piece) + 1))[:1_000_000]
    started = time.perf_counter()
    detect_language(text)
    assert time.perf_counter() - started < 1.0
