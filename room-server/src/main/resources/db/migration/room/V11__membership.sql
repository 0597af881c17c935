-- What a member event says, beside it: a room of 100,000 members is loaded without their bodies. Of older rows null:
-- what they say is read from their bodies.
alter table event add column membership smallint;
