"""Stage 6: the same story again is dropped, a text that repeats another is linked to it.

From here to the store nothing awaits: between the look-up and the insert no other story can slip in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.drops import DuplicateStory, UnchangedStory
from monitor.items import Story
from monitor.stages import credit_prints, is_unchanged, link_duplicate, trace_origin
from monitor.store import stories
from monitor.workspace import Workspace

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class DeduplicatePipeline:
    """Drops a story that is stored already; links near-duplicate text to the story it repeats.

    A stored story that is looked at again goes on only when it has changed.
    """

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> DeduplicatePipeline:
        return cls(Workspace.of(crawler))

    def process_item(self, story: Story) -> Story:
        if story.recheck is not None:
            if is_unchanged(story, self.workspace.conn):
                raise UnchangedStory("says the same as before")
            return story
        same = stories.find_same(self.workspace.conn, story)
        if same is not None:
            raise DuplicateStory(f"is story {same} again", same)
        link_duplicate(story, self.workspace.conn)
        trace_origin(story, self.workspace.conn, self.workspace.origins)
        credit_prints(story, self.workspace.conn, self.workspace.origins)
        return story
