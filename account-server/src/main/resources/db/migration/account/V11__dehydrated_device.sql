-- A user's dehydrated device; null where there is none any more. session: the number of its session.
create table dehydrated_device (
    shard     integer not null,
    user_id   text    not null,
    device_id text,
    data      bytea,
    session   bigint  not null,
    primary key (shard, user_id)
);
