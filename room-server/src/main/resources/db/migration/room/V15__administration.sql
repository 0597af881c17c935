-- Purges of rooms' histories, blocks and shutdowns of rooms by administrators.

-- The newest purge of a room's history. What comes before the place (anchor, back) is shown to nobody; it is deleted slice by
-- slice, of which (after_anchor, after_back) is the last place that was looked at. The messages of the users of a server may be
-- kept.
create table history_purge (
    room         bigint  not null,
    seq          bigint  not null,
    anchor       bigint  not null,
    after_anchor bigint  not null,
    shard        integer not null,
    back         integer not null,
    after_back   integer not null,
    step         integer not null,
    complete     boolean not null,
    kept         text,
    primary key (shard, room)
);
create index history_purge_unfinished on history_purge (shard) where not complete;

-- Rooms that nobody of this server may join or be invited to, by whom they were blocked. They need not be known here.
create table blocked_room (
    shard      integer not null,
    room_id    text collate "C" not null,
    blocked_by text    not null,
    seq        bigint  not null,
    primary key (shard, room_id)
);

-- The newest shutdown of a room: what became of it and its members (CBOR of RoomShutdown).
create table shutdown (
    shard   integer not null,
    room_id text collate "C" not null,
    seq     bigint  not null,
    details bytea   not null,
    primary key (shard, room_id)
);
