"""Secrets: put into the place of ``${NAME}`` from the environment or a tight file, and taken out of what is shown."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, quote_plus

from monitor.errors import ConfigError

_NAME = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_LINE = re.compile(r"(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)")
# Shorter values would be blotted out of plain words too.
_SHORTEST = 4


class MissingSecret(Exception):
    """A secret stands in no place where it is looked for; the message is its name."""


@dataclass(frozen=True)
class Secrets:
    """Where secrets are looked for: the environment first, then the file. Never shown."""

    environ: Mapping[str, str] = field(repr=False)
    filed: Mapping[str, str] = field(repr=False)

    def fill(self, text: str) -> str:
        """``text`` with every ``${NAME}`` replaced, quoted for a URL unless it is all of the text.

        Raises MissingSecret.
        """
        alone = _NAME.fullmatch(text)
        return self.get(alone[1]) if alone else _NAME.sub(lambda m: quote(self.get(m[1]), safe=""), text)

    def get(self, name: str) -> str:
        """The value of ``name``; raises MissingSecret."""
        value = self.environ.get(name) or self.filed.get(name)
        if not value:
            raise MissingSecret(name)
        return value


def names_in(text: str) -> list[str]:
    """The names of the secrets that ``text`` asks for."""
    return _NAME.findall(text)


def values_in(text: str, secrets: Secrets) -> list[str]:
    """The values of the secrets that ``text`` asks for, in every form in which they could show up."""
    values = [secrets.get(name) for name in names_in(text)]
    return [form for value in values for form in (value, quote(value, safe=""), quote_plus(value))]


def read_secrets(path: Path, environ: Mapping[str, str]) -> Secrets:
    """The secrets of the environment and of the file at ``path``, where there is one.

    Raises ConfigError when others may read the file, or a line is not ``NAME=value``.
    """
    if not path.exists():
        return Secrets(environ, {})
    check_tight(path)
    filed = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        match = _LINE.fullmatch(line.strip())
        if not match:
            raise ConfigError(f"{path}:{number}: is not a line like NAME=value")
        filed[match[1]] = match[2].strip().strip("\"'")
    return Secrets(environ, filed)


def check_tight(path: Path) -> None:
    """Raise ConfigError when others than its owner may read ``path``, or we may not."""
    if is_open(path):
        raise ConfigError(f"{path}: holds secrets but others may read it; run: chmod 600 {path}")
    if not os.access(path, os.R_OK):
        raise ConfigError(f"{path}: cannot be read by this user")


def is_open(path: Path) -> bool:
    """Whether others than its owner may read or write ``path``."""
    return bool(path.stat().st_mode & 0o077)


def scrubbed(text: str, values: Iterable[str]) -> str:
    """``text`` without any of the secret ``values``, and without the user part of any address."""
    for value in sorted(set(values), key=len, reverse=True):
        if len(value) >= _SHORTEST:
            text = text.replace(value, "***")
    return re.sub(r"(?<=://)[^/\s@]+@", "***@", text)
