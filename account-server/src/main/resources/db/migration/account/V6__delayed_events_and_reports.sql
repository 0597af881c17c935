-- Neither table belongs to a shard: any instance writes them, each time in one statement or with the row locked. Times are
-- milliseconds since the epoch.

-- An event that a user wants sent later. device_id and session: who scheduled it; state_key: null for an event that is no state;
-- transaction: the client's, by which a repeated request finds the row; due_at: when to send it, or to try again;
-- claim: how often a writer has claimed it, claimed_until: while it does; finalised_at: null while it is scheduled;
-- event_id: that of the sent event; error: why it was not sent, a JSON object; neither: it was cancelled.
create table delayed_event (
    id            text    not null primary key,
    user_id       text    not null,
    device_id     text,
    session       bigint  not null,
    room_id       text    not null,
    type          text    not null,
    state_key     text,
    content       bytea   not null,
    transaction   bytea,
    delay_ms      bigint  not null,
    scheduled_at  bigint  not null,
    due_at        bigint  not null,
    claim         integer not null default 0,
    claimed_until bigint  not null default 0,
    finalised_at  bigint,
    event_id      text,
    error         bytea
);
create index delayed_event_due on delayed_event (due_at) where finalised_at is null;
create index delayed_event_of_user on delayed_event (user_id);
create index delayed_event_finalised on delayed_event (finalised_at) where finalised_at is not null;
create unique index delayed_event_transaction on delayed_event (user_id, transaction) where transaction is not null;

-- What a user reported. number: in the order of arrival, never used again, and never below received_at; room_id: null for a user; event_id, body: null for a room or a user; reported: null for a room.
create table report (
    number      bigint not null primary key,
    received_at bigint not null,
    reporter    text   not null,
    room_id     text,
    event_id    text,
    reported    text,
    reason      text,
    score       integer,
    body        bytea
);
create index report_of_reporter on report (reporter, number);
