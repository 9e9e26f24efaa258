"""First readings: what was found in new texts before anybody had looked at what went wrong with them."""

from __future__ import annotations

import tomllib
from pathlib import Path

READINGS = Path(__file__).parent / "first_readings.toml"
_LANGUAGES = ("all", "en", "ur", "ps", "fa")


def first_readings(path: Path = READINGS) -> str:
    """A section of docs/accuracy.md on the first readings written down in ``path``."""
    lines = [
        "## New texts at first reading\n",
        "Texts written after the rules and measured once, before anybody had looked at what went wrong with them: "
        "precision / recall of claims about people. Most batches were written to be harder than the sets, with what had "
        "failed before in other words; `final` and `data` by somebody who did not know how stories are read. What they "
        "showed was mended afterwards (save `final`, the last), and the texts went into the set `claims`, "
        "where they do better now; these numbers are written down in `tests/eval/first_readings.toml`.\n",
        "| batch | texts | what | " + " | ".join(_LANGUAGES) + " |",
        "|---|---|---|" + "---|" * len(_LANGUAGES),
    ]
    read = tomllib.loads(path.read_text(encoding="utf-8"))
    for batch in read["batch"]:
        cells = " | ".join("{:.2f} / {:.2f}".format(*batch[name]) if name in batch else "–" for name in _LANGUAGES)
        lines.append(f"| {batch['name']}, {batch['on']} | {batch['texts']} | {batch['what']} | {cells} |")
    lines += [
        "\nStories at first reading, afterwards put into the set `relevance`; F1, places as precision / recall:\n",
        "| batch | texts | what | relevance | clash | places | days right, wrong, not given |",
        "|---|---|---|---|---|---|---|",
    ]
    for story in read["story"]:
        found = f"{story['relevance']:.2f} | {story['clash']:.2f} | {story['places'][0]:.2f} / {story['places'][1]:.2f}"
        days = ", ".join(map(str, story.get("days", "–")))
        lines.append(f"| {story['name']}, {story['on']} | {story['texts']} | {story['what']} | {found} | {days} |")
    return "\n".join(lines)
