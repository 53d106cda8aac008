-- Opt-in themes that a partner would like, as slugs with a space between. One comes when both partners named it.
alter table partners add column opt_ins text not null default '';
