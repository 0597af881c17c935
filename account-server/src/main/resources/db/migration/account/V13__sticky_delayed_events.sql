-- For how many milliseconds the event is sticky once it is sent; null if it is not.
alter table delayed_event add column sticky_ms bigint;
