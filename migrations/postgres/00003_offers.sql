-- +goose Up
CREATE TABLE offers (
    store_id   text        NOT NULL REFERENCES stores (id),
    id         text        NOT NULL,
    version    bigint      NOT NULL,
    state      text        NOT NULL CHECK (state IN ('draft', 'live', 'paused', 'ended')),
    name       text        NOT NULL,
    group_name text        NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (store_id, id)
);
CREATE INDEX offers_state ON offers (store_id, state, id);

CREATE TABLE offer_versions (
    store_id   text        NOT NULL,
    offer_id   text        NOT NULL,
    version    bigint      NOT NULL,
    body       text        NOT NULL,
    actor      text        NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (store_id, offer_id, version)
);

-- One row a (offer, subject) that may hold one live token: it is locked before a token is given, so that asking twice
-- gives the same token, and it points to the token given last.
CREATE TABLE offer_token_slots (
    store_id text NOT NULL,
    offer_id text NOT NULL,
    subject  text NOT NULL,
    jti      text NOT NULL,
    PRIMARY KEY (store_id, offer_id, subject)
);

CREATE TABLE offer_tokens (
    store_id       text        NOT NULL,
    jti            text        NOT NULL,
    offer_id       text        NOT NULL,
    offer_version  bigint      NOT NULL,
    subject        text        NOT NULL,
    attestation_id text        NOT NULL,
    customer       text        NOT NULL,
    group_name     text        NOT NULL,
    person_tags    text        NOT NULL,
    code_mac       bytea       NOT NULL,
    kid            text        NOT NULL,
    sealed         bytea       NOT NULL,
    state          text        NOT NULL CHECK (state IN ('live', 'held', 'spent', 'revoked')),
    holder         text        NOT NULL,
    issued_at      timestamptz NOT NULL,
    expires_at     timestamptz NOT NULL,
    PRIMARY KEY (store_id, jti)
);
CREATE UNIQUE INDEX offer_tokens_code ON offer_tokens (store_id, code_mac);
CREATE INDEX offer_tokens_attestation ON offer_tokens (store_id, attestation_id);
CREATE INDEX offer_tokens_offer ON offer_tokens (store_id, offer_id, jti);

-- What is left of a limit. Rows exist for limited offers only; an unlimited offer writes no shared row.
CREATE TABLE offer_counters (
    store_id text   NOT NULL,
    offer_id text   NOT NULL,
    scope    text   NOT NULL CHECK (scope IN ('total', 'person', 'customer')),
    subject  text   NOT NULL,
    used     bigint NOT NULL CHECK (used >= 0),
    held     bigint NOT NULL CHECK (held >= 0),
    PRIMARY KEY (store_id, offer_id, scope, subject)
);

-- One row a unit of capacity that a reservation holds. Changes only under the lock of its counter.
CREATE TABLE offer_holds (
    store_id       text        NOT NULL,
    offer_id       text        NOT NULL,
    scope          text        NOT NULL,
    subject        text        NOT NULL,
    reservation_id text        NOT NULL,
    expires_at     timestamptz NOT NULL,
    PRIMARY KEY (store_id, offer_id, scope, subject, reservation_id)
);
CREATE INDEX offer_holds_expiry ON offer_holds (store_id, offer_id, scope, subject, expires_at);

-- The attempt to pay (order_ref): points to the reservation or redemption that holds it.
CREATE TABLE order_attempts (
    store_id       text NOT NULL,
    order_ref      text NOT NULL,
    reservation_id text NOT NULL,
    PRIMARY KEY (store_id, order_ref)
);

-- The order (order_id): a natural key that belongs to one redemption or to one plain order for ever.
CREATE TABLE orders (
    store_id    text        NOT NULL,
    order_id    text        NOT NULL,
    id          text        NOT NULL,
    kind        text        NOT NULL CHECK (kind IN ('', 'order', 'redemption')),
    fingerprint bytea       NOT NULL,
    customer    text        NOT NULL,
    currency    text        NOT NULL,
    total       bigint      NOT NULL,
    points      bigint      NOT NULL,
    body        text        NOT NULL,
    refunded    text        NOT NULL,
    placed_at   timestamptz NULL,
    recorded_at timestamptz NULL,
    PRIMARY KEY (store_id, order_id)
);
CREATE INDEX orders_recent ON orders (store_id, id) WHERE kind <> '';
CREATE INDEX orders_customer ON orders (store_id, customer, id) WHERE kind <> '';

CREATE TABLE reservations (
    store_id      text        NOT NULL,
    id            text        NOT NULL,
    order_ref     text        NOT NULL,
    state         text        NOT NULL CHECK (state IN ('held', 'redeemed', 'released', 'expired')),
    redemption_id text        NOT NULL,
    body          text        NOT NULL,
    created_at    timestamptz NOT NULL,
    expires_at    timestamptz NOT NULL,
    PRIMARY KEY (store_id, id)
);
CREATE INDEX reservations_ref ON reservations (store_id, order_ref);
CREATE INDEX reservations_expiry ON reservations (state, expires_at);

CREATE TABLE redemptions (
    store_id       text        NOT NULL,
    id             text        NOT NULL,
    order_id       text        NOT NULL,
    reservation_id text        NOT NULL,
    customer       text        NOT NULL,
    state          text        NOT NULL CHECK (state IN ('redeemed', 'partially_refunded', 'refunded')),
    currency       text        NOT NULL,
    discount       bigint      NOT NULL,
    total          bigint      NOT NULL,
    points         bigint      NOT NULL,
    body           text        NOT NULL,
    refunded       text        NOT NULL,
    created_at     timestamptz NOT NULL,
    updated_at     timestamptz NOT NULL,
    PRIMARY KEY (store_id, id)
);
CREATE UNIQUE INDEX redemptions_order ON redemptions (store_id, order_id);
CREATE INDEX redemptions_customer ON redemptions (store_id, customer, id);
CREATE INDEX redemptions_day ON redemptions (store_id, created_at);

-- One row an offer used by a redemption: what the counters must add up to.
CREATE TABLE redemption_uses (
    store_id      text        NOT NULL,
    redemption_id text        NOT NULL,
    offer_id      text        NOT NULL,
    offer_version bigint      NOT NULL,
    jti           text        NOT NULL,
    group_name    text        NOT NULL,
    person_tags   text        NOT NULL,
    customer      text        NOT NULL,
    amount        bigint      NOT NULL,
    restored      boolean     NOT NULL,
    created_at    timestamptz NOT NULL,
    PRIMARY KEY (store_id, redemption_id, offer_id)
);
CREATE INDEX redemption_uses_offer ON redemption_uses (store_id, offer_id, redemption_id);

CREATE TABLE refunds (
    store_id    text        NOT NULL,
    order_id    text        NOT NULL,
    refund_ref  text        NOT NULL,
    id          text        NOT NULL,
    fingerprint bytea       NOT NULL,
    body        text        NOT NULL,
    created_at  timestamptz NOT NULL,
    PRIMARY KEY (store_id, order_id, refund_ref)
);

-- Rows that are ensured and then filled, or changed often, find room on their own page.
ALTER TABLE order_attempts SET (fillfactor = 60);
ALTER TABLE offer_token_slots SET (fillfactor = 60);
ALTER TABLE offer_counters SET (fillfactor = 60);
ALTER TABLE offer_tokens SET (fillfactor = 70);

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
