"""The language of a text: script first, then letters and small words, and langdetect for what those leave open."""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from monitor.scripts import LANGUAGES, majority


@dataclass(frozen=True, slots=True)
class Detected:
    """A language code (``und``: too little to tell), its variant (``prs``: Dari) and how sure we are, 0 to 1."""

    language: str
    variant: str | None
    confidence: float


UNDETERMINED = Detected("und", None, 0.0)

_PROFILED = 400  # characters given to langdetect's profiles; more tell nothing new
_ENOUGH = 0.5  # a language less certain than this is not told
_HINT = 2.0  # nats for the declared language: less than one small word, for pages lie
_SURE = 4.0  # a lead of this many nats needs no second opinion

# How much likelier than the other languages of its script before anything is read, in nats: news comes in these.
_PRIOR = {"en": math.log(100), "hi": math.log(20), "ru": math.log(3)}
_ENGLISH = frozenset(
    """the of and that with was were from has have had said this which their would after been not but they who its about
    over says will for are is by at as""".split()
)
_CODES = {
    **{"eng": "en", "urd": "ur", "hin": "hi", "ara": "ar", "arb": "ar", "snd": "sd", "pan": "pa", "pnb": "pa"},
    **{"pus": "ps", "pbu": "ps", "pst": "ps", "pbt": "ps", "fas": "fa", "per": "fa", "pes": "fa", "prs": "fa"},
}


def detect_language(text: str, hint: str | None = None) -> Detected:
    """The language that most of ``text`` is written in.

    ``hint`` is a declared language (``<html lang>`` or the source's), in any usual spelling of its code: it tips the
    scales only where the text leaves them level. The script in the majority comes first, and at most 1,000 characters
    in it are read. Among the languages of the Arabic script letters and small words decide (``data/languages.toml``);
    langdetect (Shuyo 2010: character n-grams under naive Bayes) decides what those leave open, and other scripts.

    Nothing is trained on a corpus: the lists were written by hand and the few weights chosen on the even lines of
    NTREX-128; its odd lines judge (``tests/eval/test_language.py``). The answer depends on the text and the hint
    alone, and no string raises an error.
    """
    script, words = majority(text)
    if not script:
        return UNDETERMINED
    declared, declared_variant = _declared(hint)
    if script == "arabic":
        language, confidence = _most_likely(_arabic_scores(words), declared)
    elif len(LANGUAGES[script]) == 1:
        language, confidence = LANGUAGES[script][0], 1.0
    elif len(words) < 2:
        return UNDETERMINED  # a single word, often a name, is written alike in many languages
    elif script == "latin" and _is_english(words):
        language, confidence = "en", 0.99
    else:
        language, confidence = _most_likely(_profile_scores(script, words), declared)
    if confidence < _ENOUGH:
        return UNDETERMINED
    variant = _persian_variant(words, declared_variant) if language == "fa" else None
    return Detected(language, variant, round(confidence, 4))


def languages_of(texts: Sequence[str]) -> list[str]:
    """The code of each text's language, as ``detect_language`` tells it."""
    return [detect_language(text).language for text in texts]


def _declared(hint: str | None) -> tuple[str | None, str | None]:
    """Language and variant of a declared code such as ``ur-PK``, ``prs`` or ``fa_AF``."""
    parts = re.split(r"[-_]", (hint or "").strip().lower())
    variant = "prs" if parts[0] == "prs" or parts[:2] == ["fa", "af"] else None
    return _CODES.get(parts[0], parts[0]) or None, variant


def _is_english(words: list[str]) -> bool:
    """Whether small English words are so many, and so different, that no other language can be meant."""
    small = [word for word in words if word in _ENGLISH]
    return len(small) * 6 >= len(words) and len(set(small)) >= 4


def _most_likely(scores: dict[str, float], declared: str | None) -> tuple[str, float]:
    """The language with the highest of ``scores`` (log-likelihoods) and its share of the whole likelihood."""
    if declared in scores:
        scores[declared] += _HINT
    best = max(scores, key=lambda name: (scores[name], name))
    return best, 1 / sum(math.exp(max(score - scores[best], -50.0)) for score in scores.values())


# --- the Arabic script: letters and small words


class _Knowledge(NamedTuple):
    """``languages.toml`` made ready; the tuples run in the order of ``languages``."""

    languages: tuple[str, ...]
    tables: tuple[dict[str, Any], ...]
    letters: tuple[frozenset[str], ...]
    twins: tuple[frozenset[str], ...]
    starts: tuple[tuple[str, ...], ...]
    ends: tuple[tuple[str, ...], ...]
    words: dict[str, dict[int, float]]
    variants: dict[str, frozenset[str]]


_WEIGHTS = {"weak": 1.5, "words": 3.0, "sole": 5.0}
_AFFIX, _FOREIGN, _TWIN = 1.0, -4.0, -0.5
_MARKS = frozenset("ـ\u0670\u200c\u200d") | {chr(c) for c in (*range(0x610, 0x61B), *range(0x64B, 0x660))}
_FOLD = str.maketrans(
    {**dict(zip("يىكہۀۂةۃګؤ", "ییکههههه" + "گو", strict=True)), **dict.fromkeys(_MARKS, ""), "\u0654": ""}
)


