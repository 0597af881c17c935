-- Until when an event is sticky (msc4354_sticky), in milliseconds since 1970; null if it never was, or an owner of the release before kept it.
alter table event add column sticky_until bigint;

-- Of a large table the index is built while the server runs (StoredStickyEvents): this would stop all writers until it ended.
do $$
begin
    if (select count(*) from (select 1 from event limit 10000) as counted) < 10000 then
        create index event_sticky on event (shard, room, sticky_until) where sticky_until is not null;
    end if;
end
$$;
