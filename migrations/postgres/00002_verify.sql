-- +goose Up
CREATE TABLE store_groups (
    store_id   text   NOT NULL REFERENCES stores (id),
    name       text   NOT NULL,
    label      text   NOT NULL,
    subgroups  text   NOT NULL,
    PRIMARY KEY (store_id, name)
);

CREATE TABLE policies (
    store_id   text        NOT NULL REFERENCES stores (id),
    id         text        NOT NULL,
    version    bigint      NOT NULL,
    group_name text        NOT NULL,
    subgroup   text        NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (store_id, id)
);
CREATE UNIQUE INDEX policies_group ON policies (store_id, group_name, subgroup);

-- A version never changes, and outlives its policy: verifications keep the one that they began with.
CREATE TABLE policy_versions (
    store_id             text        NOT NULL,
    policy_id            text        NOT NULL,
    version              bigint      NOT NULL,
    group_name           text        NOT NULL,
    subgroup             text        NOT NULL,
    paths                text        NOT NULL,
    validity_days        bigint      NOT NULL,
    validity_until       text        NOT NULL,
    accept_self_declared boolean     NOT NULL,
    created_at           timestamptz NOT NULL,
    updated_at           timestamptz NOT NULL,
    PRIMARY KEY (store_id, policy_id, version)
);

-- The configuration of one instance of a verifier, such as one OpenID provider. The secret is sealed.
CREATE TABLE verifier_settings (
    store_id text   NOT NULL REFERENCES stores (id),
    verifier text   NOT NULL,
    instance text   NOT NULL,
    config   text   NOT NULL,
    secret   bytea  NULL,
    version  bigint NOT NULL,
    PRIMARY KEY (store_id, verifier, instance)
);

CREATE TABLE domain_lists (
    store_id text   NOT NULL REFERENCES stores (id),
    name     text   NOT NULL,
    purpose  text   NOT NULL CHECK (purpose IN ('eligible', 'abused', 'stopped')),
    domains  text   NOT NULL,
    digest   text   NOT NULL,
    version  bigint NOT NULL,
    PRIMARY KEY (store_id, name)
);

-- Changes with every change of groups, verifier settings and domain lists, so that what was read of them can be kept.
CREATE TABLE verify_revisions (
    store_id text   NOT NULL PRIMARY KEY REFERENCES stores (id),
    revision bigint NOT NULL
);

CREATE TABLE verifications (
    store_id       text        NOT NULL REFERENCES stores (id),
    id             text        NOT NULL,
    group_name     text        NOT NULL,
    subgroup       text        NOT NULL,
    offer_id       text        NOT NULL,
    customer       text        NOT NULL,
    bound          boolean     NOT NULL,
    secret_hash    bytea       NOT NULL,
    state          text        NOT NULL,
    policy_id      text        NOT NULL,
    policy_version bigint      NOT NULL,
    detail         text        NOT NULL,
    challenge      bytea       NULL,
    attestation_id text        NOT NULL,
    revision       bigint      NOT NULL,
    created_at     timestamptz NOT NULL,
    updated_at     timestamptz NOT NULL,
    expires_at     timestamptz NOT NULL,
    decided_at     timestamptz NULL,
    PRIMARY KEY (store_id, id)
);
CREATE INDEX verifications_customer ON verifications (store_id, customer, id);
CREATE INDEX verifications_due ON verifications (store_id, state, expires_at);

CREATE TABLE evidence (
    store_id        text        NOT NULL,
    id              text        NOT NULL,
    verification_id text        NOT NULL,
    requirement     text        NOT NULL,
    verifier        text        NOT NULL,
    classes         text        NOT NULL,
    group_name      text        NOT NULL,
    subgroup        text        NOT NULL,
    organisation    text        NOT NULL,
    tags            text        NOT NULL,
    facts           text        NOT NULL,
    valid_until     timestamptz NULL,
    created_at      timestamptz NOT NULL,
    PRIMARY KEY (store_id, id),
    FOREIGN KEY (store_id, verification_id) REFERENCES verifications (store_id, id)
);
CREATE INDEX evidence_verification ON evidence (store_id, verification_id, id);

CREATE TABLE attestations (
    store_id        text        NOT NULL,
    id              text        NOT NULL,
    verification_id text        NOT NULL,
    customer        text        NOT NULL,
    bound           boolean     NOT NULL,
    group_name      text        NOT NULL,
    subgroup        text        NOT NULL,
    organisation    text        NOT NULL,
    classes         text        NOT NULL,
    tags            text        NOT NULL,
    policy_id       text        NOT NULL,
    policy_version  bigint      NOT NULL,
    valid_until     timestamptz NOT NULL,
    created_at      timestamptz NOT NULL,
    ended_at        timestamptz NULL,
    end_reason      text        NOT NULL,
    PRIMARY KEY (store_id, id),
    FOREIGN KEY (store_id, verification_id) REFERENCES verifications (store_id, id)
);
CREATE INDEX attestations_customer ON attestations (store_id, customer, id);

-- One row a person tag and group, there before anybody decides, so that it can be locked. Without an attestation it
-- is free.
CREATE TABLE attestation_tags (
    store_id       text NOT NULL REFERENCES stores (id),
    group_name     text NOT NULL,
    tag            text NOT NULL,
    attestation_id text NULL,
    PRIMARY KEY (store_id, group_name, tag)
);

CREATE TABLE sso_states (
    store_id        text        NOT NULL,
    state_hash      bytea       NOT NULL,
    verification_id text        NOT NULL,
    requirement     text        NOT NULL,
    return_url      text        NOT NULL,
    sealed          bytea       NOT NULL,
    browser_hash    bytea       NULL,
    created_at      timestamptz NOT NULL,
    expires_at      timestamptz NOT NULL,
    used_at         timestamptz NULL,
    PRIMARY KEY (store_id, state_hash),
    FOREIGN KEY (store_id, verification_id) REFERENCES verifications (store_id, id)
);
CREATE INDEX sso_states_verification ON sso_states (store_id, verification_id);
CREATE INDEX sso_states_expiry ON sso_states (store_id, expires_at);

-- The moments at which something limited happened to a person, oldest first, as a JSON array of microseconds. One row
-- a limit and person: it is locked, read and written together.
CREATE TABLE limit_windows (
    store_id   text        NOT NULL REFERENCES stores (id),
    kind       text        NOT NULL,
    tag        text        NOT NULL,
    moments    text        NOT NULL,
    updated_at timestamptz NOT NULL,
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
