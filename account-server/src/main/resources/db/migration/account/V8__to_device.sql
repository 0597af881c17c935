-- A to-device message that its device has not got yet. seq: of its fact, so rising for each device; sent_at: milliseconds since the epoch.
create table to_device (
    shard     integer not null,
    user_id   text    not null,
    device_id text    not null,
    seq       bigint  not null,
    sender    text    not null,
    type      text    not null,
    content   bytea   not null,
    sent_at   bigint  not null,
    primary key (shard, user_id, device_id, seq)
);
create index to_device_sent_at on to_device (sent_at);
