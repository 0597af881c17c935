-- Redactions that come before what they redact.

-- The number of the redaction that was here before the event was, or had its place. What redacts an event that is there
-- already says so itself (event.redacts).
alter table event add column redacted_by bigint;
create index event_redacted_by on event (shard, redacted_by) where redacted_by is not null;

-- Redactions whose events were not known when they came, and whether their senders may redact the events of everybody or
-- only of their own server. Asked for events that are not known: once they are, the rows are of no use, but do no harm.
create table early_redaction (
    redaction bigint  not null,
    room      bigint  not null,
    seq       bigint  not null,
    shard     integer not null,
    has_power boolean not null,
    redacts   bytea   not null,
    primary key (shard, redaction)
);
create index early_redaction_redacts on early_redaction (shard, redacts);
create index early_redaction_seq on early_redaction (shard, seq);
create index early_redaction_room on early_redaction (shard, room);
