-- Rooms that are gone, but for rows that are still to go. The row in table room went first: whatever is read of a room is
-- read by way of that.
create table purge (
    room    bigint  not null,
    seq     bigint  not null,
    shard   integer not null,
    room_id text collate "C" not null,
    primary key (shard, room)
);
create index purge_room on purge (shard, room_id);

-- By which the rows of a room are found, where no index did it; all of them are small.
create index state_difference_room on state_difference (shard, room);
create index forgotten_room on forgotten (shard, room_id);
create index log_of_room on log (shard, reference) where kind in (3, 6);

-- Redactions whose events still have their whole bodies, and since when (milliseconds since 1970, by this clock, since a
-- redaction says of its time what its sender likes).
create table unpruned (
    redaction bigint  not null,
    at        bigint  not null default extract(epoch from clock_timestamp()) * 1000,
    shard     integer not null,
    primary key (shard, redaction)
);
create index unpruned_at on unpruned (shard, at);
insert into unpruned (shard, redaction) select shard, seq from event where redacts is not null;
