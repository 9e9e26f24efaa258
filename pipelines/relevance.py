"""Stage 3: is the story about the topic, and what kind of event does it report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.drops import IrrelevantStory
from monitor.items import Story
from monitor.stages import assess, date_event
from monitor.workspace import Workspace

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class RelevancePipeline:
    """Sets relevance, event type, evidence and the day of the event; drops what is not about the topic."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RelevancePipeline:
        return cls(Workspace.of(crawler))

    def process_item(self, story: Story) -> Story:
        if not story.analysed:
            assess(story, self.workspace.topic)
            date_event(story, self.workspace.timezone_of(story.source))
        if not story.relevant and story.recheck is None:
            raise IrrelevantStory(f"relevance {story.relevance:.2f} is below the threshold")
        return story
