-- +goose Up
-- The keyed hash of the network that a verification began in; empty when that was not known.
ALTER TABLE verifications ADD COLUMN network TEXT NOT NULL DEFAULT '';
CREATE INDEX verifications_network ON verifications (store_id, network, created_at) WHERE network <> '';

-- What people are asked to decide. A verification has at most one review that is open.
CREATE TABLE reviews (
    store_id        TEXT        NOT NULL,
    id              TEXT        NOT NULL,
    verification_id TEXT        NOT NULL,
    requirement     TEXT        NOT NULL,
    group_name      TEXT        NOT NULL,
    subgroup        TEXT        NOT NULL,
    why             TEXT        NOT NULL,
    signals         TEXT        NOT NULL,
    needed          INTEGER      NOT NULL CHECK (needed IN (1, 2)),
    claimed_by      TEXT        NOT NULL,
    claimed_until   TIMESTAMP NULL,
    votes           TEXT        NOT NULL,
    -- first_by is who approved first where two are needed: they are not asked again.
    first_by        TEXT        NOT NULL,
    outcome         TEXT        NOT NULL,
    opened_at       TIMESTAMP NOT NULL,
    decided_at      TIMESTAMP NULL,
    PRIMARY KEY (store_id, id),
    FOREIGN KEY (store_id, verification_id) REFERENCES verifications (store_id, id)
);
CREATE UNIQUE INDEX reviews_open ON reviews (store_id, verification_id) WHERE outcome = '';
CREATE INDEX reviews_waiting ON reviews (store_id, opened_at, id) WHERE outcome = '';
CREATE INDEX reviews_verification ON reviews (store_id, verification_id);

-- What a shopper typed and a reviewer has to see, encrypted. It is forgotten after a while.
CREATE TABLE collected (
    store_id        TEXT        NOT NULL,
    verification_id TEXT        NOT NULL,
    requirement     TEXT        NOT NULL,
    sealed          BLOB       NOT NULL,
    created_at      TIMESTAMP NOT NULL,
    PRIMARY KEY (store_id, verification_id, requirement),
    FOREIGN KEY (store_id, verification_id) REFERENCES verifications (store_id, id)
);
CREATE INDEX collected_age ON collected (store_id, created_at);

-- The signed receipts of decisions: no personal data.
CREATE TABLE decision_receipts (
    store_id        TEXT        NOT NULL,
    id              TEXT        NOT NULL,
    verification_id TEXT        NOT NULL,
    decided         TEXT        NOT NULL,
    jws             TEXT        NOT NULL,
    created_at      TIMESTAMP NOT NULL,
    PRIMARY KEY (store_id, id),
    FOREIGN KEY (store_id, verification_id) REFERENCES verifications (store_id, id)
);
CREATE INDEX decision_receipts_verification ON decision_receipts (store_id, verification_id, id);

-- +goose Down
DROP TABLE decision_receipts;
DROP TABLE collected;
DROP TABLE reviews;
DROP INDEX verifications_network;
ALTER TABLE verifications DROP COLUMN network;
