-- +goose Up
CREATE TABLE programs (
    store_id   TEXT        NOT NULL PRIMARY KEY REFERENCES stores (id),
    version    INTEGER      NOT NULL,
    updated_at TIMESTAMP NOT NULL
);

CREATE TABLE program_versions (
    store_id   TEXT        NOT NULL,
    version    INTEGER      NOT NULL,
    body       TEXT        NOT NULL,
    actor      TEXT        NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (store_id, version)
);

CREATE TABLE members (
    store_id         TEXT        NOT NULL,
    customer         TEXT        NOT NULL,
    id               TEXT        NOT NULL,
    pending          INTEGER      NOT NULL CHECK (pending >= 0),
    available        INTEGER      NOT NULL CHECK (available >= 0),
    debt             INTEGER      NOT NULL CHECK (debt >= 0),
    seq              INTEGER      NOT NULL,
    head_hash        BLOB       NOT NULL,
    salt             BLOB       NOT NULL,
    tier_id          TEXT        NOT NULL,
    tier_since       TIMESTAMP NULL,
    last_recorded_at TIMESTAMP NULL,
    created_at       TIMESTAMP NULL,
    PRIMARY KEY (store_id, customer)
);
CREATE INDEX members_id ON members (store_id, id);

CREATE TABLE ledger_entries (
    store_id     TEXT        NOT NULL,
    member_id    TEXT        NOT NULL,
    seq          INTEGER      NOT NULL,
    id           TEXT        NOT NULL,
    kind         TEXT        NOT NULL,
    from_account TEXT        NOT NULL,
    to_account   TEXT        NOT NULL,
    points       INTEGER      NOT NULL CHECK (points > 0),
    source_type  TEXT        NOT NULL,
    source_id    TEXT        NOT NULL,
    line         TEXT        NOT NULL,
    lots         TEXT        NOT NULL,
    rule_version INTEGER      NOT NULL,
    reason       TEXT        NOT NULL,
    actor        TEXT        NOT NULL,
    occurred_at  TIMESTAMP NOT NULL,
    recorded_at  TIMESTAMP NOT NULL,
    commitment   BLOB       NOT NULL,
    prev_hash    BLOB       NOT NULL,
    hash         BLOB       NOT NULL,
    PRIMARY KEY (store_id, member_id, seq)
);
CREATE UNIQUE INDEX ledger_entries_source ON ledger_entries (store_id, source_type, source_id, line, kind);

CREATE TABLE ledger_lots (
    store_id     TEXT        NOT NULL,
    member_id    TEXT        NOT NULL,
    id           TEXT        NOT NULL,
    source_type  TEXT        NOT NULL,
    source_id    TEXT        NOT NULL,
    line         TEXT        NOT NULL,
    granted      INTEGER      NOT NULL CHECK (granted > 0),
    remaining    INTEGER      NOT NULL CHECK (remaining >= 0),
    pending      BOOLEAN     NOT NULL,
    activates_at TIMESTAMP NOT NULL,
    expires_at   TIMESTAMP NULL,
    due_at       TIMESTAMP NULL,
    PRIMARY KEY (store_id, member_id, id)
);
CREATE INDEX ledger_lots_due ON ledger_lots (store_id, member_id, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX ledger_lots_open ON ledger_lots (store_id, member_id, expires_at) WHERE remaining > 0;

-- Qualifying points by the day they were earned on, in the program's time zone.
CREATE TABLE qualifying_days (
    store_id  TEXT   NOT NULL,
    member_id TEXT   NOT NULL,
    day       TEXT   NOT NULL,
    points    INTEGER NOT NULL,
    PRIMARY KEY (store_id, member_id, day)
);

-- +goose Down
DROP TABLE qualifying_days;
DROP TABLE ledger_lots;
DROP TABLE ledger_entries;
DROP TABLE members;
DROP TABLE program_versions;
DROP TABLE programs;
