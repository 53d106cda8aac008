-- People, couples, invitations and what takes both.
create table people (
    id bigint primary key,
    zone text,
    quiet_from bigint not null,
    quiet_until bigint not null,
    invitations_closed bigint not null,
    dm bigint,
    version bigint not null
);

create table invitations (
    id text primary key,
    -- Both ids, the smaller first, as in couples.
    pair text not null,
    inviter bigint not null,
    invitee bigint not null,
    server bigint not null,
    sent_at bigint not null,
    answered text not null,
    version bigint not null
);
create index invitations_between on invitations (inviter, invitee, sent_at);
-- Of two people who invite each other in the same moment, one invites and the other is asked.
create unique index invitations_waiting on invitations (pair) where answered = 'not';

create table couples (
    id text primary key,
    -- Both ids, the smaller first: one living couple between the same two people.
    pair text not null,
    first_person bigint not null,
    second_person bigint not null,
    server bigint not null,
    home text not null,
    channel bigint,
    opening text,
    seed bigint not null,
    paired_at bigint not null,
    left_by bigint,
    left_at bigint,
    version bigint not null
);
create unique index couples_living on couples (pair) where left_at is null;
create index couples_pair on couples (pair, paired_at);
create index couples_channel on couples (channel) where channel is not null;
create index couples_server on couples (server) where channel is not null;

create table partners (
    couple text not null references couples (id),
    person bigint not null,
    line bigint not null,
    ceiling text not null,
    vetoes text not null,
    days bigint not null,
    primary key (couple, person)
);
create index partners_person on partners (person);

create table proposals (
    couple text not null references couples (id),
    kind text not null,
    body text not null,
    proposer bigint not null,
    made_at bigint not null,
    primary key (couple, kind)
);

-- What gateway events told of the channels that are homes: who may see them. Without a row, ask.
create table channels_seen (
    channel bigint primary key,
    server bigint not null,
    overwrites text not null,
    seen_at bigint not null
);

-- Which commands an application has registered, so that they are sent again only when they changed.
create table registrations (
    api text not null,
    application bigint not null,
    digest text not null,
    commands text not null,
    primary key (api, application)
);
