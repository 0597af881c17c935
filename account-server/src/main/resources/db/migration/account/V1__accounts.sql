-- A user.
create table account (
    shard         integer not null,
    user_id       text    not null,
    password_hash text,
    admin         boolean not null,
    guest         boolean not null,
    deactivated   boolean not null,
    created_at    bigint  not null,
    primary key (shard, user_id)
);

-- A session; without a token it has ended. seq: its last change; session: the fact that began it.
create table device (
    shard        integer not null,
    user_id      text    not null,
    device_id    text    not null,
    display_name text,
    token_hash   bytea,
    session      bigint  not null,
    logged_in_at bigint  not null,
    seq          bigint  not null,
    primary key (shard, user_id, device_id)
);

-- A profile as of (incarnation, seq); fields: a JSON object.
create table profile (
    shard       integer not null,
    user_id     text    not null,
    fields      bytea   not null,
    deactivated boolean not null,
    incarnation bigint  not null,
    seq         bigint  not null,
    primary key (shard, user_id)
);

-- room: '' for global account data; content: null where it was deleted.
create table account_data (
    shard   integer not null,
    user_id text    not null,
    room    text    not null,
    type    text    not null,
    content bytea,
    seq     bigint  not null,
    primary key (shard, user_id, room, type)
);

-- filter_id: a hash of the body.
create table filter (
    shard     integer not null,
    user_id   text    not null,
    filter_id text    not null,
    body      bytea   not null,
    primary key (shard, user_id, filter_id)
);
