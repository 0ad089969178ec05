-- Members act by their own sessions, through the operations that keys have: what they do is written down as done by this row,
-- and whose it is says by whom. It opens nothing: no secret has a hash of zeros.
insert into api_key (id, name, secret_hash, scopes, person)
  values ('01900000-0000-7000-8000-00006d656d62', 'the member themselves', decode(repeat('00', 32), 'hex'), '{}', true);
