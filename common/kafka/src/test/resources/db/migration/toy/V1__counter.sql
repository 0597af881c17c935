create table counter (shard integer, key text, value bigint not null, primary key (shard, key));
create table addition (shard integer, seq bigint, key text not null, amount bigint not null, command text not null, primary key (shard, seq));
