-- A locked user can only log out; a suspended one cannot write.
alter table account add column locked boolean not null default false;
alter table account add column suspended boolean not null default false;

-- expires_at: when the access token ends, 0 for never. refresh: the hash of the refresh token, and the hashes of those before
-- it, newest first, 32 bytes each; null for a session that cannot be refreshed. refresh_expires_at: when the newest ends, 0 for never.
alter table device add column expires_at bigint not null default 0;
alter table device add column refresh bytea;
alter table device add column refresh_expires_at bigint not null default 0;
