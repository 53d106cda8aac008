-- What somebody keeps for themselves of what opened, and what its author took away again.
create table kept (
    id text primary key,
    person bigint not null,
    couple text not null references couples (id),
    -- Which round, sheet or passage: never a copy of its words.
    piece text not null,
    kept_at bigint not null,
    unique (person, piece)
);
create index kept_couple on kept (couple);

-- Where a passage stands, as posts are for a round.
create table passage_posts (
    passage text not null references passages (id) on delete cascade,
    -- 0 for the couple's channel, else the person whose DM it is.
    place bigint not null,
    channel bigint not null,
    message bigint not null,
    primary key (passage, place)
);
create index passage_posts_message on passage_posts (message);
create index posts_message on posts (message);

-- When its author removed it; from then on there are no words in it.
alter table answers add column removed_at bigint;
