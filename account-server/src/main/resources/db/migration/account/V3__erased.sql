-- Whether the account was closed with the wish to be erased.
alter table account add column erased boolean not null default false;
