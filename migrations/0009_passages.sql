-- What one of two shared of their own, sealed under its author's key in the couple. Nothing of where it came from stands here.
create table passages (
    id text primary key,
    couple text not null references couples (id),
    author bigint not null,
    -- Nothing once they were destroyed, because they could not be shown.
    words text,
    shared_at bigint not null
);
create index passages_author on passages (couple, author, shared_at);
