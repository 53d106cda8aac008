-- Up to which turn of its conversation a sheet is shown where it stands. What was said before that was written down counts as shown.
alter table posts add column shown bigint;
update posts set shown = coalesce((select max(said.turn) + 1 from said where said.round = posts.round), 0)
    where kind not in ('card', 'reveal');
