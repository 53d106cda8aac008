-- Weekly check-ins: their schedule, what was tapped so far, and what each partner wants of them. Nudges.
alter table rounds add column kind text not null default 'question';
-- Who had their nudge: 1 the couple's first person, 2 the second, 3 both.
alter table rounds add column nudged bigint not null default 0;
-- When a round opened; nothing for those that did not, or opened before this column was there.
alter table rounds add column opened_at bigint;
drop index rounds_awaiting;
create unique index rounds_awaiting on rounds (couple, kind) where awaiting = 1;
create index rounds_opened on rounds (couple, kind, asked_at) where opened_at is not null;

-- One rating that was tapped in a check-in whose lines are not sent yet.
create table taps (
    round text not null references rounds (id),
    author bigint not null,
    rated text not null,
    tap text not null,
    primary key (round, author, rated)
);

create table schedules (
    couple text primary key references couples (id),
    day text not null,
    -- Minutes since midnight, in the zone.
    minute bigint not null,
    zone text not null,
    -- Weeks by their Mondays, such as 2026-11-23.
    settled text not null,
    skipped text,
    resting bigint not null,
    -- When both agreed to it last: what lapsed before then is forgotten.
    agreed_at bigint not null,
    version bigint not null
);

alter table partners add column pace text not null default 'weekly';
alter table partners add column short bigint not null default 0;
alter table partners add column away_until bigint;

alter table people add column nudges text not null default 'everything';
