-- What a second person says before money follows what the first one wrote, and what undoes a slip. Only ever inserted.

-- That a version of a bank account is right: money goes to none that was not confirmed. By another key and another name than wrote it.
create table settlement_account_confirmation (
  programme int not null,
  role text not null,
  merchant uuid not null,
  number int not null,
  confirmed_at_ms bigint not null,
  confirmed_by uuid not null,
  actor text not null,
  primary key (programme, role, merchant, number),
  foreign key (programme, role, merchant, number) references settlement_account
);

-- That an invoice which was made is not to be issued: another may be made (its flag `reversed` is set with it).
create table invoice_cancellation (
  invoice uuid primary key references invoice,
  reason text not null,
  cancelled_at_ms bigint not null,
  cancelled_by uuid not null,
  actor text not null
);
