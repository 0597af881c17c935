-- What a user had set for a room has followed into the room that replaces it. It follows once.
-- room: the replacement.
create table inherited_room (
    shard    integer not null,
    user_id  text    not null,
    room     text    not null,
    replaced text    not null,
    primary key (shard, user_id, room)
);
