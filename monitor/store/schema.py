"""The tables of the first migrations: stories, collection, search, polling, health. Never changed any more."""

STORIES = """
create table stories (
  pk integer primary key,
  id text not null unique,
  url text not null,
  canonical_url text not null unique,
  source text not null,
  title text not null,
  key_points text not null default '[]',      -- JSON list of sentences
  text text not null,
  summary text,
  byline text,
  language text not null,
  variant text,
  published_at text,                          -- ISO 8601 UTC; null when unknown
  published_precision text not null check (published_precision in ('minute', 'day', 'unknown')),
  fetched_at text not null,
  relevance real not null,
  relevant integer not null,
  event_type text not null,
  is_clash integer not null,
  evidence text not null default '[]',        -- JSON: why it was judged so
  duplicate_of text references stories(id),
  origin text,
  incident_id text references incidents(id),
  revision integer not null default 1,
  text_sha256 text not null,
  page_sha256 text,
  stored_at text not null
);
create index stories_published on stories(published_at);
create index stories_source on stories(source, published_at);
create index stories_text on stories(text_sha256);
create index stories_origin on stories(duplicate_of) where duplicate_of is not null;
create index stories_incident on stories(incident_id) where incident_id is not null;

create table keywords (
  pk integer primary key,
  keyword text not null,
  category text not null,
  unique (keyword, category)
);
create table story_keywords (
  story integer not null references stories(pk) on delete cascade,
  keyword integer not null references keywords(pk),
  count integer not null,
  primary key (story, keyword)
) without rowid;
create index story_keywords_keyword on story_keywords(keyword, story);

create table places (
  pk integer primary key,
  id text not null unique,
  name text not null,
  admin1 text,
  country text,
  lat real,
  lon real,
  geo_precision integer
);
create table story_places (
  story integer not null references stories(pk) on delete cascade,
  place integer not null references places(pk),
  rank integer not null,
  primary key (story, place)
) without rowid;
create index story_places_place on story_places(place, story);

create table story_actors (
  story integer not null references stories(pk) on delete cascade,
  actor text not null,
  rank integer not null,
  primary key (story, actor)
) without rowid;
create index story_actors_actor on story_actors(actor, story);

create table claims (
  pk integer primary key,
  story integer not null references stories(pk) on delete cascade,
  claimant text not null,
  speaker text,
  party text not null,
  outcome text not null,
  what text,
  count_low integer,
  count_high integer,
  qualifier text not null,
  stance text not null,
  quote text not null,
  start integer not null,
  end integer not null
);
create index claims_story on claims(story);

create table revisions (
  story integer not null references stories(pk) on delete cascade,
  revision integer not null,
  title text not null,
  text text not null,
  page_sha256 text,
  replaced_at text not null,
  primary key (story, revision)
) without rowid;

create table signatures (
  band integer not null,                      -- 64-bit key of one band of the MinHash signature
  story integer not null,                     -- stories.pk; a foreign key would need an index as large as this
  primary key (band, story)
) without rowid;
"""

COLLECTION = """
create table sources (
  id text primary key,
  name text not null,
  added_at text not null                      -- first run that knew it: explains a jump in volume
);
create table feeds (
  url text primary key,
  source text not null,
  etag text,
  last_modified text,
  body_sha256 text,
  fetched_at text,
  status integer,
  entries integer,
  problem text
);
create table pages (
  url text primary key,                       -- canonical form of the link
  fetch_url text not null,
  source text not null,
  spider text not null,
  state text not null
    check (state in ('listed', 'stored', 'duplicate', 'irrelevant', 'forbidden', 'failed', 'gone')),
  reason text,
  attempts integer not null default 0,
  story_id text references stories(id),
  title text,
  summary text,
  published_at text,
  published_precision text not null default 'unknown',
  listed_at text not null,
  settled_at text,
  next_at text                                -- when to try (again); null when settled
);
create index pages_due on pages(source, spider, next_at) where next_at is not null;
create table runs (
  id integer primary key,
  command text not null,
  started_at text not null,
  finished_at text,                           -- null: running, or killed
  outcome text not null default 'running',
  note text
);
create table run_sources (
  run integer not null references runs(id) on delete cascade,
  source text not null,
  listed integer not null default 0,
  fetched integer not null default 0,
  stored integer not null default 0,
  duplicate integer not null default 0,
  irrelevant integer not null default 0,
  failed integer not null default 0,
  reasons text not null default '{}',         -- JSON: reason of failure -> count
  primary key (run, source)
) without rowid;
"""

