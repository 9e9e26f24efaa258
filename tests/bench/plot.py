"""Lines over sizes, as an SVG picture drawn by hand: panels side by side, sizes on a logarithmic scale."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_WIDTH, _HEIGHT, _GAP, _LEFT, _TOP, _BOTTOM = 250, 190, 34, 52, 44, 60
_COLOURS = ("#1f5fa8", "#b3541e", "#3d7d3a")


@dataclass(frozen=True)
class Series:
    """A line: its name, sizes, and a value for each."""

    name: str
    sizes: Sequence[int]
    values: Sequence[float]


@dataclass(frozen=True)
class Panel:
    """A field with lines that share a scale, which begins at zero."""

    title: str
    series: Sequence[Series]


def draw(panels: Sequence[Panel], below: str, about: str) -> str:
    """The picture; ``below`` names the sizes, ``about`` stands in it as a description for those who cannot see it."""
    width = len(panels) * (_LEFT + _WIDTH + _GAP)
    height = _TOP + _HEIGHT + _BOTTOM
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        ' font-family="sans-serif" font-size="11" role="img">',
        f"<desc>{escape(about)}</desc>",
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
    ]
    for number, panel in enumerate(panels):
        parts += _panel(panel, number * (_LEFT + _WIDTH + _GAP) + _LEFT, below)
    return "\n".join([*parts, "</svg>"]) + "\n"


def _panel(panel: Panel, left: int, below: str) -> list[str]:
    sizes = sorted({size for series in panel.series for size in series.sizes})
    top = _nice(max(value for series in panel.series for value in series.values))
    low, span = math.log10(sizes[0]), math.log10(sizes[-1]) - math.log10(sizes[0]) or 1.0
    bottom = _TOP + _HEIGHT

    def x(size: int) -> float:
        return round(left + (math.log10(size) - low) / span * _WIDTH, 1)

    def y(value: float) -> float:
        return round(bottom - value / top * _HEIGHT, 1)

    parts = [_text(left, 18, panel.title, "start", bold=True)]
    for step in range(5):
        value = top * step / 4
        parts.append(f'<path d="M{left} {y(value)}h{_WIDTH}" stroke="#d9d9d9" fill="none"/>')
        parts.append(_text(left - 6, y(value) + 4, f"{value:g}", "end"))
    parts += [_text(x(size), bottom + 16, _short(size), "middle") for size in sizes]
    parts.append(_text(left + _WIDTH / 2, bottom + 34, below, "middle"))
    for number, series in enumerate(panel.series):
        colour = _COLOURS[number % len(_COLOURS)]
        points = [(x(size), y(value)) for size, value in zip(series.sizes, series.values, strict=True)]
        path = " ".join(f"{'L' if at else 'M'}{a} {b}" for at, (a, b) in enumerate(points))
        parts.append(f'<path d="{path}" stroke="{colour}" stroke-width="2" fill="none"/>')
        parts += [f'<circle cx="{a}" cy="{b}" r="3" fill="{colour}"/>' for a, b in points]
        if len(panel.series) > 1:
            parts.append(_text(left + number * 150, 34, f"● {series.name}", "start", colour))
    return parts


def _text(x: float, y: float, text: str, anchor: str, colour: str = "#222222", *, bold: bool = False) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}" fill="{colour}"{weight}>{escape(text)}</text>'


def _short(size: int) -> str:
    return f"{size // 1_000_000}M" if size >= 1_000_000 else f"{size // 1000}k" if size >= 1000 else str(size)


def _nice(value: float) -> float:
    """The smallest of 1, 2, 4, 6, 8 times a power of ten that is no less than ``value``."""
    unit = 10 ** math.floor(math.log10(value)) if value > 0 else 1.0
    return next(step * unit for step in (1, 2, 4, 6, 8, 10) if step * unit >= value)
