-- Which events were ever sent for a place of the state, of those that event_state leaves out; few, so it costs next to
-- nothing.
create index event_state_beside on event (shard, room, type, state_key, seq)
    where type is not null and standing is not null;