INCIDENTS = """
create table incidents (
  id text primary key,
  title text not null,
  event_type text not null,
  date_start text,
  date_end text,
  time_precision text not null default 'unknown',
  status text not null default 'developing',
  created_at text not null,
  updated_at text not null,
  forward_to text references incidents(id)    -- set when merged into another
);
create table alerts (
  id text primary key,
  rule text not null,
  incident_id text references incidents(id),
  dedupe_key text not null unique,            -- what it is about: the same thing is never alerted twice
  payload text not null,
  created_at text not null
);
"""

SEARCH = """
create virtual table story_search using fts5(
  title, key_points, text,
  content='', tokenize='unicode61 remove_diacritics 2', prefix='2 3'
);
create table settings (name text primary key, value text not null) without rowid;
"""

POLLING = """
-- How often a stored page was looked at again; next_at says when it is next.
-- Whether a feed's validators tell the truth, when it was last asked for without them, its rhythm, failures in a row,
-- and when it is due.
alter table pages add column rechecks integer not null default 0;
alter table feeds add column trusted integer not null default 1;
alter table feeds add column whole_at text;
alter table feeds add column interval_seconds integer not null default 900;
alter table feeds add column failures integer not null default 0;
alter table feeds add column next_at text;
create table robots (
  host text primary key,                      -- host and port
  body blob not null,
  fetched_at text not null
);
"""

HEALTH = """
-- What each source did, hour by hour (UTC, like 2025-10-12T06): what health is judged from.
create table source_hours (
  hour text not null,
  source text not null,
  reads integer not null default 0,           -- polls of feeds and other ways in that worked
  unread integer not null default 0,          -- polls that failed
  listed integer not null default 0,          -- new entries, over all ways in
  fetched integer not null default 0,
  unfetched integer not null default 0,       -- pages that could not be had
  extracted integer not null default 0,
  empty integer not null default 0,           -- pages without article text
  stored integer not null default 0,
  primary key (hour, source)
) without rowid;
-- The same for the languages of entries (by their titles) and stories.
create table language_hours (
  hour text not null,
  source text not null,
  language text not null,
  listed integer not null default 0,
  stored integer not null default 0,
  primary key (hour, source, language)
) without rowid;
-- When a source last listed something new.
create table source_news (source text primary key, listed_at text not null) without rowid;
-- How a feed or other way in fares: failures in a row, leaving out those that our own connection explains.
create table ways_in (
  url text primary key,
  source text not null,
  polled_at text not null,
  read_at text,
  failures integer not null default 0,
  problem text,
  entries integer
) without rowid;
-- Whether a listed page stands in source_hours already: also what a killed run listed is counted, by the next.
alter table pages add column counted integer not null default 0;
create index pages_uncounted on pages(source) where counted = 0;
-- How many sources a run polled, and how many of them it could not read.
alter table runs add column polled integer not null default 0;
alter table runs add column unread integer not null default 0;
alter table run_sources add column unfetched integer not null default 0;
alter table run_sources add column extracted integer not null default 0;
alter table run_sources add column empty integer not null default 0;
"""


EVENT_DATES = """
-- The days of the event that a story reports, as its text gives them; time_precision is day, range or unknown.
alter table stories add column event_date text;
alter table stories add column event_date_end text;
alter table stories add column time_precision text not null default 'unknown';
"""
