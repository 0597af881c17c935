-- The keys of a device. uploaded: a JSON object; signer, signature: of the user's self-signing key, if it has signed them.
create table device_keys (
    shard     integer not null,
    user_id   text    not null,
    device_id text    not null,
    uploaded  bytea   not null,
    signer    text,
    signature text,
    seq       bigint  not null,
    primary key (shard, user_id, device_id)
);

-- A cross-signing key. usage: 'master', 'self_signing' or 'user_signing'; content: a JSON object with its signatures.
create table cross_signing_key (
    shard   integer not null,
    user_id text    not null,
    usage   text    not null,
    content bytea   not null,
    seq     bigint  not null,
    primary key (shard, user_id, usage)
);

-- The signature of a user on the master key of another. signer: the ID of the user-signing key.
create table master_key_signature (
    shard       integer not null,
    user_id     text    not null,
    signed_user text    not null,
    master_key  text    not null,
    signer      text    not null,
    signature   text    not null,
    seq         bigint  not null,
    primary key (shard, user_id, signed_user)
);

-- A one-time key that nobody has claimed. added: the number of the fact that stored it; content: JSON.
create table one_time_key (
    shard     integer not null,
    user_id   text    not null,
    device_id text    not null,
    algorithm text    not null,
    key_id    text    not null,
    content   bytea   not null,
    added     bigint  not null,
    primary key (shard, user_id, device_id, algorithm, key_id)
);

-- A key that is given to whoever claims one when there is no one-time key. used: whether it was.
create table fallback_key (
    shard     integer not null,
    user_id   text    not null,
    device_id text    not null,
    algorithm text    not null,
    key_id    text    not null,
    content   bytea   not null,
    used      boolean not null,
    seq       bigint  not null,
    primary key (shard, user_id, device_id, algorithm)
);

-- The newest changes of device lists.
create index log_device_lists on log (shard, seq) where kind in (20, 21);
