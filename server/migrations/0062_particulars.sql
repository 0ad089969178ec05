-- What a request for a redemption says beyond the reward, by its kind: what is booked, where it is sent, which bill it is for.
-- Who receives something stands in it sealed, and is erased when nothing needs it any more.
alter table redemption add column particulars jsonb;
