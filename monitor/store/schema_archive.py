"""The table of the archive: where in its files the page of a story stands."""

ARCHIVE = """
create table archive (
  page_sha256 text not null,                  -- of the page as it was fetched; stories and revisions have it too
  url text not null,
  fetched_at text not null,
  file text not null,                         -- a gzipped WARC file in the folder of the archive
  offset integer not null,                    -- where in it the page and what is said of it begin, in bytes
  length integer not null,                    -- bytes
  primary key (page_sha256, url)
) without rowid;
create index archive_file on archive(file, offset, length);
"""
