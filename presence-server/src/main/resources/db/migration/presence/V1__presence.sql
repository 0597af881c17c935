-- When users were last active and what they say of themselves; written minutes late, and read when a shard changes its owner.
create table presence (
    shard          integer not null,
    user_id        text    not null,
    last_active    bigint  not null,
    set_at         bigint  not null,
    status_message text,
    primary key (shard, user_id)
);
