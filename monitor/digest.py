"""Stories, incidents and claims as Markdown to paste into a report; nothing of a text is taken for markup."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from monitor.figures import claim_in_words

_NO_ADDRESS = re.compile(r"[<>\s]")
_SIGNS = re.compile(r"([\\`*_{}\[\]<>#|~&])")


def plain(text: object) -> str:
    """``text`` on one line with the signs of Markdown and HTML escaped."""
    return _SIGNS.sub(r"\\\1", " ".join(str(text).split()))


def link(text: str, url: str) -> str:
    """A link; an address that is not one of the web is left as words."""
    if not url.startswith(("http://", "https://")):
        return plain(text)
    return f"[{plain(text)}](<{_NO_ADDRESS.sub('', url)}>)"


def story_lines(record: Mapping[str, Any]) -> Iterator[str]:
    """A story: headline, where and when, key points, claims."""
    published = (record["published_at"] or "date unknown")[:16].replace("T", " ")
    yield f"## {link(record['title'], record['url'])}"
    yield ""
    places = ", ".join(plain(place["name"]) for place in record["places"][:4])
    event = plain(record["event_type"].replace("_", " "))
    yield " · ".join(filter(None, (published, plain(record["source"]), record["language"], event, places)))
    yield ""
    for point in record["key_points"]:
        yield f"- {plain(point)}"
    for claim in record["claims"]:
        yield f"- {claim_text(claim)}"
    yield ""


def incident_lines(record: Mapping[str, Any]) -> Iterator[str]:
    """An incident: title, when and where, how well it is known, and each claim with who says it."""
    first, last = record["date_start"] or "day not known", record["date_end"]
    when = first if last in (None, first) else f"{first} to {last}"
    places = ", ".join(plain(place["name"]) for place in record["places"][:6])
    yield f"## {plain(record['title'])}"
    yield ""
    yield " · ".join(
        filter(None, (when, plain(record["event_type"].replace("_", " ")), places, plain(record["status"])))
    )
    yield ""
    yield f"{counts_text(record)}, in {', '.join(record['languages'])}. Incident {plain(record['id'])}."
    deaths = record["fatalities"]
    if deaths["best"] is not None:
        yield f"Deaths: {deaths['best']} (from {deaths['low']} to {deaths['high']})."
    yield ""
    for claim in record["claims"]:
        disputed = ", contradicted by " + ", ".join(claim["contradicted_by"]) if claim["contradicted_by"] else ""
        yield f"- {claim_text(claim)}{plain(disputed)}"
    yield ""


def counts_text(record: Mapping[str, Any]) -> str:
    """How many stories, outlets and independent origins an incident is known from."""
    counts = [
        (len(record["story_ids"]), "stor", "y", "ies"),
        (record["outlet_count"], "outlet", "", "s"),
        (record["origin_count"], "origin", "", "s"),
    ]
    return ", ".join(f"{count} {word}{one if count == 1 else many}" for count, word, one, many in counts)


def claim_text(claim: Mapping[str, Any]) -> str:
    """A claim as Markdown: who says what of whose losses in bold, and the sentence."""
    said, quote = claim_words(claim)
    return f"**{plain(said)}** — “{plain(quote)}”"


def claim_words(claim: Mapping[str, Any]) -> tuple[str, str]:
    """Who says what of whose losses, and the sentence, as they are."""
    return claim_in_words(claim), claim["quote"]
