-- A user's dehydrated device; null where there is none any more.
create table dehydrated_device (
    shard     integer not null,
    user_id   text    not null,
    device_id text,
    data      bytea,
    primary key (shard, user_id)
);
