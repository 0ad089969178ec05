-- The round of each job that was begun last, so that of all processes one begins it.
create table job_round (
  job text primary key,
  round bigint not null
);
