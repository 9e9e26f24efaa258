"""Tables on terminals of any width."""

from __future__ import annotations

import pytest
from rich.cells import cell_len
from rich.console import Console

from monitor.cli.output import write_rows

COLUMNS = ("id", "title", "last_report", "stories", "enabled")
ROWS = [
    {"id": "iabcdefg", "title": "Armed clash at two gates of the line, 11–12 October 2025", "stories": 12}
    | {"last_report": "2025-10-12 13:15", "enabled": True},
    {"id": "ihijklmn", "title": "سرحد پر جھڑپ", "stories": 1, "last_report": "2025-10-11 13:15", "enabled": False},
]


def shown(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], width: int) -> list[str]:
    monkeypatch.setattr("monitor.cli.output.stdout_console", lambda: Console(width=width))
    assert write_rows(ROWS, "table", COLUMNS) == 2
    return capsys.readouterr().out.splitlines()


def test_a_table_folds_words_and_breaks_no_id(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = shown(monkeypatch, capsys, 90)
    assert lines[0].split() == ["id", "title", "last", "report", "stories", "enabled"]
    assert (
        lines[1].startswith("iabcdefg  Armed clash at")
        and "2025-10-12 13:15" in lines[1]
        and max(map(cell_len, lines)) <= 90
    )


@pytest.mark.parametrize("width", [40, 60])
def test_what_is_too_wide_for_a_table_is_told_row_by_row_with_names(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], width: int
) -> None:
    lines = [line.rstrip() for line in shown(monkeypatch, capsys, width)]
    assert lines[0].startswith("iabcdefg  Armed clash at two")
    text = "\n".join(lines)
    for words in ("last report 2025-10-12 13:15", "stories 12", "enabled yes"):
        assert words in text, "on one line"
    assert "\nihijklmn  " in text and text.count("enabled") == 1, "what is empty is not named"
