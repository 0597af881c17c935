-- Which event an event edits (m.replace), so that what is read of an event can show its newest edit.
alter table event add column edits bytea;
create index event_edits on event (shard, edits, seq) where edits is not null;
