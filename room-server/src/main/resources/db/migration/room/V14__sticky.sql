-- Until when an event is sticky (msc4354_sticky), in milliseconds since 1970 by its sender's clock; null if it is not.

-- Read from the body, by a function that the index uses: so it needs no column. Of canonical JSON, the two members that it reads
-- stand beside each other, but for "origin", which old servers wrote; the last place counts, since content stands before them. It only finds candidates: who
-- reads them looks at the event itself. encode() makes ASCII of any bytes, so that no body is refused.
create function sticky_until(body bytea) returns bigint immutable parallel safe language sql as $$
    select case
        when position('"msc4354_sticky":{"duration_ms":'::bytea in body) = 0 then null
        else (select sticky[1]::bigint + sticky[2]::bigint
                from regexp_match(
                         encode(body, 'escape'),
                         '^.*"msc4354_sticky":\{"duration_ms":(\d{1,7})\}(?:,"origin":"[^"]*")?,"origin_server_ts":(\d{1,15})\M') as sticky)
    end
$$;

-- Of a large table the index is built while the server runs (StoredStickyEvents): this would stop all writers until it ended.
do $$
begin
    if (select count(*) from (select 1 from event limit 10000) as counted) < 10000 then
        create index event_sticky on event (shard, room, sticky_until(body))
            where sticky_until(body) is not null and anchor is not null;
    end if;
end
$$;
