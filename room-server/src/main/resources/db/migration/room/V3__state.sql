-- The graph of a room as other servers make it too: events without a place, states that were resolved.

-- Why an event has no place in the history or in the current state: see Standings. An event without a place in the
-- history has no anchor. From now on every state event has its type here.
alter table event add column standing smallint;
alter table event alter column anchor drop not null;
alter table event alter column back drop not null;
-- In versions 1 and 2 other servers choose IDs: what one shard knows is no business of another.
alter table event drop constraint event_event_id_key;
create unique index event_id on event (event_id, shard);
drop index event_state;
create index event_state on event (shard, room, type, state_key, seq desc) where type is not null and standing is null;
-- The others that were ever sent for a place of the state: few, so it costs next to nothing.
create index event_state_aside on event (shard, room, type, state_key, seq desc)
    where type is not null and standing is not null;

-- A state is the set of its events' numbers. A state event's row tells the state after it: the state before (event.state)
-- with its own number and without the one that it replaces. A row here tells a state by what it differs from another by,
-- as a Roaring bitmap of the numbers that one of the two has.
create table state_difference (
    state   bigint  not null,
    base    bigint  not null,
    seq     bigint  not null,
    room    bigint  not null,
    shard   integer not null,
    level   integer not null,
    numbers bytea   not null,
    primary key (shard, state)
);

-- Where the current state changed by itself, at the number seq: what is at a place of it from then on.
create table state_change (
    seq        bigint  not null,
    room       bigint  not null,
    event      bigint,
    replaced   bigint,
    shard      integer not null,
    type       text collate "C" not null,
    state_key  text collate "C" not null,
    membership text,
    primary key (shard, seq, type, state_key)
);
create index state_change_place on state_change (shard, room, type, state_key, seq desc);

-- What the current state ever had at a place, from which number on.
create view state_history as
    select shard, room, type, state_key, seq, seq as event from event where type is not null and standing is null
    union all
    select shard, room, type, state_key, seq, event from state_change;

-- Where a room goes on, as of the number seq, if that is not its newest event and the state after it. Void once the room
-- has a newer event. extremities and resolved are Roaring bitmaps of numbers.
create table room_head (
    room        bigint  not null,
    seq         bigint  not null,
    state       bigint  not null,
    shard       integer not null,
    extremities bytea   not null,
    resolved    bytea   not null,
    primary key (shard, room)
);
