"""Stage 4: keywords, places, actors and key points."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.items import Story
from monitor.stages import tag_story
from monitor.workspace import Workspace

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class TagPipeline:
    """Sets keywords, places, actors and key points."""

    def __init__(self, workspace: Workspace) -> None:
        self.topic = workspace.topic

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> TagPipeline:
        return cls(Workspace.of(crawler))

    def process_item(self, story: Story) -> Story:
        tag_story(story, self.topic)
        return story
