-- A couple's pause: the one that runs, or else the last. Who called it is told to nobody.
create table pauses (
    couple text primary key references couples (id),
    called_by bigint not null,
    called_at bigint not null,
    ends_at bigint not null,
    -- The round that was open when it was called, if one was.
    conversation text,
    -- How long each of the two has paused that conversation, and until when.
    taken text not null,
    -- 1 once its end was said.
    is_over bigint not null,
    version bigint not null
);

-- Where the messages of a pause stand until they say that it is over.
create table pause_posts (
    couple text not null references couples (id),
    called_at bigint not null,
    -- 0 for the couple's channel, else the person whose DM it is.
    place bigint not null,
    channel bigint not null,
    message bigint not null,
    primary key (couple, called_at, place)
);
