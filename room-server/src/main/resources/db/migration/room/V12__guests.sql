-- Whether the user is in the room as a guest: their join says so (kind).
alter table membership add column guest boolean not null default false;
create index membership_guest on membership (shard, room, user_id) where guest;
