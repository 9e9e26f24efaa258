"""The tables that answer questions: words, places and sources of the seeds; saved searches; what filters need."""

VOCABULARY = """
-- What the seeds call things, in every language: found by how it is written, folded as the search index is. Kept in
-- step with the files; settings has the row vocabulary that says with which.
create table vocabulary (
  kind text not null,                         -- keyword, place or actor
  id text not null,                           -- the keyword in its canonical form, or the id of the place or actor
  language text not null,                     -- of the form; empty for ids and canonical forms
  form text not null,
  folded text not null,                       -- its words, parted by single spaces
  primary key (folded, kind, id, language)
) without rowid;
create index vocabulary_id on vocabulary(kind, id);

-- Each place and everything it lies in, itself included: district, province, country.
create table place_within (
  place text not null,                        -- places.id
  within text not null,                       -- places.id
  primary key (within, place)
) without rowid;

-- What the declarations say of each source.
create table source_facts (
  source text primary key,
  name text not null,
  country text not null,
  affiliation text not null,
  speaks_for text
) without rowid;

-- Searches that were given a name.
create table searches (
  name text primary key,
  query text,                                 -- null: the filters alone
  options text not null default '{}',         -- JSON: the filters by the names of their options, and across
  created_at text not null
) without rowid;

-- What filters look at, without the texts between; when a story happened; and who claims.
create index stories_facets on stories(pk, published_at, fetched_at, language, source, is_clash, incident_id);
create index stories_when on stories(coalesce(published_at, fetched_at));
create index claims_claimant on claims(claimant, story);
"""
