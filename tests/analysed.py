"""Every analysis of a story there is, on texts of a million characters: run as a process of its own, with a limit.

``python -m tests.analysed`` prints how many texts it went through.
"""

from __future__ import annotations

from datetime import UTC, datetime

from monitor.analysis.topic import Topic
from monitor.items import Story
from monitor.stages import assess, date_event, find_claims, first_line, identify_language, tag_story
from tests.paths import ROOT

LENGTH = 1_000_000
LEAD = (
    "Pakistani and Afghan Taliban forces clashed at Torkham on Sunday, killing 12 soldiers, Pakistan's army said.\n"
    "نیروهای افغان و پاکستانی در تورخم درگیر شدند. "
)
REPEATED = (
    "12 soldiers killed ",
    "12 soldiers killed, said the army. ",
    "12 soldiers were killed, five of them in Kurram, and 13 injured on 5 October 2025, the army said. ",
    "according to ",
    "including ",
    "said ",
    "yesterday ",
    "on Monday 5 October 2025 ",
    "Torkham, Chaman and Kurram ",
    "5 ",
    "—12— ",
    "(",
    "( ",
    "()",
    "a.b.",
    ". ",
    ",",
    "\n",
    "x",
    "\u0301",
    "\u200c",
    "ﷺ",
    "پنج سرباز کشته شدند ",
    "وزارت دفاع گفت پنج سرباز کشته شدند. ",
    "کے مطابق 5 اہلکار شہید ",
    "د پاکستان پوځ وايي ۱۲ کسان وژل شوي دي، ",
    "सेना ने कहा कि 12 आतंकवादी मारे गए। ",
)


def analyse(topic: Topic, title: str, text: str) -> Story:
    """The story of a title and a text after all stages of analysis."""
    now = datetime(2026, 1, 1, tzinfo=UTC)
    story = Story("", "", "test", title, text, now, published_at=now, published_precision="time")
    identify_language(story)
    assess(story, topic)
    date_event(story, UTC)
    tag_story(story, topic)
    find_claims(story, topic)
    return story


def main() -> None:
    """Analyse all of the texts, as they are and as the text of a clash, and each as a title too."""
    topic = Topic.load(ROOT / "seeds")
    for piece in REPEATED:
        for lead in ("", LEAD):
            text = (lead + piece * LENGTH)[:LENGTH]
            analyse(topic, first_line(text), text)
        analyse(topic, text, LEAD)
    print(len(REPEATED))


if __name__ == "__main__":
    main()
