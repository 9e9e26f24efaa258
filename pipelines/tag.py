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
        self.workspace = workspace

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> TagPipeline:
        return cls(Workspace.of(crawler))

    def process_item(self, story: Story) -> Story:
        if not story.analysed:
            tag_story(story, self.workspace.topic)
        return story
