-- Since when the database server has lost nothing that it had acknowledged. A crash empties a table that is not logged, and
-- so does a failover to another server: renewals of leases are not synced, and the last ones may be gone then. Whoever
-- connects first afterwards writes the row again, and for as long as a lease lasts from then on nobody takes a shard over.
create unlogged table server_life (
    one   boolean primary key default true check (one),
    began timestamptz not null
);
insert into server_life (began) values ('-infinity');
