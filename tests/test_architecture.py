"""Rules of the house that a reader of one file cannot see: imports, topic words, documentation of every command."""

import ast
import csv
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from monitor.cli import COMMANDS, cli
from monitor.config import Config
from tests.paths import ROOT

CODE = sorted(path for top in ("monitor", "spiders", "pipelines") for path in (ROOT / top).rglob("*.py"))
PURE = (
    "analysis",
    "feeds",
    "sitemaps",
    "urls",
    "dates",
    "language",
    "dedup",
    "sources",
    "health",
    "phrases",
    "items",
    "errors",
    "extract",
)


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


@pytest.mark.parametrize("path", CODE, ids=module)
def test_imports_go_one_way(path: Path) -> None:
    top, _, rest = module(path).partition(".")
    found = {name.split(".")[0] for name in imports(path)}
    deep = set(imports(path))
    if top in ("spiders", "pipelines"):
        assert not found & ({"spiders", "pipelines"} - {top}), "spiders and pipelines never import each other"
        return
    assert not found & {"spiders", "pipelines"}, "monitor names spiders and pipelines only as strings in settings"
    first = rest.split(".")[0]
    if first in PURE:
        assert not found & {"scrapy", "sqlite3", "sqlite_utils", "twisted"}, "analysis is pure"
        assert not any(name.startswith(("monitor.store", "monitor.cli", "monitor.alerts")) for name in deep)
    if first == "store":
        assert "scrapy" not in found
        assert not any(name.startswith(("monitor.cli", "monitor.crawl", "monitor.workspace")) for name in deep)
    if first not in ("cli", "web", "__main__"):
        assert not any(name.startswith("monitor.cli") for name in deep)


@pytest.mark.parametrize("path", [p for p in CODE if "store" not in p.parts], ids=module)
def test_sql_lives_in_the_store(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    texts = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    statement = re.compile(
        r"\A\s*(select|insert|update|delete|create|drop|alter|pragma)\s+\w.*(from|into|set|table|=)", re.I | re.S
    )
    assert not [text for text in texts if statement.match(text)]


# Names of countries, peoples and groups: no code word begins with one of these.
STEMS = (
    "afghan",
    "pakistan",
    "pashtun",
    "taliban",
    "durand",
    "islamabad",
    "rawalpindi",
    r"ispr\b",
    "tehreek",
    "khawarij",
)


def place_names() -> set[str]:
    """Every place name of the gazetteer in Latin letters, long enough to be no ordinary word."""
    with (ROOT / "seeds" / "gazetteer.csv").open(encoding="utf-8", newline="") as stream:
        names = {row["name"].lower() for row in csv.DictReader(stream)}
    return {name for name in names if len(name) > 4 and "(" not in name}


def test_no_topic_word_in_code() -> None:
    names = "|".join(map(re.escape, sorted(place_names())))
    pattern = re.compile(rf"\b(?:{'|'.join(STEMS)}|(?:{names})\b)", re.I)
    assert pattern.search("says Kabul"), "the gazetteer is read"
    found = []
    for path in CODE:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if hit := pattern.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {hit[0]}")
    assert not found


def all_commands(group: click.Group, prefix: str = "monitor") -> Iterator[tuple[str, click.Command]]:
    with click.Context(group) as context:
        for name in group.list_commands(context):
            command = group.get_command(context, name)
            assert command is not None
            yield f"{prefix} {name}", command
            if isinstance(command, click.Group):
                yield from all_commands(command, f"{prefix} {name}")


def documentation() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in [ROOT / "README.md", *ROOT.glob("docs/*.md")])


def test_every_command_and_option_is_documented() -> None:
    text = documentation()
    missing = [name for name, _ in all_commands(cli) if name not in text]
    assert not missing


def test_every_command_has_help_with_an_example() -> None:
    for name, command in all_commands(cli):
        assert command.help and "Example" in command.help, name
        for param in command.params:
            assert isinstance(param, click.Argument) or getattr(param, "help", None), f"{name} {param.name}"


def test_every_setting_is_documented() -> None:
    text = documentation()
    for setting in Config.settings():
        assert f"`{setting.metadata['key']}`" in text, setting.name
        assert setting.metadata["env"] in text, setting.name


def test_commands_listed_for_help_exist() -> None:
    with click.Context(cli) as context:
        assert [name for name in COMMANDS if cli.get_command(context, name) is None] == []
