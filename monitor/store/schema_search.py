"""The search index made anew without prefix indexes: they cost a fifth of storing a story and helped few searches.

Later: its parts are merged sixteen at a time, not four, so that what a story adds is written half as often; a word is
then looked up in forty parts and not in ten, in 0.07 ms and not in 0.02.
"""

from __future__ import annotations

import json

from sqlite_utils import Database

from monitor.analysis.text import fold

# Vowel signs (Mn, Mc) are letters too: without them a Hindi word is cut at each, and finds all of the same consonants.
_INDEX = """
create virtual table story_search using fts5(
  title, key_points, text,
  content='', tokenize="unicode61 remove_diacritics 2 categories 'L* N* Co Mn Mc'"
)
"""

# Merging begins from so many parts of a size on, a little with each story; from so many on it is done at once.
MERGES = """
insert into story_search (story_search, rank) values ('automerge', 16);
insert into story_search (story_search, rank) values ('crisismerge', 64)
"""


def rebuild_search(db: Database) -> None:
    """Drop the index and fill a new one from the stories, folded as ``stories.search_row`` folds them."""
    db.conn.create_function("fold_text", 1, fold)
    db.conn.create_function("fold_points", 1, lambda points: fold("\n".join(json.loads(points))))
    db.execute("drop table story_search")
    db.execute(_INDEX)
    db.execute(
        "insert into story_search (rowid, title, key_points, text)"
        " select pk, fold_text(title), fold_points(key_points), fold_text(text) from stories order by pk"
    )
