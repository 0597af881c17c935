-- Whether an instance is about to leave: it still owns what it has not released, and wants nothing any more.
alter table instance add column leaving boolean not null default false;
