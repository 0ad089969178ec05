-- From when a change of a programme's settings counts: what is worse for members is told before. What was in force at an instant
-- is what stands in the programme now, without the changes that begin later.
alter table programme_change add column from_ms bigint;
update programme_change c set from_ms = c.changed_at_ms + p.clock_offset_ms from programme p where p.id = c.programme;
alter table programme_change alter column from_ms set not null;
