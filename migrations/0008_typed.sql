-- What a person types in the DM with Duet: which message is which part of an entry, and how far the DM was dealt with.
alter table sittings add column ended_at bigint;
-- The entry that typed words go into.
alter table sittings add column entry text;
create index sittings_begun on sittings (begun_at);

-- One message's part of an entry. The words stand in the entry alone.
create table typed (
    message bigint primary key,
    author bigint not null,
    entry text not null references entries (id) on delete cascade,
    -- Its length in UTF-16 units.
    units bigint not null,
    -- When it was deleted in the chat, until its author says what becomes of it here.
    gone_at bigint
);
create index typed_entry on typed (entry, message);
create index typed_author on typed (author);

create table dms (
    person bigint primary key,
    -- The newest message that was dealt with.
    heard bigint not null,
    -- The first message that the standing question is about.
    asked bigint,
    -- The first message of those that were politely refused last.
    refused bigint,
    -- When the last tick is due: Discord takes four a second in one DM.
    ticked_at bigint,
    -- After a lost session: the history from here on is still to be read, and the newest message that came meanwhile.
    behind bigint,
    awaited bigint,
    version bigint not null
);
