-- +goose Up
CREATE TABLE stores (
    id              TEXT        NOT NULL PRIMARY KEY,
    name            TEXT        NOT NULL,
    mode            TEXT        NOT NULL CHECK (mode IN ('test', 'live')),
    currency        TEXT        NOT NULL,
    timezone        TEXT        NOT NULL,
    origins         TEXT        NOT NULL,
    settings        TEXT        NOT NULL,
    secret          BLOB       NOT NULL,
    clock_offset_us INTEGER      NOT NULL,
    version         INTEGER      NOT NULL,
    created_at      TIMESTAMP NOT NULL,
    updated_at      TIMESTAMP NOT NULL
);

CREATE TABLE api_keys (
    id         TEXT        NOT NULL PRIMARY KEY,
    store_id   TEXT        NOT NULL REFERENCES stores (id),
    kind       TEXT        NOT NULL CHECK (kind IN ('publishable', 'secret')),
    name       TEXT        NOT NULL,
    hash       BLOB       NOT NULL UNIQUE,
    hint       TEXT        NOT NULL,
    plain      TEXT        NOT NULL,
    scopes     TEXT        NOT NULL,
    created_at TIMESTAMP NOT NULL,
    revoked_at TIMESTAMP NULL
);
CREATE INDEX api_keys_store ON api_keys (store_id, created_at);

CREATE TABLE customer_sessions (
    hash       BLOB       NOT NULL PRIMARY KEY,
    store_id   TEXT        NOT NULL REFERENCES stores (id),
    customer   TEXT        NOT NULL,
    created_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL
);
CREATE INDEX customer_sessions_expiry ON customer_sessions (expires_at);

CREATE TABLE idempotency_keys (
    store_id    TEXT        NOT NULL,
    key_mac     BLOB       NOT NULL,
    fingerprint BLOB       NOT NULL,
    attempt     TEXT        NOT NULL,
    status      INTEGER      NOT NULL,
    answer      BLOB       NULL,
    created_at  TIMESTAMP NOT NULL,
    PRIMARY KEY (store_id, key_mac)
);
CREATE INDEX idempotency_keys_age ON idempotency_keys (created_at);

CREATE TABLE people (
    id            TEXT        NOT NULL PRIMARY KEY,
    email         TEXT        NOT NULL UNIQUE,
    name          TEXT        NOT NULL,
    password_hash TEXT        NOT NULL,
    operator      BOOLEAN     NOT NULL,
    disabled      BOOLEAN     NOT NULL,
    locale        TEXT        NOT NULL,
    created_at    TIMESTAMP NOT NULL,
    updated_at    TIMESTAMP NOT NULL
);

CREATE TABLE roles (
    store_id   TEXT        NOT NULL REFERENCES stores (id),
    person_id  TEXT        NOT NULL REFERENCES people (id),
    role       TEXT        NOT NULL CHECK (role IN ('owner', 'marketer', 'reviewer', 'analyst', 'support')),
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (store_id, person_id)
);
CREATE INDEX roles_person ON roles (person_id);

CREATE TABLE console_sessions (
    token_hash BLOB       NOT NULL PRIMARY KEY,
    data       BLOB       NOT NULL,
    person_id  TEXT        NOT NULL,
    expires_at TIMESTAMP NOT NULL
);
CREATE INDEX console_sessions_expiry ON console_sessions (expires_at);
CREATE INDEX console_sessions_person ON console_sessions (person_id);

CREATE TABLE audit (
    id         TEXT        NOT NULL PRIMARY KEY,
    store_id   TEXT        NOT NULL,
    actor      TEXT        NOT NULL,
    action     TEXT        NOT NULL,
    target     TEXT        NOT NULL,
    changes    TEXT        NOT NULL,
    request_id TEXT        NOT NULL,
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX audit_store ON audit (store_id, id);

CREATE TABLE signing_keys (
    kid         TEXT        NOT NULL PRIMARY KEY,
    alg         TEXT        NOT NULL,
    private_key BLOB       NOT NULL,
    public_key  BLOB       NOT NULL,
    created_at  TIMESTAMP NOT NULL,
    active_from TIMESTAMP NOT NULL,
    retired_at  TIMESTAMP NULL,
    not_after   TIMESTAMP NULL,
    revoked_at  TIMESTAMP NULL
);

-- Secrets that belong to no store, sealed.
CREATE TABLE gateway_secrets (
    name       TEXT        NOT NULL PRIMARY KEY,
    sealed     BLOB       NOT NULL,
    created_at TIMESTAMP NOT NULL
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
