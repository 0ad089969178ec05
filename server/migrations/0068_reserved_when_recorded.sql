-- A redemption is recorded together with what it takes of the stock, or as refused, and points that nobody has to decide about
-- are taken at once by a burn: two states go, and a part names the transaction that takes its points, whichever kind it is.

-- What was recorded and no more has nothing; held points are held under the keys of the state before.
delete from unsettled u using redemption r where r.id = u.id and r.state = 'recorded';
update redemption set state = 'refused',
  refusal = '{"code": "redemption_timed_out", "message": "it was not confirmed in time; nothing was taken"}'
  where state = 'recorded';
update redemption set state = 'reserved' where state = 'held';
update redemption r set parts = coalesce((
  select jsonb_agg((part - 'capture') || jsonb_build_object('taken', part -> 'capture') order by place)
  from jsonb_array_elements(r.parts) with ordinality as p (part, place)), '[]');

alter table redemption drop constraint redemption_state_check, add constraint redemption_state_check
  check (state in ('reserved', 'paying', 'confirmed', 'fulfilled', 'refusing', 'refused', 'timing_out', 'timed_out', 'cancelling', 'cancelled'));
comment on column redemption.parts is
  'What it costs, a part for each type of points: its number, points, the ids of its hold (null: taken at once) and of the transaction that takes them.';
