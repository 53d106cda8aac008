-- What follows a reveal: how far it has come, and what was written in it.
create table conversations (
    round text primary key references rounds (id),
    couple text not null references couples (id),
    listener bigint not null,
    length text not null,
    begun_at bigint not null,
    -- All that changes in it, as one text of JSON, without a word that anybody wrote.
    course text not null,
    -- 1 until it is over.
    live bigint not null,
    -- When it left somebody heavier; whom is kept nowhere.
    heavier_at bigint,
    version bigint not null
);
create index conversations_couple on conversations (couple, begun_at);
create index conversations_live on conversations (couple) where live = 1;
create index conversations_heavier on conversations (couple, heavier_at) where heavier_at is not null;

-- What somebody wrote on one turn of it, sealed.
create table said (
    round text not null references rounds (id),
    turn bigint not null,
    author bigint not null,
    words text not null,
    said_at bigint not null,
    primary key (round, turn)
);
create index said_author on said (author);

alter table couples add column length text not null default 'guided';
