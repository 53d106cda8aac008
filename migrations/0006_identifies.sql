-- When each bucket of gateway shards may identify again, for all processes that share this database.
create table identifies (
    api text not null,
    application bigint not null,
    -- a shard's number modulo max_concurrency
    bucket bigint not null,
    -- by the database's own clock, the only one that all processes have in common
    free_at bigint not null,
    primary key (api, application, bucket)
);
