-- +goose Up
CREATE TABLE offers (
    store_id   TEXT        NOT NULL REFERENCES stores (id),
    id         TEXT        NOT NULL,
    version    INTEGER      NOT NULL,
    state      TEXT        NOT NULL CHECK (state IN ('draft', 'live', 'paused', 'ended')),
    name       TEXT        NOT NULL,
    group_name TEXT        NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    PRIMARY KEY (store_id, id)
);
CREATE INDEX offers_state ON offers (store_id, state, id);

CREATE TABLE offer_versions (
    store_id   TEXT        NOT NULL,
    offer_id   TEXT        NOT NULL,
    version    INTEGER      NOT NULL,
    body       TEXT        NOT NULL,
    actor      TEXT        NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (store_id, offer_id, version)
);

-- One row a (offer, subject) that may hold one live token: it is locked before a token is given, so that asking twice
-- gives the same token, and it points to the token given last.
CREATE TABLE offer_token_slots (
    store_id TEXT NOT NULL,
    offer_id TEXT NOT NULL,
    subject  TEXT NOT NULL,
    jti      TEXT NOT NULL,
    PRIMARY KEY (store_id, offer_id, subject)
);

CREATE TABLE offer_tokens (
    store_id       TEXT        NOT NULL,
    jti            TEXT        NOT NULL,
    offer_id       TEXT        NOT NULL,
    offer_version  INTEGER      NOT NULL,
    subject        TEXT        NOT NULL,
    attestation_id TEXT        NOT NULL,
    customer       TEXT        NOT NULL,
    group_name     TEXT        NOT NULL,
    person_tags    TEXT        NOT NULL,
    code_mac       BLOB       NOT NULL,
    kid            TEXT        NOT NULL,
    sealed         BLOB       NOT NULL,
    state          TEXT        NOT NULL CHECK (state IN ('live', 'held', 'spent', 'revoked')),
    holder         TEXT        NOT NULL,
    issued_at      TIMESTAMP NOT NULL,
    expires_at     TIMESTAMP NOT NULL,
    PRIMARY KEY (store_id, jti)
);
CREATE UNIQUE INDEX offer_tokens_code ON offer_tokens (store_id, code_mac);
CREATE INDEX offer_tokens_attestation ON offer_tokens (store_id, attestation_id);
CREATE INDEX offer_tokens_offer ON offer_tokens (store_id, offer_id, jti);

-- What is left of a limit. Rows exist for limited offers only; an unlimited offer writes no shared row.
CREATE TABLE offer_counters (
    store_id TEXT   NOT NULL,
    offer_id TEXT   NOT NULL,
    scope    TEXT   NOT NULL CHECK (scope IN ('total', 'person', 'customer')),
    subject  TEXT   NOT NULL,
    used     INTEGER NOT NULL CHECK (used >= 0),
    held     INTEGER NOT NULL CHECK (held >= 0),
    PRIMARY KEY (store_id, offer_id, scope, subject)
);

-- One row a unit of capacity that a reservation holds. Changes only under the lock of its counter.
CREATE TABLE offer_holds (
    store_id       TEXT        NOT NULL,
    offer_id       TEXT        NOT NULL,
    scope          TEXT        NOT NULL,
    subject        TEXT        NOT NULL,
    reservation_id TEXT        NOT NULL,
    expires_at     TIMESTAMP NOT NULL,
    PRIMARY KEY (store_id, offer_id, scope, subject, reservation_id)
);
CREATE INDEX offer_holds_expiry ON offer_holds (store_id, offer_id, scope, subject, expires_at);

-- The attempt to pay (order_ref): points to the reservation or redemption that holds it.
CREATE TABLE order_attempts (
    store_id       TEXT NOT NULL,
    order_ref      TEXT NOT NULL,
    reservation_id TEXT NOT NULL,
    PRIMARY KEY (store_id, order_ref)
);

