-- Where the current state was replaced as a whole, at the number seq, by the state of that name: of what was at its places
-- before nothing counts any more. What has changed since is in state_history, as ever.
create table state_replacement (
    seq   bigint  not null,
    room  bigint  not null,
    state bigint  not null,
    shard integer not null,
    primary key (shard, seq)
);
create index state_replacement_room on state_replacement (shard, room, seq desc);
