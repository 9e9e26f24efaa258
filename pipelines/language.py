"""Stage 2: which language the story is in."""

from __future__ import annotations

from monitor.items import Story
from monitor.stages import identify_language


class LanguagePipeline:
    """Sets the language and variant of a story that came without a page."""

    def process_item(self, story: Story) -> Story:
        if not story.analysed:
            identify_language(story)
        return story
