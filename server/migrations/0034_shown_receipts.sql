-- A receipt that was shown as evidence before its order was told: then the goods of the order are not paid for it again.
create index activity_evidence on activity (evidence, behaviour) where evidence is not null;
alter table order_line
  drop constraint order_line_green_check,
  add check (green in ('valid', 'unknown', 'out_of_scope', 'not_valid_yet', 'expired', 'revoked', 'claimed'));
