-- What room-server owns. Names are compared by code point; a room's number is the seq of its create event.

create table room (
    shard   integer not null,
    number  bigint  not null,
    room_id text collate "C" not null,
    version text    not null,
    primary key (shard, number),
    unique (shard, room_id)
);

-- Events, each once. What is in the body is not repeated, but for what is looked for: an event that is not state has no
-- type here. (anchor, back) is the place in the room's history: a live event stands at (seq, 0). Wide columns first: no
-- padding.
create table event (
    seq            bigint  not null,
    room           bigint  not null,
    anchor         bigint  not null,
    replaces       bigint,
    state          bigint,
    shard          integer not null,
    back           integer not null,
    event_id       bytea   not null,
    redacts        bytea,
    type           text collate "C",
    state_key      text collate "C",
    device         text,
    transaction_id text,
    body           bytea   not null,
    primary key (shard, seq),
    unique (event_id)
);
create unique index event_position on event (shard, room, anchor, back);
create index event_state on event (shard, room, type, state_key, seq desc) where type is not null;
create index event_redacts on event (shard, redacts, seq) where redacts is not null;

-- The newest member event of a user in a room.
create table membership (
    shard      integer not null,
    user_id    text collate "C" not null,
    room       bigint  not null,
    membership text    not null,
    seq        bigint  not null,
    primary key (shard, user_id, room)
);
create index membership_joined on membership (shard, room) where membership = 'join';

-- Who has forgotten a room: as long as they have no newer membership.
create table forgotten (
    shard   integer not null,
    user_id text collate "C" not null,
    room_id text collate "C" not null,
    seq     bigint  not null,
    primary key (shard, user_id, room_id)
);

-- Rooms that are, or once were, in the room directory.
create table directory (
    shard     integer not null,
    room_id   text collate "C" not null,
    published boolean not null,
    seq       bigint  not null,
    primary key (shard, room_id)
);
create index directory_published on directory (room_id) where published;

-- Aliases, and claims to them. Without a room: deleted.
create table alias (
    shard     integer not null,
    alias     text collate "C" not null,
    room_id   text collate "C",
    creator   text    not null,
    confirmed boolean not null,
    lapses    bigint  not null,
    seq       bigint  not null,
    primary key (shard, alias)
);
create index alias_room on alias (shard, room_id) where confirmed and room_id is not null;

-- The newest profile that a shard was told of.
create table user_profile (
    shard   integer not null,
    user_id text collate "C" not null,
    profile bytea   not null,
    seq     bigint  not null,
    primary key (shard, user_id)
);
