"""Stage 5: who claims what about whose losses, with the sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.items import Story
from monitor.stages import find_claims
from monitor.workspace import Workspace

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class ClaimsPipeline:
    """Sets the story's claims."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ClaimsPipeline:
        return cls(Workspace.of(crawler))

    def process_item(self, story: Story) -> Story:
        if not story.analysed:
            find_claims(story, self.workspace.topic)
        return story
