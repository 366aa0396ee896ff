-- +goose Up
CREATE TABLE store_groups (
    store_id   TEXT   NOT NULL REFERENCES stores (id),
    name       TEXT   NOT NULL,
    label      TEXT   NOT NULL,
    subgroups  TEXT   NOT NULL,
    PRIMARY KEY (store_id, name)
);

CREATE TABLE policies (
    store_id   TEXT        NOT NULL REFERENCES stores (id),
    id         TEXT        NOT NULL,
    version    INTEGER      NOT NULL,
    group_name TEXT        NOT NULL,
    subgroup   TEXT        NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    PRIMARY KEY (store_id, id)
);
CREATE UNIQUE INDEX policies_group ON policies (store_id, group_name, subgroup);

-- A version never changes, and outlives its policy: verifications keep the one that they began with.
CREATE TABLE policy_versions (
    store_id             TEXT        NOT NULL,
    policy_id            TEXT        NOT NULL,
    version              INTEGER      NOT NULL,
    group_name           TEXT        NOT NULL,
    subgroup             TEXT        NOT NULL,
    paths                TEXT        NOT NULL,
    validity_days        INTEGER      NOT NULL,
    validity_until       TEXT        NOT NULL,
    accept_self_declared BOOLEAN     NOT NULL,
    created_at           TIMESTAMP NOT NULL,
    updated_at           TIMESTAMP NOT NULL,
    PRIMARY KEY (store_id, policy_id, version)
);

-- The configuration of one instance of a verifier, such as one OpenID provider. The secret is sealed.
CREATE TABLE verifier_settings (
    store_id TEXT   NOT NULL REFERENCES stores (id),
    verifier TEXT   NOT NULL,
    instance TEXT   NOT NULL,
    config   TEXT   NOT NULL,
    secret   BLOB  NULL,
    version  INTEGER NOT NULL,
    PRIMARY KEY (store_id, verifier, instance)
);

CREATE TABLE domain_lists (
    store_id TEXT   NOT NULL REFERENCES stores (id),
    name     TEXT   NOT NULL,
    purpose  TEXT   NOT NULL CHECK (purpose IN ('eligible', 'abused', 'stopped')),
    domains  TEXT   NOT NULL,
    digest   TEXT   NOT NULL,
    version  INTEGER NOT NULL,
    PRIMARY KEY (store_id, name)
);

-- Changes with every change of groups, verifier settings and domain lists, so that what was read of them can be kept.
CREATE TABLE verify_revisions (
    store_id TEXT   NOT NULL PRIMARY KEY REFERENCES stores (id),
    revision INTEGER NOT NULL
);

CREATE TABLE verifications (
    store_id       TEXT        NOT NULL REFERENCES stores (id),
    id             TEXT        NOT NULL,
    group_name     TEXT        NOT NULL,
    subgroup       TEXT        NOT NULL,
    offer_id       TEXT        NOT NULL,
    customer       TEXT        NOT NULL,
    bound          BOOLEAN     NOT NULL,
    secret_hash    BLOB       NOT NULL,
    state          TEXT        NOT NULL,
    policy_id      TEXT        NOT NULL,
    policy_version INTEGER      NOT NULL,
    detail         TEXT        NOT NULL,
    challenge      BLOB       NULL,
    attestation_id TEXT        NOT NULL,
    revision       INTEGER      NOT NULL,
    created_at     TIMESTAMP NOT NULL,
    updated_at     TIMESTAMP NOT NULL,
    expires_at     TIMESTAMP NOT NULL,
    decided_at     TIMESTAMP NULL,
    PRIMARY KEY (store_id, id)
);
CREATE INDEX verifications_customer ON verifications (store_id, customer, id);
CREATE INDEX verifications_due ON verifications (store_id, state, expires_at);

