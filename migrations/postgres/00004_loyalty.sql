-- +goose Up
CREATE TABLE programs (
    store_id   text        NOT NULL PRIMARY KEY REFERENCES stores (id),
    version    bigint      NOT NULL,
    updated_at timestamptz NOT NULL
);

CREATE TABLE program_versions (
    store_id   text        NOT NULL,
    version    bigint      NOT NULL,
    body       text        NOT NULL,
    actor      text        NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (store_id, version)
);

CREATE TABLE members (
    store_id         text        NOT NULL,
    customer         text        NOT NULL,
    id               text        NOT NULL,
    pending          bigint      NOT NULL CHECK (pending >= 0),
    available        bigint      NOT NULL CHECK (available >= 0),
    debt             bigint      NOT NULL CHECK (debt >= 0),
    seq              bigint      NOT NULL,
    head_hash        bytea       NOT NULL,
    salt             bytea       NOT NULL,
    tier_id          text        NOT NULL,
    tier_since       timestamptz NULL,
    last_recorded_at timestamptz NULL,
    created_at       timestamptz NULL,
    PRIMARY KEY (store_id, customer)
);
CREATE INDEX members_id ON members (store_id, id);

CREATE TABLE ledger_entries (
    store_id     text        NOT NULL,
    member_id    text        NOT NULL,
    seq          bigint      NOT NULL,
    id           text        NOT NULL,
    kind         text        NOT NULL,
    from_account text        NOT NULL,
    to_account   text        NOT NULL,
    points       bigint      NOT NULL CHECK (points > 0),
    source_type  text        NOT NULL,
    source_id    text        NOT NULL,
    line         text        NOT NULL,
    lots         text        NOT NULL,
    rule_version bigint      NOT NULL,
    reason       text        NOT NULL,
    actor        text        NOT NULL,
    occurred_at  timestamptz NOT NULL,
    recorded_at  timestamptz NOT NULL,
    commitment   bytea       NOT NULL,
    prev_hash    bytea       NOT NULL,
    hash         bytea       NOT NULL,
    PRIMARY KEY (store_id, member_id, seq)
);
CREATE UNIQUE INDEX ledger_entries_source ON ledger_entries (store_id, source_type, source_id, line, kind);

CREATE TABLE ledger_lots (
    store_id     text        NOT NULL,
    member_id    text        NOT NULL,
    id           text        NOT NULL,
    source_type  text        NOT NULL,
    source_id    text        NOT NULL,
    line         text        NOT NULL,
    granted      bigint      NOT NULL CHECK (granted > 0),
    remaining    bigint      NOT NULL CHECK (remaining >= 0),
    pending      boolean     NOT NULL,
    activates_at timestamptz NOT NULL,
    expires_at   timestamptz NULL,
    due_at       timestamptz NULL,
    PRIMARY KEY (store_id, member_id, id)
);
CREATE INDEX ledger_lots_due ON ledger_lots (store_id, member_id, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX ledger_lots_open ON ledger_lots (store_id, member_id, expires_at) WHERE remaining > 0;

-- Qualifying points by the day they were earned on, in the program's time zone.
CREATE TABLE qualifying_days (
    store_id  text   NOT NULL,
    member_id text   NOT NULL,
    day       text   NOT NULL,
    points    bigint NOT NULL,
    PRIMARY KEY (store_id, member_id, day)
);

-- A member changes with every entry, and a day with every order.
ALTER TABLE members SET (fillfactor = 60);
ALTER TABLE qualifying_days SET (fillfactor = 70);

-- +goose Down
DROP TABLE qualifying_days;
DROP TABLE ledger_lots;
DROP TABLE ledger_entries;
DROP TABLE members;
DROP TABLE program_versions;
DROP TABLE programs;
