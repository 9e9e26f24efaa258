"""The states that a source, a language or the crawl can be in."""

from __future__ import annotations

from typing import Literal

# sick: broken, somebody has to mend it; quiet: it answers, but gives much less than usual; new: not judged yet;
# healthy; off: switched off in its declaration. Worst first: the order in which people should look at them.
State = Literal["sick", "quiet", "new", "healthy", "off"]
STATES: tuple[State, ...] = ("sick", "quiet", "new", "healthy", "off")
