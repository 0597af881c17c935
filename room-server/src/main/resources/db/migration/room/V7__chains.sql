-- What an event rests on (its auth events, and the create event), where that is known by numbers: how far these are from its
-- own, as numbers of variable length. Null: the body says it by IDs.
alter table event add column rests_on bytea;

-- A state is told from one that is several strides of a length away, not from the one next to it in that length. The numbers
-- are packed already.
alter table state_difference add column steps integer not null default 1;
alter table state_difference alter column numbers set storage external;