CREATE TABLE evidence (
    store_id        TEXT        NOT NULL,
    id              TEXT        NOT NULL,
    verification_id TEXT        NOT NULL,
    requirement     TEXT        NOT NULL,
    verifier        TEXT        NOT NULL,
    classes         TEXT        NOT NULL,
    group_name      TEXT        NOT NULL,
    subgroup        TEXT        NOT NULL,
    organisation    TEXT        NOT NULL,
    tags            TEXT        NOT NULL,
    facts           TEXT        NOT NULL,
    valid_until     TIMESTAMP NULL,
    created_at      TIMESTAMP NOT NULL,
    PRIMARY KEY (store_id, id),
    FOREIGN KEY (store_id, verification_id) REFERENCES verifications (store_id, id)
);
CREATE INDEX evidence_verification ON evidence (store_id, verification_id, id);

CREATE TABLE attestations (
    store_id        TEXT        NOT NULL,
    id              TEXT        NOT NULL,
    verification_id TEXT        NOT NULL,
    customer        TEXT        NOT NULL,
    bound           BOOLEAN     NOT NULL,
    group_name      TEXT        NOT NULL,
    subgroup        TEXT        NOT NULL,
    organisation    TEXT        NOT NULL,
    classes         TEXT        NOT NULL,
    tags            TEXT        NOT NULL,
    policy_id       TEXT        NOT NULL,
    policy_version  INTEGER      NOT NULL,
    valid_until     TIMESTAMP NOT NULL,
    created_at      TIMESTAMP NOT NULL,
    ended_at        TIMESTAMP NULL,
    end_reason      TEXT        NOT NULL,
    PRIMARY KEY (store_id, id),
    FOREIGN KEY (store_id, verification_id) REFERENCES verifications (store_id, id)
);
CREATE INDEX attestations_customer ON attestations (store_id, customer, id);

-- One row a person tag and group, there before anybody decides, so that it can be locked. Without an attestation it
-- is free.
CREATE TABLE attestation_tags (
    store_id       TEXT NOT NULL REFERENCES stores (id),
    group_name     TEXT NOT NULL,
    tag            TEXT NOT NULL,
    attestation_id TEXT NULL,
    PRIMARY KEY (store_id, group_name, tag)
);

CREATE TABLE sso_states (
    store_id        TEXT        NOT NULL,
    state_hash      BLOB       NOT NULL,
    verification_id TEXT        NOT NULL,
    requirement     TEXT        NOT NULL,
    return_url      TEXT        NOT NULL,
    sealed          BLOB       NOT NULL,
    browser_hash    BLOB       NULL,
    created_at      TIMESTAMP NOT NULL,
    expires_at      TIMESTAMP NOT NULL,
    used_at         TIMESTAMP NULL,
    PRIMARY KEY (store_id, state_hash),
    FOREIGN KEY (store_id, verification_id) REFERENCES verifications (store_id, id)
);
CREATE INDEX sso_states_verification ON sso_states (store_id, verification_id);
CREATE INDEX sso_states_expiry ON sso_states (store_id, expires_at);

-- The moments at which something limited happened to a person, oldest first, as a JSON array of microseconds. One row
-- a limit and person: it is locked, read and written together.
CREATE TABLE limit_windows (
    store_id   TEXT        NOT NULL REFERENCES stores (id),
    kind       TEXT        NOT NULL,
    tag        TEXT        NOT NULL,
    moments    TEXT        NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    PRIMARY KEY (store_id, kind, tag)
);
CREATE INDEX limit_windows_age ON limit_windows (store_id, updated_at);

-- +goose Down
DROP TABLE limit_windows;
DROP TABLE sso_states;
DROP TABLE attestation_tags;
DROP TABLE attestations;
DROP TABLE evidence;
DROP TABLE verifications;
DROP TABLE verify_revisions;
DROP TABLE domain_lists;
DROP TABLE verifier_settings;
DROP TABLE policy_versions;
DROP TABLE policies;
DROP TABLE store_groups;
