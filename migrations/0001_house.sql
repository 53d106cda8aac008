-- What the house itself needs: keys, timers, the outbox, the gateway's sessions. Rules: README.md beside this file.

-- One row: what this database knows of itself.
create table install (
    id bigint primary key check (id = 1),
    -- opens under the right master key only
    key_check text not null,
    made_at bigint not null
);

-- The key of one author in one couple, under the master key. Deleting the row is deleting their words.
create table keys (
    id text primary key,
    owner bigint not null,
    couple text not null,
    wrapped text not null,
    made_at bigint not null,
    unique (owner, couple)
);
create index keys_of_couple on keys (couple);

-- When to look again at what.
create table timers (
    kind text not null,
    subject text not null,
    due bigint not null,
    -- how often it was claimed since it was set
    attempts bigint not null,
    -- both or neither; past this moment the claim is open to anybody again
    lease_until bigint,
    lease_by text,
    primary key (kind, subject)
);
create index timers_due on timers (due);
create index timers_leased on timers (lease_until) where lease_until is not null;

-- What to say: ids only, never words.
create table outbox (
    id text primary key,
    body text not null,
    -- waiting | sent | never | parked
    state text not null,
    due bigint not null,
    attempts bigint not null,
    first_attempt_at bigint,
    lease_until bigint,
    lease_by text,
    -- where it stands in Discord, once sent
    channel bigint,
    message bigint,
    -- a code, never words
    failure text,
    -- sent or never: from here on the row is only memory, and swept
    settled_at bigint
);
create index outbox_due on outbox (due, id) where state = 'waiting';
create index outbox_leased on outbox (lease_until) where lease_until is not null;
create index outbox_parked on outbox (due, id) where state = 'parked';
create index outbox_settled on outbox (settled_at) where settled_at is not null;

-- Where the gateway left off, so that a restart of seconds misses nothing.
create table sessions (
    api text not null,
    application bigint not null,
    shard bigint not null,
    shards bigint not null,
    session text not null,
    sequence bigint not null,
    resume_url text not null,
    primary key (api, application, shard, shards)
);
