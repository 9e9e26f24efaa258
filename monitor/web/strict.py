"""Datasette's own pages without inline styles and scripts, so that the strict Content-Security-Policy covers them too.

Their templates carry a few of both: colours, labels for small screens, a switch for the menu of columns, the editor of
SQL. They are taken out of the templates as these are loaded (never out of a finished page, where they could be
anybody's); ``static/app.css`` and ``static/app.js`` do what is still wanted of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import datasette
from jinja2 import BaseLoader, Environment

_DATASETTE = Path(datasette.__file__).resolve().parent
_STYLE = re.compile(r"<style\b.*?</style>", re.S)
_SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>.*?</script>", re.S)
_ATTRIBUTE = re.compile(r"""\sstyle="[^"]*"(?=[\s>/{])""")
# An attribute whose value holds a template's expression with quotes in it.
_WITH_QUOTES = re.compile(r"""\{% if query and query\.sql %\} style="height: .*?em"\{% endif %\}""")


class StrictLoader(BaseLoader):
    """Loads what ``loader`` loads; templates that are Datasette's own without inline styles and scripts."""

    def __init__(self, loader: BaseLoader) -> None:
        self._loader = loader

    def get_source(self, environment: Environment, template: str) -> tuple[str, str | None, Callable[[], bool] | None]:
        source, path, fresh = self._loader.get_source(environment, template)
        if path and Path(path).resolve().is_relative_to(_DATASETTE):
            source = without_inline(source)
        return source, path, fresh

    def list_templates(self) -> list[str]:
        return self._loader.list_templates()


def without_inline(source: str) -> str:
    """The source of a template without ``<style>``, without inline ``<script>`` and without style attributes."""
    source = _WITH_QUOTES.sub("", source)
    for pattern in (_STYLE, _SCRIPT, _ATTRIBUTE):
        source = pattern.sub("", source)
    return source
