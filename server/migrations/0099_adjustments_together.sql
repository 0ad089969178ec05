-- Adjustments are counted together with what the same person made of late: one amount in parts is one amount.
create index clearing_adjustment_made on clearing_adjustment (programme, made_at_ms);
