-- Rounds, the answers sealed in them, where their cards stand, and what rotation remembers.
create table rounds (
    id text primary key,
    couple text not null references couples (id),
    question text not null,
    own_question text,
    asked_by bigint,
    asked_at bigint not null,
    closes_at bigint not null,
    swaps bigint not null,
    first_answer bigint not null,
    card_hold text,
    phase text not null,
    -- 1 while the round awaits answers or its opening: one such question per couple.
    awaiting bigint not null,
    -- 1 while the round awaits, or something of it is held.
    unsettled bigint not null,
    version bigint not null
);
create unique index rounds_awaiting on rounds (couple) where awaiting = 1;
create index rounds_unsettled on rounds (couple) where unsettled = 1;
create index rounds_couple on rounds (couple, asked_at);

create table answers (
    round text not null references rounds (id),
    author bigint not null,
    words text not null,
    sealed_at bigint not null,
    primary key (round, author)
);

create table posts (
    round text not null references rounds (id),
    kind text not null,
    -- 0 for the couple's channel, else the person whose DM it is.
    place bigint not null,
    channel bigint not null,
    message bigint not null,
    primary key (round, kind, place)
);

-- Reveals that could not be brought to somebody's DM: they read it through any of their cards.
create table unreached (
    person bigint not null,
    round text not null references rounds (id),
    primary key (person, round)
);

create table choices (
    couple text not null references couples (id),
    chosen_at bigint not null,
    prompt text not null,
    family text not null,
    theme text not null,
    depth text not null,
    about text not null,
    good_news bigint not null,
    chosen_by text not null,
    primary key (couple, chosen_at, prompt)
);
