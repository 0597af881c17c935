-- Which event an event relates to (m.relates_to), for bundled aggregations, /relations and /threads.

-- What follows is read from the body, by functions that the indexes use: so it holds for events that were here before, and
-- for those that a process of the release before writes. Both only find candidates: who reads them parses the relation.

-- The event that an event relates to; null for none. If there are two m.relates_to, the second counts, since m.new_content,
-- which may have one of its own, comes first in canonical JSON. Members before event_id must be no objects. encode() makes
-- ASCII of any bytes, so that no body is refused; the length is limited because an index's rows are.
create function related_to(body bytea) returns text immutable parallel safe language sql as $$
    select case
        when position('"m.relates_to":{'::bytea in body) = 0 then null
        else substring(
            encode(
                substring(
                    case when position('"m.relates_to":{'::bytea in substring(body from position('"m.relates_to":{'::bytea in body) + 16)) = 0
                         then substring(body from position('"m.relates_to":{'::bytea in body) + 16)
                         else substring(
                             substring(body from position('"m.relates_to":{'::bytea in body) + 16)
                             from position('"m.relates_to":{'::bytea in substring(body from position('"m.relates_to":{'::bytea in body) + 16)) + 16) end
                    for 600),
                'escape')
            from '^(?:[^{}]*,)?"event_id":"(\$[^"]+)"')
    end
$$;

create function in_thread(body bytea) returns boolean immutable parallel safe language sql as $$
    select position('"rel_type":"m.thread"'::bytea in body) > 0
$$;

-- Of a large table the indexes are built while the server runs (RelationIndexes): this would stop all writers until it ended.
do $$
begin
    if (select count(*) from (select 1 from event limit 10000) as counted) < 10000 then
        create index event_related on event (shard, related_to(body), anchor, back)
            where related_to(body) is not null and anchor is not null;
        create index event_in_thread on event (shard, room, anchor, back) where in_thread(body) and anchor is not null;
    end if;
end
$$;
