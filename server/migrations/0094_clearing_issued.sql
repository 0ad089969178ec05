-- What became of the points that each merchant issued, period by period: for statements. Worked out of the ledger once a
-- period is closed, since to do it for every statement would take as long each time.

-- Costs are in micro-fen, at the unit cost of each lot; one without counts nothing. closing = opening + issued − used −
-- expired + other, and every period opens with what the one before closed with.
create table clearing_issued (
  period uuid not null references clearing_period,
  issuer uuid not null,
  point_type int not null,
  opening bigint not null,
  opening_cost numeric(38, 0) not null,
  issued bigint not null,
  issued_cost numeric(38, 0) not null,
  used bigint not null,
  used_cost numeric(38, 0) not null,
  expired bigint not null,
  expired_cost numeric(38, 0) not null,
  -- Taken back, corrected, converted, on the way to another member.
  other bigint not null,
  other_cost numeric(38, 0) not null,
  primary key (period, issuer, point_type)
);

-- That it was done, and where in each shard the next period's entries begin: before the marker of this one, if its cut was
-- made late.
create table clearing_issued_slice (
  period uuid not null references clearing_period,
  shard smallint not null,
  next_seq bigint not null,
  primary key (period, shard)
);
