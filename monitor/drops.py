"""Why an item is dropped: one ``DropItem`` class a reason, so that Scrapy counts them by name."""

from __future__ import annotations

from scrapy.exceptions import DropItem, IgnoreRequest


class IrrelevantStory(DropItem):
    """The page or story is not about the topic."""


class DuplicateStory(DropItem):
    """The story is in the store already; ``story_id`` says which."""

    def __init__(self, message: str, story_id: str) -> None:
        super().__init__(message, log_level="DEBUG")
        self.story_id = story_id


class UnchangedStory(DropItem):
    """The page of a stored story was looked at again and says the same."""


class UnreadablePage(DropItem):
    """No story can be got out of the page."""


class RobotsForbidden(IgnoreRequest):
    """robots.txt forbids the page."""


class RobotsUnreachable(IgnoreRequest):
    """robots.txt could not be had: that means wait, not go."""
