-- How many rows of key_backup_room a version has had since all its keys were deleted last; it bounds their number.
alter table key_backup add column rooms bigint not null default 0;
