-- What members are called, and how they are found by it; who decided about an adjustment that was not approved.

-- AES-256-GCM as the phone, bound to the member.
alter table member add column name_sealed bytea;

-- Who has a pair of neighbouring characters in their name, or one at its beginning: 32 bits of a keyed hash of them, so that
-- names cannot be read here, and what is found may have other names too: whoever searches opens them and looks.
-- No reference to member, of which no row is ever removed: the check would cost more than the row.
create table member_name_gram (
  gram int4 not null,
  member uuid not null,
  primary key (gram, member)
);

-- One box asks for an id without saying whose.
create index member_external_id_value on member_external_id (external_id);

alter table adjustment_proposal
  add column refused_by uuid,
  add column refused_at_ms bigint,
  add column refusal_reason text,
  add check ((refused_by is null) = (refused_at_ms is null)),
  add check ((refused_by is null) = (refusal_reason is null)),
  add check (refused_by is null or approved_by is null);
create index adjustment_proposal_place on adjustment_proposal (programme, id);
create index adjustment_proposal_member on adjustment_proposal (member, id);
create index adjustment_proposal_merchant on adjustment_proposal (merchant, id);
