-- Answers to orders of other shards, which have no deadline: kept for as long as whoever gave one may repeat it, which
-- is longer than what is kept of other commands.
create table order_answer (
    id     uuid primary key,
    answer bytea not null
);
