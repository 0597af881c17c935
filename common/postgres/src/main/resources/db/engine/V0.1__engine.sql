-- What the engine keeps in every service's schema.

-- A row per living process; whoever has none owns nothing.
create table instance (
    id          uuid primary key,
    address     text        not null,
    lease_until timestamptz not null
) with (fillfactor = 50);

-- Who owns a shard, in which epoch, and how far it has come. Every commit begins with this row.
create table shard (
    id           integer primary key,
    epoch        bigint  not null default 0,
    owner        uuid,
    attempts     integer not null default 0,
    seq          bigint  not null default 0,
    published    bigint  not null default 0,
    topic_id     uuid    not null default '00000000-0000-0000-0000-000000000000',
    next_offset  bigint  not null default 0,
    leader_epoch integer not null default -1,
    incarnation  bigint  not null default 1
) with (fillfactor = 50);

-- What was committed, in order; the facts themselves are in the service's tables.
create table log (
    shard     integer  not null,
    seq       bigint   not null,
    kind      smallint not null,
    reference text,
    primary key (shard, seq)
);

-- Answers to commands, kept for a day. Their ids are made in the order of time, so old rows are one range.
create table command (
    id     uuid primary key,
    answer bytea not null
);

-- Answers to clients' transactions, kept for thirty days.
create table transaction (
    key    bytea primary key,
    answer bytea       not null,
    at     timestamptz not null default now()
);
create index transaction_at on transaction using brin (at);

-- Commands to other shards that have not been answered.
create table outbox (
    shard     integer not null,
    id        uuid    not null,
    topic     text    not null,
    partition integer not null,
    command   bytea   not null,
    primary key (shard, id)
);

-- Which database cluster the rows were written by: another one means that they were restored from a copy.
create table origin (
    system_identifier bigint  not null,
    timeline          integer not null
);
