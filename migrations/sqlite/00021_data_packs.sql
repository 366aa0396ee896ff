-- +goose Up
-- Lists of mail domains, with their versions. The gateway's own packs, which every store can use, have no store.
CREATE TABLE data_packs (
    store_id TEXT   NOT NULL,
    name     TEXT   NOT NULL,
    version  INTEGER NOT NULL,
    PRIMARY KEY (store_id, name)
);

-- content is a text with a line "=purpose" before each part, compressed or not.
CREATE TABLE data_pack_versions (
    store_id       TEXT        NOT NULL,
    name           TEXT        NOT NULL,
    version        INTEGER      NOT NULL,
    digest         TEXT        NOT NULL,
    format         TEXT        NOT NULL,
    source         TEXT        NOT NULL,
    eligible       INTEGER      NOT NULL,
    abused         INTEGER      NOT NULL,
    stopped        INTEGER      NOT NULL,
    domains_in     INTEGER      NOT NULL,
    domains_out    INTEGER      NOT NULL,
    rolled_back_to INTEGER      NOT NULL,
    affected       TEXT        NOT NULL,
    attestations   INTEGER      NOT NULL,
    author         TEXT        NOT NULL,
    content        BLOB       NOT NULL,
    created_at     TIMESTAMP NOT NULL,
    PRIMARY KEY (store_id, name, version)
);

-- The versions that stores stay at until they accept newer ones. pack_store is empty for the gateway's packs.
CREATE TABLE data_pack_pins (
    store_id   TEXT   NOT NULL REFERENCES stores (id),
    pack_store TEXT   NOT NULL,
    name       TEXT   NOT NULL,
    version    INTEGER NOT NULL,
    PRIMARY KEY (store_id, pack_store, name)
);

-- One row: changes with every change of the gateway's packs.
CREATE TABLE data_pack_revisions (
    scope    TEXT   NOT NULL PRIMARY KEY CHECK (scope = 'gateway'),
    revision INTEGER NOT NULL
);
INSERT INTO data_pack_revisions (scope, revision) VALUES ('gateway', 0);

-- The mailboxes' domains that an attestation rests on.
CREATE TABLE attestation_domains (
    store_id       TEXT        NOT NULL REFERENCES stores (id),
    attestation_id TEXT        NOT NULL,
    requirement    TEXT        NOT NULL,
    domain         TEXT        NOT NULL,
    noted_at       TIMESTAMP NOT NULL,
    PRIMARY KEY (store_id, attestation_id, requirement)
);
CREATE INDEX attestation_domains_domain ON attestation_domains (store_id, requirement, domain);

-- Domains whose attestations are to be ended: a job does what a request left.
CREATE TABLE withdrawn_domains (
    store_id     TEXT        NOT NULL REFERENCES stores (id),
    requirement  TEXT        NOT NULL,
    domain       TEXT        NOT NULL,
    withdrawn_at TIMESTAMP NOT NULL,
    PRIMARY KEY (store_id, requirement, domain)
);

-- Domain lists become packs of one part. The table stays for the version that serves meanwhile.
INSERT INTO data_packs (store_id, name, version) SELECT store_id, name, version FROM domain_lists;
INSERT INTO data_pack_versions (store_id, name, version, digest, format, source, eligible, abused, stopped, domains_in, domains_out,
        rolled_back_to, affected, attestations, author, content, created_at)
    SELECT l.store_id, l.name, l.version, l.digest, 'plain', '',
        CASE WHEN l.purpose = 'eligible' THEN l.n ELSE 0 END, CASE WHEN l.purpose = 'abused' THEN l.n ELSE 0 END,
        CASE WHEN l.purpose = 'stopped' THEN l.n ELSE 0 END, l.n, 0, 0, '', 0, 'system',
        CAST('=' || l.purpose || char(10) || l.domains || char(10) AS BLOB), s.created_at
    FROM (SELECT *, length(domains) - length(replace(domains, char(10), '')) + 1 AS n FROM domain_lists) l JOIN stores s ON s.id = l.store_id;

-- What is known of older attestations: the domain that made them eligible.
INSERT INTO attestation_domains (store_id, attestation_id, requirement, domain, noted_at)
    SELECT DISTINCT a.store_id, a.id, e.requirement, e.organisation, a.created_at
    FROM attestations a JOIN evidence e ON e.store_id = a.store_id AND e.verification_id = a.verification_id
    WHERE e.verifier = 'email' AND e.organisation <> ''
    ON CONFLICT DO NOTHING;

-- +goose Down
DROP TABLE withdrawn_domains;
DROP TABLE attestation_domains;
DROP TABLE data_pack_revisions;
DROP TABLE data_pack_pins;
DROP TABLE data_pack_versions;
DROP TABLE data_packs;
