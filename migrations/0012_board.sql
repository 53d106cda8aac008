-- The board: what one of two put up for the other to see, sealed under its author's key in the couple.
create table items (
    id text primary key,
    couple text not null references couples (id),
    author bigint not null,
    kind text not null,
    -- Nothing once it was retired.
    words text,
    -- Rises whenever the words change; what was seen is this wording.
    wording bigint not null,
    put_up_at bigint not null,
    seen_at bigint,
    retired_at bigint,
    -- Its message: on_its_way, stands, nowhere; and where it stands, with 0 for the couple's channel, else whose DM it is.
    posting text not null,
    place bigint,
    channel bigint,
    message bigint,
    version bigint not null
);
create index items_couple on items (couple, put_up_at);
create index items_author on items (author);
create index items_message on items (message);
