-- What one person does for themselves: practices that were begun, when they come by themselves, and the journal.
create table sittings (
    id text primary key,
    person bigint not null,
    reflection text not null,
    begun_at bigint not null
);
create index sittings_person on sittings (person, begun_at, id);

create table reflection_plans (
    person bigint primary key,
    -- Days of the week, apart by spaces; the hour is in the person's own zone.
    days text not null,
    minute bigint not null,
    version bigint not null
);

create table entries (
    id text primary key,
    author bigint not null,
    -- The kind of practice it was written after, if it was.
    kind text,
    words text not null,
    written_at bigint not null
);
create index entries_newest on entries (author, written_at, id);
create index entries_of_kind on entries (author, kind, written_at, id);

-- What SQLite alone looked at again is looked at on both now, under another name.
update timers set kind = 'forget', subject = 'disk' where kind = 'checkpoint';
