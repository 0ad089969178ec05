-- What points of a type are like besides their name and scale. How long they last (expiry_policy) is there
-- since the beginning; until now nobody could say anything but "none".
alter table point_type
  -- Whether members may give them to each other.
  add transferable boolean not null default true,
  -- What so many points are worth, in fen: shown for guidance, never a price.
  add guidance_points bigint check (guidance_points > 0),
  add guidance_fen bigint check (guidance_fen > 0),
  add check ((guidance_points is null) = (guidance_fen is null));
