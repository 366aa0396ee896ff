-- +goose Up
CREATE TABLE stores (
    id              text        NOT NULL PRIMARY KEY,
    name            text        NOT NULL,
    mode            text        NOT NULL CHECK (mode IN ('test', 'live')),
    currency        text        NOT NULL,
    timezone        text        NOT NULL,
    origins         text        NOT NULL,
    settings        text        NOT NULL,
    secret          bytea       NOT NULL,
    clock_offset_us bigint      NOT NULL,
    version         bigint      NOT NULL,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL
);

CREATE TABLE api_keys (
    id         text        NOT NULL PRIMARY KEY,
    store_id   text        NOT NULL REFERENCES stores (id),
    kind       text        NOT NULL CHECK (kind IN ('publishable', 'secret')),
    name       text        NOT NULL,
    hash       bytea       NOT NULL UNIQUE,
    hint       text        NOT NULL,
    plain      text        NOT NULL,
    scopes     text        NOT NULL,
    created_at timestamptz NOT NULL,
    revoked_at timestamptz NULL
);
CREATE INDEX api_keys_store ON api_keys (store_id, created_at);

CREATE TABLE customer_sessions (
    hash       bytea       NOT NULL PRIMARY KEY,
    store_id   text        NOT NULL REFERENCES stores (id),
    customer   text        NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX customer_sessions_expiry ON customer_sessions (expires_at);

CREATE TABLE idempotency_keys (
    store_id    text        NOT NULL,
    key_mac     bytea       NOT NULL,
    fingerprint bytea       NOT NULL,
    attempt     text        NOT NULL,
    status      bigint      NOT NULL,
    answer      bytea       NULL,
    created_at  timestamptz NOT NULL,
    PRIMARY KEY (store_id, key_mac)
);
CREATE INDEX idempotency_keys_age ON idempotency_keys USING brin (created_at);
-- A key is answered in the transaction that claims it: room on its page saves two index entries.
ALTER TABLE idempotency_keys SET (fillfactor = 50);

CREATE TABLE people (
    id            text        NOT NULL PRIMARY KEY,
    email         text        NOT NULL UNIQUE,
    name          text        NOT NULL,
    password_hash text        NOT NULL,
    operator      boolean     NOT NULL,
    disabled      boolean     NOT NULL,
    locale        text        NOT NULL,
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL
);

CREATE TABLE roles (
    store_id   text        NOT NULL REFERENCES stores (id),
    person_id  text        NOT NULL REFERENCES people (id),
    role       text        NOT NULL CHECK (role IN ('owner', 'marketer', 'reviewer', 'analyst', 'support')),
    created_at timestamptz NOT NULL,
    PRIMARY KEY (store_id, person_id)
);
CREATE INDEX roles_person ON roles (person_id);

CREATE TABLE console_sessions (
    token_hash bytea       NOT NULL PRIMARY KEY,
    data       bytea       NOT NULL,
    person_id  text        NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX console_sessions_expiry ON console_sessions (expires_at);
CREATE INDEX console_sessions_person ON console_sessions (person_id);

CREATE TABLE audit (
    id         text        NOT NULL PRIMARY KEY,
    store_id   text        NOT NULL,
    actor      text        NOT NULL,
    action     text        NOT NULL,
    target     text        NOT NULL,
    changes    text        NOT NULL,
    request_id text        NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE INDEX audit_store ON audit (store_id, id);

CREATE TABLE signing_keys (
    kid         text        NOT NULL PRIMARY KEY,
    alg         text        NOT NULL,
    private_key bytea       NOT NULL,
    public_key  bytea       NOT NULL,
    created_at  timestamptz NOT NULL,
    active_from timestamptz NOT NULL,
    retired_at  timestamptz NULL,
    not_after   timestamptz NULL,
    revoked_at  timestamptz NULL
);

-- Secrets that belong to no store, sealed.
CREATE TABLE gateway_secrets (
    name       text        NOT NULL PRIMARY KEY,
    sealed     bytea       NOT NULL,
    created_at timestamptz NOT NULL
);

-- +goose Down
DROP TABLE gateway_secrets;
DROP TABLE signing_keys;
DROP TABLE audit;
DROP TABLE console_sessions;
DROP TABLE roles;
DROP TABLE people;
DROP TABLE idempotency_keys;
DROP TABLE customer_sessions;
DROP TABLE api_keys;
DROP TABLE stores;
