-- +goose Up
-- One row a person tag, there before anybody decides about the person, so that it can be locked. It holds nothing.
CREATE TABLE persons (
    store_id TEXT NOT NULL REFERENCES stores (id),
    tag      TEXT NOT NULL,
    PRIMARY KEY (store_id, tag)
);

-- What is thought of an attestation now. Without a label it was lifted. settled_at is empty as long as something of the
-- consequences of a confirmed fraud is still to be done.
CREATE TABLE fraud_cases (
    store_id       TEXT        NOT NULL,
    attestation_id TEXT        NOT NULL,
    label          TEXT        NOT NULL CHECK (label IN ('', 'suspected', 'confirmed')),
    reason         TEXT        NOT NULL,
    reference      TEXT        NOT NULL,
    actor          TEXT        NOT NULL,
    reverse_points BOOLEAN     NOT NULL,
    marked_at      TIMESTAMP NOT NULL,
    settled_at     TIMESTAMP NULL,
    PRIMARY KEY (store_id, attestation_id),
    FOREIGN KEY (store_id, attestation_id) REFERENCES attestations (store_id, id)
);
CREATE INDEX fraud_cases_unsettled ON fraud_cases (store_id, attestation_id) WHERE label = 'confirmed' AND settled_at IS NULL;

-- The person tags that a label reaches.
CREATE TABLE fraud_tags (
    store_id       TEXT NOT NULL,
    tag            TEXT NOT NULL,
    attestation_id TEXT NOT NULL,
    PRIMARY KEY (store_id, tag, attestation_id),
    FOREIGN KEY (store_id, attestation_id) REFERENCES fraud_cases (store_id, attestation_id)
);

-- Every label that was set or lifted. Rows are never changed.
CREATE TABLE fraud_marks (
    store_id       TEXT        NOT NULL,
    id             TEXT        NOT NULL,
    attestation_id TEXT        NOT NULL,
    label          TEXT        NOT NULL,
    reason         TEXT        NOT NULL,
    reference      TEXT        NOT NULL,
    actor          TEXT        NOT NULL,
    created_at     TIMESTAMP NOT NULL,
    PRIMARY KEY (store_id, id),
    FOREIGN KEY (store_id, attestation_id) REFERENCES fraud_cases (store_id, attestation_id)
);
CREATE INDEX fraud_marks_attestation ON fraud_marks (store_id, attestation_id, id);

-- A person is found in every group.
CREATE INDEX attestation_tags_tag ON attestation_tags (store_id, tag);

ALTER TABLE policy_versions ADD COLUMN limits TEXT NOT NULL DEFAULT '[]';

-- The versions of the key of a store's person tags that came after the first, which is made of the store's secret. The
-- row of version 1, if there is one, says only whether it is retired.
CREATE TABLE tag_keys (
    store_id   TEXT        NOT NULL REFERENCES stores (id),
    version    INTEGER      NOT NULL,
    sealed     BLOB       NULL,
    created_at TIMESTAMP NOT NULL,
    retired_at TIMESTAMP NULL,
    PRIMARY KEY (store_id, version)
);

-- +goose Down
DROP TABLE tag_keys;
ALTER TABLE policy_versions DROP COLUMN limits;
DROP INDEX attestation_tags_tag;
DROP TABLE fraud_marks;
DROP TABLE fraud_tags;
DROP TABLE fraud_cases;
DROP TABLE persons;
