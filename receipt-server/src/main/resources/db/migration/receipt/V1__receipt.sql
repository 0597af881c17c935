-- How far each user has read in each room: a row for each type and thread ('' for none), overwritten when it moves.
-- (event_shard, event_incarnation, event_seq) is the event's place in room-server's log, seq the number of the fact here.
-- Wide columns first: no padding.
create table receipt (
    seq               bigint   not null,
    event_incarnation bigint   not null,
    event_seq         bigint   not null,
    read_at           bigint   not null,
    shard             integer  not null,
    event_shard       integer  not null,
    type              smallint not null,
    room_id           text collate "C" not null,
    user_id           text collate "C" not null,
    thread            text collate "C" not null,
    event_id          text collate "C" not null,
    primary key (shard, room_id, user_id, type, thread)
) with (fillfactor = 80);

-- The log names a fact by its number alone, since the log stays for ever and these rows do not grow.
create index receipt_seq on receipt (shard, seq);
