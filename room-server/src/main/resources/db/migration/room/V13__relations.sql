-- Which event an event relates to (m.relates_to), for bundled aggregations, /relations and /threads.

-- What follows is read from the body, by functions that the indexes use: so it holds for events that were here before, and
-- for those that a process of the release before writes. Both only find candidates: who reads them parses the relation.

-- The event that an event relates to; null for none. What counts is the last m.relates_to, since m.new_content, which may
-- have one of its own, comes before it in canonical JSON. Members before event_id must be no objects. encode() makes ASCII
-- of any bytes, so that no body is refused; the length is limited because an index's rows are.
create function related_to(body bytea) returns text immutable parallel safe language sql as $$
    select case
        when position('"m.relates_to":{'::bytea in body) = 0 then null
        else substring(encode(body, 'escape')
                       from '.*"m\.relates_to":\{(?:[^{}]*,)?"event_id":"(\$[^"]{1,254})"')
    end
$$;

create function in_thread(body bytea) returns boolean immutable parallel safe language sql as $$
    select position('"rel_type":"m.thread"'::bytea in body) > 0
$$;

-- Of a large table the indexes are built while the server runs (RelationIndexes): this would stop all writers until it ended.
do $$
begin
    if (select count(*) from (select from event limit 10000) some) < 10000 then
        create index event_related on event (shard, related_to(body), anchor, back)
            where related_to(body) is not null and anchor is not null;
        create index event_in_thread on event (shard, room, anchor, back) where in_thread(body) and anchor is not null;
    end if;
end
$$;
