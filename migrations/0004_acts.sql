-- Interactions that were dealt with, by Discord's id: told again after a crash, they change nothing a second time.
create table acts (
    interaction bigint primary key
);
