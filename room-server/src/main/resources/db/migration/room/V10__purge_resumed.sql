-- A purge is known from its beginning, and how far it is, so that it can be resumed.

-- Before the room is gone its users are made to leave. After that its rows go, step by step.
alter table purge add column gone boolean not null default true;
alter table purge add column step integer not null default 0;

-- Where a history ended the log said by nothing but its own number: what was superseded could not be found any more. From
-- now on it says the number of the room.
update log set reference = b.room
  from backward_extremity b
 where log.kind = 13 and b.shard = log.shard and b.seq = log.seq;
delete from log where kind = 13 and reference is null;

-- By which a purge finds what the log says of a room, of its events and of who has forgotten it; and whether one came to its
-- end.
drop index log_of_room;
create index log_of_room on log (shard, reference) where kind in (1, 2, 3, 6, 8, 20, 24) and reference is not null;
drop index log_of_history;
create index log_of_history on log (shard, split_part(reference, ':', 1)) where kind in (12, 13);
