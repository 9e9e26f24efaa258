"""The tables of incidents: our reading of many stories, its ledger, its history and what people decided."""

LINKING = """
-- What is asked of incidents, in columns (revision counts the real changes); the whole exported object, with the
-- ledger of claims, as JSON in record.
alter table incidents add column revision integer not null default 1;
alter table incidents add column lat real;
alter table incidents add column lon real;
alter table incidents add column geo_precision integer;
alter table incidents add column story_count integer not null default 0;
alter table incidents add column outlet_count integer not null default 0;
alter table incidents add column origin_count integer not null default 0;
alter table incidents add column fatalities_best integer;
alter table incidents add column fatalities_low integer;
alter table incidents add column fatalities_high integer;
alter table incidents add column first_reported_at text;
alter table incidents add column last_reported_at text;
alter table incidents add column record text not null default '{}';
create index incidents_dates on incidents(date_start, date_end) where forward_to is null;
create index incidents_reported on incidents(last_reported_at) where forward_to is null;

-- The places of an incident, those most stories name first; place is a row of places.
create table incident_places (
  incident text not null references incidents(id) on delete cascade,
  place integer not null references places(pk),
  rank integer not null,
  primary key (incident, place)
) without rowid;
create index incident_places_place on incident_places(place, incident);

-- Every real change of an incident, in the order it was found.
create table incident_changes (
  pk integer primary key,
  incident text not null references incidents(id),
  revision integer not null,
  kind text not null,                         -- new, merged, split, claim, denial, contradiction, confirmed, status …
  detail text not null default '{}',          -- JSON
  found_at text not null
);
create index incident_changes_incident on incident_changes(incident, pk);
create index incident_changes_found on incident_changes(found_at);

-- What people decided against our reading; applied whenever it is made anew.
create table decisions (
  pk integer primary key,
  kind text not null check (kind in ('merge', 'split', 'rename', 'move', 'reject')),
  incident text,                              -- the incident it is about
  detail text not null,                       -- JSON: other incident, stories, title, or the claim that is rejected
  decided_by text not null,
  reason text not null,
  decided_at text not null
);

-- Stories whose place among the incidents has to be found (again).
create table unlinked (story text primary key) without rowid;
create index claims_figure on claims(count_low, outcome);
create index stories_event on stories(event_date) where is_clash = 1;
create index stories_clash on stories(published_at) where is_clash = 1;
insert into unlinked select id from stories where is_clash = 1;
create trigger stories_clash_added after insert on stories when new.is_clash = 1
  begin insert or ignore into unlinked values (new.id); end;
create trigger stories_clash_read_anew
  after update of is_clash, event_date, event_date_end, title, text, event_type, revision on stories
  when new.is_clash = 1 or old.is_clash = 1
  begin insert or ignore into unlinked values (new.id); end;
"""

# A story that gives neither its day nor that of the event may give the weekday, or day and month.
PARTIAL_DATES = """
alter table stories add column partial_date text;
create index stories_undated on stories(pk) where is_clash = 1 and event_date is null and published_at is null;
insert or ignore into unlinked
  select id from stories where is_clash = 1 and event_date is null and published_at is null;
drop trigger stories_clash_read_anew;
create trigger stories_clash_read_anew
  after update of is_clash, event_date, event_date_end, partial_date, title, text, event_type, revision on stories
  when new.is_clash = 1 or old.is_clash = 1
  begin insert or ignore into unlinked values (new.id); end;
"""