-- The order (order_id): a natural key that belongs to one redemption or to one plain order for ever.
CREATE TABLE orders (
    store_id    TEXT        NOT NULL,
    order_id    TEXT        NOT NULL,
    id          TEXT        NOT NULL,
    kind        TEXT        NOT NULL CHECK (kind IN ('', 'order', 'redemption')),
    fingerprint BLOB       NOT NULL,
    customer    TEXT        NOT NULL,
    currency    TEXT        NOT NULL,
    total       INTEGER      NOT NULL,
    points      INTEGER      NOT NULL,
    body        TEXT        NOT NULL,
    refunded    TEXT        NOT NULL,
    placed_at   TIMESTAMP NULL,
    recorded_at TIMESTAMP NULL,
    PRIMARY KEY (store_id, order_id)
);
CREATE INDEX orders_recent ON orders (store_id, id) WHERE kind <> '';
CREATE INDEX orders_customer ON orders (store_id, customer, id) WHERE kind <> '';

CREATE TABLE reservations (
    store_id      TEXT        NOT NULL,
    id            TEXT        NOT NULL,
    order_ref     TEXT        NOT NULL,
    state         TEXT        NOT NULL CHECK (state IN ('held', 'redeemed', 'released', 'expired')),
    redemption_id TEXT        NOT NULL,
    body          TEXT        NOT NULL,
    created_at    TIMESTAMP NOT NULL,
    expires_at    TIMESTAMP NOT NULL,
    PRIMARY KEY (store_id, id)
);
CREATE INDEX reservations_ref ON reservations (store_id, order_ref);
CREATE INDEX reservations_expiry ON reservations (state, expires_at);

CREATE TABLE redemptions (
    store_id       TEXT        NOT NULL,
    id             TEXT        NOT NULL,
    order_id       TEXT        NOT NULL,
    reservation_id TEXT        NOT NULL,
    customer       TEXT        NOT NULL,
    state          TEXT        NOT NULL CHECK (state IN ('redeemed', 'partially_refunded', 'refunded')),
    currency       TEXT        NOT NULL,
    discount       INTEGER      NOT NULL,
    total          INTEGER      NOT NULL,
    points         INTEGER      NOT NULL,
    body           TEXT        NOT NULL,
    refunded       TEXT        NOT NULL,
    created_at     TIMESTAMP NOT NULL,
    updated_at     TIMESTAMP NOT NULL,
    PRIMARY KEY (store_id, id)
);
CREATE UNIQUE INDEX redemptions_order ON redemptions (store_id, order_id);
CREATE INDEX redemptions_customer ON redemptions (store_id, customer, id);
CREATE INDEX redemptions_day ON redemptions (store_id, created_at);

-- One row an offer used by a redemption: what the counters must add up to.
CREATE TABLE redemption_uses (
    store_id      TEXT        NOT NULL,
    redemption_id TEXT        NOT NULL,
    offer_id      TEXT        NOT NULL,
    offer_version INTEGER      NOT NULL,
    jti           TEXT        NOT NULL,
    group_name    TEXT        NOT NULL,
    person_tags   TEXT        NOT NULL,
    customer      TEXT        NOT NULL,
    amount        INTEGER      NOT NULL,
    restored      BOOLEAN     NOT NULL,
    created_at    TIMESTAMP NOT NULL,
    PRIMARY KEY (store_id, redemption_id, offer_id)
);
CREATE INDEX redemption_uses_offer ON redemption_uses (store_id, offer_id, redemption_id);

CREATE TABLE refunds (
    store_id    TEXT        NOT NULL,
    order_id    TEXT        NOT NULL,
    refund_ref  TEXT        NOT NULL,
    id          TEXT        NOT NULL,
    fingerprint BLOB       NOT NULL,
    body        TEXT        NOT NULL,
    created_at  TIMESTAMP NOT NULL,
    PRIMARY KEY (store_id, order_id, refund_ref)
);

-- +goose Down
DROP TABLE refunds;
DROP TABLE redemption_uses;
DROP TABLE redemptions;
DROP TABLE reservations;
DROP TABLE orders;
DROP TABLE order_attempts;
DROP TABLE offer_holds;
DROP TABLE offer_counters;
DROP TABLE offer_tokens;
DROP TABLE offer_token_slots;
DROP TABLE offer_versions;
DROP TABLE offers;
