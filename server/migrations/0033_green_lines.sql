-- Goods that are said to be green: a line names a certificate, and keeps what stood behind it when it was sold.

-- One certificate of goods may be relied on by several merchants, each of which answers for itself.
alter table certificate
  drop constraint certificate_issuing_body_number_key,
  add unique (merchant, number, issuing_body);

alter table order_line
  -- The certificate that stood behind it.
  add column certificate uuid,
  -- Whether one did, or why none did. Lines from before were taken at their word, and stay what they were.
  add column green text;
update order_line set green = 'valid' where green_certificate is not null;
alter table order_line
  add check ((green is null) = (green_certificate is null)),
  add check (green in ('valid', 'unknown', 'out_of_scope', 'not_valid_yet', 'expired', 'revoked')),
  add check (certificate is null or green = 'valid');
create index order_line_certificate on order_line (certificate, order_id) where certificate is not null;

-- What one earn gave on two certificates is charged to each in its part.
alter table certificate_charge
  drop constraint certificate_charge_pkey,
  add primary key (transaction, certificate);
