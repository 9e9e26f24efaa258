"""The script that most of a text is written in, and the words in it."""

from __future__ import annotations

import re
from collections import defaultdict

_SCAN = 20_000  # characters looked at: a page may open with a long quotation in another script
_READ = 1_000  # characters in the script found that are handed on

# Letters of each script, and its languages (of several, langdetect has profiles).
_SCRIPTS = {
    "latin": (
        "A-Za-zªº\u00c0-\u024f\u1e00-\u1eff",
        "af ca cs cy da de en es et fi fr hr hu id it lt lv nl no pl pt ro sk sl so sq sv sw tl tr vi",
    ),
    "arabic": (
        "\u0610-\u061a\u0620-\u065f\u066e-\u06d3\u06d5-\u06ef\u06fa-\u06ff\u0750-\u077f\ufb50-\ufefc",
        "ar fa ur",
    ),
    "devanagari": ("\u0900-\u0963\u0971-\u097f", "hi mr ne"),
    "cyrillic": ("\u0400-\u052f", "bg mk ru uk"),
    "gurmukhi": ("\u0a00-\u0a65\u0a70-\u0a7f", "pa"),
    "bengali": ("\u0980-\u09e5\u09f0-\u09ff", "bn"),
    "gujarati": ("\u0a80-\u0aff", "gu"),
    "tamil": ("\u0b80-\u0bff", "ta"),
    "telugu": ("\u0c00-\u0c7f", "te"),
    "kannada": ("\u0c80-\u0cff", "kn"),
    "malayalam": ("\u0d00-\u0d7f", "ml"),
    "sinhala": ("\u0d80-\u0dff", "si"),
    "thai": ("\u0e00-\u0e7f", "th"),
    "burmese": ("\u1000-\u109f", "my"),
    "georgian": ("\u10a0-\u10ff", "ka"),
    "armenian": ("\u0530-\u058f", "hy"),
    "ethiopic": ("\u1200-\u137f", "am"),
    "greek": ("\u0370-\u03ff\u1f00-\u1fff", "el"),
    "hebrew": ("\u0590-\u05ff", "he"),
    "hangul": ("\u1100-\u11ff\uac00-\ud7af", "ko"),
    "kana": ("\u3041-\u3096\u30a1-\u30fa", "ja"),
    "han": ("\u3400-\u4dbf\u4e00-\u9fff", "zh"),
}
LANGUAGES = {script: tuple(languages.split()) for script, (_, languages) in _SCRIPTS.items()}
_RUN = re.compile("|".join(f"(?P<{script}>[{letters}]+)" for script, (letters, _) in _SCRIPTS.items()))
_ADDRESS = re.compile(r"(?:https?://|www\.)\S{1,2000}|[\w.+-]{1,64}@[\w.-]{1,255}|[@#][A-Za-z0-9_]{1,64}")


def majority(text: str) -> tuple[str, list[str]]:
    """The script in the majority ("" for none) and its words, up to 1,000 characters, of a longer text from two places.

    Of more than 20,000 characters the beginning and the middle are looked at. Addresses do not count, and Latin names
    inside another script count little.
    """
    if len(text) > _SCAN:
        middle = len(text) // 2
        text = text[: _SCAN // 2] + " " + text[middle : middle + _SCAN // 2]
    runs: dict[str, list[str]] = defaultdict(list)
    for match in _RUN.finditer(_ADDRESS.sub(" ", text)):
        runs[match.lastgroup or ""].append(match[0])
    if not runs:
        return "", []
    weights = {script: sum(map(len, words)) for script, words in runs.items()}
    if 20 * weights.get("kana", 0) > weights.get("han", 0):  # Japanese is written with both
        weights["kana"] += weights.pop("han", 0)
    if len(weights) > 1 and "latin" in weights:
        # Names and abbreviations in Latin letters stand in stories of any script; running text is in small letters.
        weights["latin"] = sum(len(word) if word.islower() else len(word) // 3 for word in runs["latin"])
    script = max(weights, key=lambda name: (weights[name], name))
    return script, _sample(runs[script])


def _sample(words: list[str]) -> list[str]:
    """``words`` up to ``_READ`` characters: half from the beginning and, of a longer text, half from the middle."""
    if sum(map(len, words)) + len(words) <= _READ:
        return words
    chosen: list[str] = []
    for start in (0, len(words) // 2):
        size = 0
        for word in words[start:]:
            size += len(word) + 1
            if size > _READ // 2:
                break
            chosen.append(word)
    return chosen or [words[0][:_READ]]
