create table note (shard integer, key text, text text not null, primary key (shard, key));
