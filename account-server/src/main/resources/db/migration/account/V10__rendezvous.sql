-- A place where two devices leave texts for each other; of no shard. protocol: whose it is; token: names its state; previous: that of
-- the state before; times: milliseconds since the epoch.
create table rendezvous (
    id          text   not null primary key,
    protocol    text   not null,
    data        text   not null,
    token       text   not null,
    previous    text,
    modified_at bigint not null,
    expires_at  bigint not null
);
create index rendezvous_expires_at on rendezvous (expires_at);
