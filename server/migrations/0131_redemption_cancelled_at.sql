-- When a redemption was given up, by the programme's clock. Of those that were before this is known it is not.
alter table redemption add cancelled_at_ms bigint;
