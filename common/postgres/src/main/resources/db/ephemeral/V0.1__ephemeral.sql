-- What the engine keeps in the schema of an ephemeral service: who owns what, and nothing of what they own.

-- A row per living process; whoever has none owns nothing.
create table instance (
    id          uuid primary key,
    address     text        not null,
    lease_until timestamptz not null,
    leaving     boolean     not null default false
) with (fillfactor = 50);

-- Who owns a shard, in which epoch. The rest is as in every service's table, so that claims are the same, and stays as it is.
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

-- Which database cluster the rows were written by: another one means that they were restored from a copy.
create table origin (
    system_identifier bigint  not null,
    timeline          integer not null
);
