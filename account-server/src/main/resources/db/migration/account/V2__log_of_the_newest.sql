-- The log had a row for each change that ever was of account data, profiles and devices; the newest of each is enough. A hash
-- index, since a reference may be longer than a B-tree takes.
delete from log old
 using (select shard, kind, reference, max(seq) as seq from log where kind in (4, 6, 7) group by shard, kind, reference) newest
 where newest.shard = old.shard and newest.kind = old.kind and newest.reference = old.reference and newest.seq > old.seq;
create index log_reference on log using hash (reference);
