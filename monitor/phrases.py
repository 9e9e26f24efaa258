"""Moments, lengths of time, counts and languages in plain English."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

LANGUAGE_NAMES = {
    **{"ar": "Arabic", "bn": "Bengali", "en": "English", "fa": "Persian", "fr": "French", "hi": "Hindi"},
    **{"pa": "Punjabi", "ps": "Pashto", "ru": "Russian", "sd": "Sindhi", "tr": "Turkish", "ur": "Urdu", "uz": "Uzbek"},
}


def language_name(code: str) -> str:
    """The English name of a language, or its code where we have no name for it."""
    return LANGUAGE_NAMES.get(code, code)


def at(moment: datetime) -> str:
    """A moment as people write it: ``11 Oct 2025 06:00 UTC``."""
    moment = moment.astimezone(UTC)
    return f"{moment.day} {moment:%b %Y %H:%M} UTC"


def span(length: timedelta) -> str:
    """A length of time in the unit that suits it: ``40 minutes``, ``30 hours``, ``4 days``."""
    minutes = max(0, int(length.total_seconds() // 60))
    if minutes < 120:
        return many(minutes, "minute")
    return many(minutes // 60, "hour") if minutes < 2 * 1440 else many(minutes // 1440, "day")


def ago(length: timedelta) -> str:
    """How long ago: ``just now``, ``40 minutes ago``."""
    return f"{span(length)} ago" if length >= timedelta(minutes=1) else "just now"


def many(count: int, thing: str, things: str | None = None) -> str:
    """``1 source``, ``2,000 sources``; ``things`` is the plural where an s does not make it."""
    return f"{count:,} {thing if count == 1 else things or thing + 's'}"


def per_day(count: float) -> str:
    """A mean count without false precision: ``0.4``, ``12``."""
    return f"{count:,.0f}" if count >= 3 else f"{count:.1f}"


def some(names: list[str], most: int = 5) -> str:
    """``a, b and c``; of many names the first few: ``a, b and 7 more``."""
    shown, left = (names, 0) if len(names) <= most else (names[: most - 1], len(names) - most + 1)
    last = f"{left} more" if left else shown[-1]
    head = shown if left else shown[:-1]
    return f"{', '.join(head)} and {last}" if head else last
