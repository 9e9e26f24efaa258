"""Stage 2: which language the story is in."""

from __future__ import annotations

from monitor.items import Story
from monitor.stages import identify_language


class LanguagePipeline:
    """Sets the story's language and variant."""

    def process_item(self, story: Story) -> Story:
        identify_language(story)
        return story
