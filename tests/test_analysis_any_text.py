"""No text makes the analysis fail, run for ever or grow with what no story has: beyond that it is not read."""

from __future__ import annotations

import subprocess
import sys

from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.analysis.reading import read
from tests.analysed import REPEATED, analyse
from tests.claimed import TOPIC
from tests.paths import ROOT


def test_a_million_characters_of_anything_are_analysed() -> None:
    """Each takes a fifth of a second; the limit for all stands for the 2 s that one may take, and more."""
    command = [sys.executable, "-m", "tests.analysed"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=2 * 3 * len(REPEATED), check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [str(len(REPEATED))]


def test_more_than_any_story_holds_is_not_read() -> None:
    for piece in REPEATED:
        sizes = {len(read(TOPIC, "", (piece * length)[:length], "en").matches) for length in (100_000, 200_000)}
        assert len(sizes) == 1, piece


@given(st.text(max_size=300), st.text(max_size=60))
@settings(max_examples=60, deadline=None)
def test_any_text_is_analysed(text: str, title: str) -> None:
    story = analyse(TOPIC, title, text)
    assert 0 <= story.relevance <= 1
    assert story.relevant or not story.is_clash
    assert all(claim.quote in (title, text[claim.start : claim.end]) for claim in story.claims)
