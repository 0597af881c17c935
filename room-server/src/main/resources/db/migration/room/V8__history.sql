-- History that is found later, and outliers that get a place.

-- The number of the fact that said what became of an event, if it is not the event's own: it was known as an outlier before.
alter table event add column placed bigint;

-- Which live events history was found before, and how far down its places go there.
create table history (
    room   bigint  not null,
    anchor bigint  not null,
    shard  integer not null,
    lowest integer not null,
    primary key (shard, room, anchor)
);

-- Events of which it was not known what comes before them, when they got their places.
create table backward_extremity (
    room  bigint  not null,
    event bigint  not null,
    seq   bigint  not null,
    shard integer not null,
    primary key (shard, room, event)
);

-- By which a purge finds what the log says of a room's histories.
create index log_of_history on log (shard, split_part(reference, ':', 1)) where kind = 12;
