-- Up to which turn of its conversation a sheet is shown where it stands. What stood before that was written down counts as shown.
alter table posts add column shown bigint;
update posts set shown = 4294967295 where kind not in ('card', 'reveal');
