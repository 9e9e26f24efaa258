"""Moments, lengths of time, counts and languages in plain English."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo

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


def quiet_sentence(clashes: int, since: datetime, now: datetime, unseen: str, zone: tzinfo | None = None) -> str:
    """One sentence on silence that can be trusted: how many new clashes since then, and what could not be seen.

    ``no new clash since 06:00; 5 of 97 sources silent (…), one language at 40% of its usual volume``. ``unseen`` is the
    sentence of ``monitor.health``. Times are told in ``zone`` (that of ``now`` when None).
    """
    count = many(clashes, "new clash", "new clashes") if clashes else "no new clash"
    blind = unseen.rstrip(".")
    return f"{count} since {_clock(now, since, zone)}; {blind[:1].lower()}{blind[1:]}"


def _clock(now: datetime, since: datetime, zone: tzinfo | None) -> str:
    """A time of today as ``06:00``, an earlier one with its date: a bare time would be taken for today's."""
    local, today = since.astimezone(zone or now.tzinfo), now.astimezone(zone or now.tzinfo).date()
    clock = f"{local:%H:%M}"
    return clock if local.date() == today else f"{local.day} {local:%b} {clock}"