@lru_cache(maxsize=1)
def _knowledge() -> _Knowledge:
    import tomllib  # read late, like the file: commands that only query do not wait for either
    from importlib import resources

    data = tomllib.loads((resources.files("monitor") / "data" / "languages.toml").read_text(encoding="utf-8"))
    tables: dict[str, dict[str, Any]] = data["languages"]
    words: dict[str, dict[int, float]] = defaultdict(dict)
    for index, table in enumerate(tables.values()):
        for field, weight in _WEIGHTS.items():
            for word in _folded(table.get(field, "")):
                words[word][index] = weight
    return _Knowledge(
        languages=tuple(tables),
        tables=tuple(tables.values()),
        letters=tuple(frozenset(data["common"] + table["letters"]) for table in tables.values()),
        twins=tuple(frozenset(table["twins"]) for table in tables.values()),
        starts=tuple(tuple(_folded(table["starts"])) for table in tables.values()),
        ends=tuple(tuple(_folded(table["ends"])) for table in tables.values()),
        words=dict(words),
        variants={name: frozenset(_folded(listed)) for name, listed in data["variants"].items()},
    )


def _folded(listed: str) -> list[str]:
    return listed.translate(_FOLD).split()


@lru_cache(maxsize=20_000)
def _evidence(word: str) -> tuple[float, ...]:
    """What ``word`` says for (positive) or against each language of ``_knowledge()``, in nats."""
    known = _knowledge()
    folded = word.translate(_FOLD)
    listed = known.words.get(folded, {})
    letters = set(word) - _MARKS
    scores = []
    for index, table in enumerate(known.tables):
        strange = letters - known.letters[index]
        if strange:
            score = listed.get(index, 0.0) + (_TWIN if strange <= known.twins[index] else _FOREIGN)
        elif index in listed:
            score = listed[index]
        elif not listed and len(folded) > 4:
            affixes = folded.startswith(known.starts[index]) + folded.endswith(known.ends[index])
            score = _AFFIX * affixes or float(table["miss"])
        else:
            score = 0.0
        scores.append(score)
    return tuple(scores)


def _arabic_scores(words: list[str]) -> dict[str, float]:
    """Log-likelihoods of the languages of the Arabic script; langdetect is asked only where the lead is small."""
    known = _knowledge()
    if max(map(max, words)) >= "\ufb50":  # presentation forms, as old systems store them
        words = [unicodedata.normalize("NFKC", word) for word in words]
    sums = map(sum, zip(*map(_evidence, words), strict=True))
    scores = {
        name: float(table["prior"]) + total
        for name, table, total in zip(known.languages, known.tables, sums, strict=True)
    }
    second, best = sorted(scores.values())[-2:]
    if best - second < _SURE:
        profiles = _profile_scores("arabic", words)
        for name, table in zip(known.languages, known.tables, strict=True):
            scores[name] += profiles[table["profile"]] if table["profile"] else max(profiles.values())
    return scores


def _persian_variant(words: list[str], declared: str | None) -> str | None:
    """``prs`` where Dari words outweigh those of Iranian Persian; what is declared where the text is level."""
    dari, weak, iran = (_knowledge().variants[name] for name in ("dari", "weak", "iran"))
    folded = {word.translate(_FOLD) for word in words}
    lead = len(folded & dari) + len(folded & weak) / 2 - len(folded & iran)
    if lead >= 1:
        return "prs"
    return declared if lead >= 0 else None


# --- langdetect

_TEMPER = 0.4  # n-grams of one, two and three letters overlap: together they tell less than their sum
_ALPHA = 0.5 / 10_000  # langdetect's own smoothing
_FLOOR = _TEMPER * math.log(_ALPHA)


@lru_cache(maxsize=len(LANGUAGES))
def _factory(script: str) -> Any:
    """A langdetect factory with the profiles of one script: reading them is slow, so only when first needed."""
    from langdetect.detector_factory import PROFILES_DIRECTORY, DetectorFactory
    from langdetect.utils.lang_profile import LangProfile

    factory = DetectorFactory()
    languages = LANGUAGES[script]
    for index, language in enumerate(languages):
        profile = json.loads((Path(PROFILES_DIRECTORY) / language).read_text(encoding="utf-8"))
        factory.add_profile(LangProfile(**profile), index, len(languages))
    return factory


@lru_cache(maxsize=20_000)
def _gram(script: str, gram: str) -> Any:
    import numpy as np  # read late: commands that only query do not wait for it

    shares = _factory(script).word_lang_prob_map[gram]
    return np.array([_TEMPER * math.log(_ALPHA + share) if share else _FLOOR for share in shares])


def _profile_scores(script: str, words: list[str]) -> dict[str, float]:
    """Log-likelihoods of the languages of ``script`` under langdetect's profiles.

    langdetect draws n-grams by chance until it feels certain, which differs from run to run and, of a short text,
    counts the same few n-grams again and again. Here every n-gram that it finds counts once, over all of them: the same
    model, the same answer each time, and fewer errors in headlines.
    """
    text = " ".join(words)[:_PROFILED]
    if text.isupper():
        text = text.lower()  # langdetect passes over words in capitals
    elif script == "arabic":
        text = _retype(text)
    detector = _factory(script).create()
    detector.text = text
    grams = [_gram(script, gram) for gram in detector._extract_ngrams()]
    sums = sum(grams[1:], grams[0]).tolist() if grams else [0.0] * len(LANGUAGES[script])
    scores = dict(zip(LANGUAGES[script], sums, strict=True))
    for name, prior in _PRIOR.items():
        if name in scores:
            scores[name] += prior
    if script == "latin":
        scores["en"] += 1.5 * sum(word.lower() in _ENGLISH for word in words[:60])
    return scores


_URDU_KEYS, _PERSIAN_KEYS = str.maketrans("يىكه", "ییکہ"), str.maketrans("يىك", "ییک")


def _retype(text: str) -> str:
    """``text`` as the keyboard of its language would have written it, where some letter rules Arabic out."""
    letters = set(text)
    if letters & set("ٹڈڑںے"):
        return text.translate(_URDU_KEYS)
    return text.translate(_PERSIAN_KEYS) if letters & set("پچژگ") else text
