-- +goose Up
-- Every text of consent that a store has shown, from the moment on at which it was shown. Rows never change.
CREATE TABLE consent_texts (
    store_id TEXT        NOT NULL REFERENCES stores (id),
    since    TIMESTAMP NOT NULL,
    version  TEXT        NOT NULL,
    body     TEXT        NOT NULL,
    PRIMARY KEY (store_id, since)
);
CREATE INDEX consent_texts_version ON consent_texts (store_id, version, since);

INSERT INTO consent_texts (store_id, since, version, body)
SELECT id, created_at, json_extract(settings, '$.consent.version'), json_extract(settings, '$.consent')
FROM stores WHERE json_extract(settings, '$.consent.version') <> '';

-- Who agreed to marketing and who took it back, newest last. The newest row of a customer is what holds.
CREATE TABLE marketing_consents (
    store_id        TEXT        NOT NULL REFERENCES stores (id),
    id              TEXT        NOT NULL,
    customer        TEXT        NOT NULL,
    verification_id TEXT        NOT NULL,
    granted         BOOLEAN     NOT NULL,
    version         TEXT        NOT NULL,
    locale          TEXT        NOT NULL,
    source          TEXT        NOT NULL CHECK (source IN ('verification', 'shopper', 'store', 'erasure')),
    created_at      TIMESTAMP NOT NULL,
    PRIMARY KEY (store_id, id)
);
CREATE INDEX marketing_consents_customer ON marketing_consents (store_id, customer, id);

-- What was asked for in the name of a shopper. Once an erasure is done the pseudonym stands where the customer stood.
CREATE TABLE privacy_requests (
    store_id        TEXT        NOT NULL REFERENCES stores (id),
    id              TEXT        NOT NULL,
    kind            TEXT        NOT NULL CHECK (kind IN ('export', 'erasure')),
    state           TEXT        NOT NULL CHECK (state IN ('waiting', 'running', 'done')),
    customer        TEXT        NOT NULL,
    verification_id TEXT        NOT NULL,
    pseudonym       TEXT        NOT NULL,
    asked_by        TEXT        NOT NULL CHECK (asked_by IN ('shopper', 'store', 'console')),
    actor           TEXT        NOT NULL,
    secret_hash     BLOB        NOT NULL,
    step            TEXT        NOT NULL,
    after_id        TEXT        NOT NULL,
    removed         TEXT        NOT NULL,
    receipt         TEXT        NOT NULL,
    created_at      TIMESTAMP NOT NULL,
    updated_at      TIMESTAMP NOT NULL,
    done_at         TIMESTAMP NULL,
    PRIMARY KEY (store_id, id)
);
CREATE UNIQUE INDEX privacy_requests_open ON privacy_requests (store_id, customer, verification_id) WHERE kind = 'erasure' AND state <> 'done';
CREATE INDEX privacy_requests_customer ON privacy_requests (store_id, customer, id);
CREATE UNIQUE INDEX privacy_requests_secret ON privacy_requests (secret_hash) WHERE kind = 'erasure';
CREATE INDEX privacy_requests_unfinished ON privacy_requests (store_id, id) WHERE state <> 'done';

-- What the job that forgets has done, a row for each class and run; runs in which nothing was removed leave one row.
CREATE TABLE retention_runs (
    store_id TEXT        NOT NULL REFERENCES stores (id),
    class    TEXT        NOT NULL,
    ran_at   TIMESTAMP NOT NULL,
    removed  INTEGER     NOT NULL CHECK (removed >= 0),
    PRIMARY KEY (store_id, class, ran_at)
);

-- What is to be forgotten of networks, oldest first.
CREATE INDEX verifications_network_age ON verifications (store_id, created_at) WHERE network <> '';

-- +goose Down
DROP INDEX verifications_network_age;
DROP TABLE retention_runs;
DROP TABLE privacy_requests;
DROP TABLE marketing_consents;
DROP TABLE consent_texts;
