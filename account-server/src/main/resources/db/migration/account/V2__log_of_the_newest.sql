-- The log had a row for each change that ever was of account data, profiles and devices; the newest of each is enough. A hash
-- index, since a reference may be longer than a B-tree takes.
delete from log old
 using log newer
 where newer.shard = old.shard and newer.kind = old.kind and newer.reference = old.reference and newer.seq > old.seq
   and old.kind in (4, 6, 7);
create index log_reference on log using hash (reference);
