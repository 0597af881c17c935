-- A session of user-interactive authentication. None of the tables of this file belongs to a shard: any instance writes them,
-- each time in one statement or with the row locked. Times are milliseconds since the epoch.
-- operation: what the session permits; requester: the user who asked, if one was logged in; parameters: what the request said first, a JSON object without secrets;
-- purpose: the hash of the request that it was completed for; user_id: who was registered with it.
create table authentication_session (
    id                 text    not null primary key,
    operation          text    not null,
    requester          text,
    parameters         bytea   not null,
    expires_at         bigint  not null,
    purpose            bytea,
    user_id            text,
    registration_token text,
    token_spent        boolean not null default false
);
create index authentication_session_expiry on authentication_session (expires_at);
create index authentication_session_token on authentication_session (registration_token) where registration_token is not null;

-- A stage that was completed in a session. proof: what it proved, such as an address.
create table authentication_stage (
    session      text   not null,
    type         text   not null,
    proof        text   not null,
    completed_at bigint not null,
    primary key (session, type)
);

-- A token that permits registration. uses_allowed: null for any number; expires_at: null for never.
-- completed: registrations that it permitted. Those that hold it now are rows of authentication_session.
create table registration_token (
    token        text   not null primary key,
    uses_allowed integer,
    expires_at   bigint,
    completed    integer not null default 0
);

-- An address that somebody proves to control. purpose: what for, such as 'register'; secret: the client's secret;
-- code: what the mail contains, as SHA-256; next_link: where the page of the link leads, after validation.
create table threepid_validation (
    sid          text   not null primary key,
    purpose      text   not null,
    medium       text   not null,
    address      text   not null,
    secret       text   not null,
    code         bytea  not null,
    send_attempt bigint not null,
    next_link    text,
    expires_at   bigint not null,
    validated_at bigint
);
create unique index threepid_validation_of on threepid_validation (purpose, medium, address, secret);
create index threepid_validation_expiry on threepid_validation (expires_at);

-- An address of a user, with which they can log in and set a new password. An address belongs to one user.
create table threepid (
    medium       text   not null,
    address      text   not null,
    user_id      text   not null,
    validated_at bigint not null,
    added_at     bigint not null,
    primary key (medium, address)
);
create index threepid_of_user on threepid (user_id);

-- An address that is published at an identity server.
create table threepid_binding (
    user_id   text not null,
    medium    text not null,
    address   text not null,
    id_server text not null,
    primary key (user_id, medium, address, id_server)
);

-- Who a single sign-on service says a local user is.
create table sso_identity (
    provider text not null,
    subject  text not null,
    user_id  text not null,
    primary key (provider, subject)
);
create index sso_identity_of_user on sso_identity (user_id);

-- The terms that a user has agreed to, by the version of all documents together.
create table agreement (
    user_id   text   not null,
    version   text   not null,
    agreed_at bigint not null,
    primary key (user_id, version)
);

-- From where a device was last seen; a few minutes late.
create table device_activity (
    user_id    text   not null,
    device_id  text   not null,
    ip         text   not null,
    user_agent text   not null,
    seen_at    bigint not null,
    primary key (user_id, device_id)
);
create index device_activity_age on device_activity (seen_at);
