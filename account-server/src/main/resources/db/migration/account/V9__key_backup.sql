-- A version of a user's backup of room keys. etag: counts the changes of its keys; keys, bytes: of those that are not deleted; cleared:
-- the number of the last fact that deleted all of them; swept: up to which number the rows of deleted keys are gone.
create table key_backup (
    shard     integer not null,
    user_id   text    not null,
    version   bigint  not null,
    algorithm text    not null,
    auth_data bytea   not null,
    deleted   boolean not null,
    etag      bigint  not null,
    keys      bigint  not null,
    bytes     bigint  not null,
    cleared   bigint  not null,
    swept     bigint  not null default 0,
    primary key (shard, user_id, version)
);
create index key_backup_unswept on key_backup (shard) where cleared > swept;

-- The keys of one room in a version. seq: of its last change; the other columns as above.
create table key_backup_room (
    shard   integer not null,
    user_id text    not null,
    version bigint  not null,
    room_id text    not null,
    keys    bigint  not null,
    bytes   bigint  not null,
    cleared bigint  not null,
    seq     bigint  not null,
    swept   bigint  not null default 0,
    primary key (shard, user_id, version, room_id)
);
create index key_backup_room_unswept on key_backup_room (shard) where cleared > swept;

-- A key. seq: of the fact that stored it; a key whose version or room was cleared at a higher number is deleted.
create table key_backup_key (
    shard               integer not null,
    user_id             text    not null,
    version             bigint  not null,
    room_id             text    not null,
    session_id          text    not null,
    first_message_index bigint  not null,
    forwarded_count     bigint  not null,
    is_verified         boolean not null,
    data                bytea   not null,
    seq                 bigint  not null,
    primary key (shard, user_id, version, room_id, session_id)
);
