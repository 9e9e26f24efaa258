"""The tables of alerts: what goes to which channel, what keeps still, and the states that alerts tell the change of."""

ALERTS = """
-- alerts (since 0003) holds one row for each fact, rule being the first that asked for it; these are its ways out.
alter table alerts add column kind text not null default '';
alter table alerts add column severity text not null default 'warning';
create index alerts_incident on alerts(incident_id) where incident_id is not null;
create index alerts_created on alerts(created_at);
create table deliveries (
  pk integer primary key,
  alert text not null references alerts(id) on delete cascade,
  channel text not null,
  rule text not null,
  severity text not null,
  group_key text not null,                    -- what is told together: an incident, mostly
  group_wait integer not null default 0,      -- seconds
  group_interval integer not null default 0,  -- seconds
  muted_by text not null default '[]',        -- JSON: rules whose alerts at the same place keep this one still
  mute_seconds integer not null default 0,
  state text not null default 'waiting' check (state in ('waiting', 'sending', 'sent', 'dead', 'muted')),
  notification text,                          -- the message it went out with, or is going out with
  attempts integer not null default 0,
  found_at text not null,
  next_at text not null,
  sent_at text,
  reason text,                                -- why it was not sent, in words; never holds a secret
  unique (alert, channel)
);
create index deliveries_open on deliveries(channel, pk) where state in ('waiting', 'sending');
create index deliveries_sent on deliveries(channel, sent_at) where state = 'sent';
create index deliveries_group on deliveries(group_key, channel, sent_at) where state = 'sent';

-- What keeps alerts still until a time; an empty place, actor, incident or rule means any.
create table silences (
  id integer primary key,
  place text,
  actor text,
  incident text,
  rule text,
  until text not null,
  comment text not null default '',
  created_at text not null
);

-- Incidents that were one, or were taken for one: what was told of the one counts for the other. A split counts for
-- what was told before it, a merger for all.
create table alert_kin (
  incident text not null,
  other text not null,
  until text,
  primary key (incident, other)
) without rowid;

-- States whose change is told: of sources, languages, the crawl, crossings. told_at: when the last alert was made.
create table alert_states (
  subject text primary key,
  state text not null,
  since text not null,
  told_at text
) without rowid;

-- Up to which story (stories.pk) rules about single stories have looked; what was there before rules were is not told.
insert into settings (name, value) select 'alerts.story', coalesce(max(pk), 0) from stories;
"""
