-- +goose Up
-- A counter may be for a stretch of time, and a hold may weigh more than one: minor units of a budget.
-- SQLite cannot change a primary key, so the tables are made anew.
CREATE TABLE offer_counters_new (
    store_id TEXT    NOT NULL,
    offer_id TEXT    NOT NULL,
    scope    TEXT    NOT NULL CHECK (scope IN ('total', 'person', 'customer', 'budget')),
    subject  TEXT    NOT NULL,
    used     INTEGER NOT NULL CHECK (used >= 0),
    held     INTEGER NOT NULL CHECK (held >= 0),
    period   TEXT    NOT NULL DEFAULT '',
    PRIMARY KEY (store_id, offer_id, scope, subject, period)
);
INSERT INTO offer_counters_new (store_id, offer_id, scope, subject, used, held)
SELECT store_id, offer_id, scope, subject, used, held FROM offer_counters;
DROP TABLE offer_counters;
ALTER TABLE offer_counters_new RENAME TO offer_counters;

-- used marks a use of a sliding period, which is given back when it slides out.
CREATE TABLE offer_holds_new (
    store_id       TEXT      NOT NULL,
    offer_id       TEXT      NOT NULL,
    scope          TEXT      NOT NULL,
    subject        TEXT      NOT NULL,
    reservation_id TEXT      NOT NULL,
    expires_at     TIMESTAMP NOT NULL,
    period         TEXT      NOT NULL DEFAULT '',
    weight         INTEGER   NOT NULL DEFAULT 1,
    used           BOOLEAN   NOT NULL DEFAULT FALSE,
    PRIMARY KEY (store_id, offer_id, scope, subject, period, reservation_id)
);
INSERT INTO offer_holds_new (store_id, offer_id, scope, subject, reservation_id, expires_at)
SELECT store_id, offer_id, scope, subject, reservation_id, expires_at FROM offer_holds;
DROP TABLE offer_holds;
ALTER TABLE offer_holds_new RENAME TO offer_holds;
CREATE INDEX offer_holds_expiry ON offer_holds (store_id, offer_id, scope, subject, period, expires_at);

-- An order may use one offer by several tokens.
CREATE TABLE redemption_uses_new (
    store_id      TEXT      NOT NULL,
    redemption_id TEXT      NOT NULL,
    offer_id      TEXT      NOT NULL,
    offer_version INTEGER   NOT NULL,
    jti           TEXT      NOT NULL,
    group_name    TEXT      NOT NULL,
    person_tags   TEXT      NOT NULL,
    customer      TEXT      NOT NULL,
    amount        INTEGER   NOT NULL,
    restored      BOOLEAN   NOT NULL,
    created_at    TIMESTAMP NOT NULL,
    PRIMARY KEY (store_id, redemption_id, offer_id, jti)
);
INSERT INTO redemption_uses_new SELECT * FROM redemption_uses;
DROP TABLE redemption_uses;
ALTER TABLE redemption_uses_new RENAME TO redemption_uses;
CREATE INDEX redemption_uses_offer ON redemption_uses (store_id, offer_id, redemption_id);

-- +goose Down
CREATE TABLE redemption_uses_new (
    store_id      TEXT      NOT NULL,
    redemption_id TEXT      NOT NULL,
    offer_id      TEXT      NOT NULL,
    offer_version INTEGER   NOT NULL,
    jti           TEXT      NOT NULL,
    group_name    TEXT      NOT NULL,
    person_tags   TEXT      NOT NULL,
    customer      TEXT      NOT NULL,
    amount        INTEGER   NOT NULL,
    restored      BOOLEAN   NOT NULL,
    created_at    TIMESTAMP NOT NULL,
    PRIMARY KEY (store_id, redemption_id, offer_id)
);
INSERT INTO redemption_uses_new SELECT * FROM redemption_uses;
DROP TABLE redemption_uses;
ALTER TABLE redemption_uses_new RENAME TO redemption_uses;
CREATE INDEX redemption_uses_offer ON redemption_uses (store_id, offer_id, redemption_id);
CREATE TABLE offer_holds_new (
    store_id       TEXT      NOT NULL,
    offer_id       TEXT      NOT NULL,
    scope          TEXT      NOT NULL,
    subject        TEXT      NOT NULL,
    reservation_id TEXT      NOT NULL,
    expires_at     TIMESTAMP NOT NULL,
    PRIMARY KEY (store_id, offer_id, scope, subject, reservation_id)
);
INSERT INTO offer_holds_new SELECT store_id, offer_id, scope, subject, reservation_id, expires_at
FROM offer_holds WHERE period = '' AND scope <> 'budget';
DROP TABLE offer_holds;
ALTER TABLE offer_holds_new RENAME TO offer_holds;
CREATE INDEX offer_holds_expiry ON offer_holds (store_id, offer_id, scope, subject, expires_at);
CREATE TABLE offer_counters_new (
    store_id TEXT    NOT NULL,
    offer_id TEXT    NOT NULL,
    scope    TEXT    NOT NULL CHECK (scope IN ('total', 'person', 'customer')),
    subject  TEXT    NOT NULL,
    used     INTEGER NOT NULL CHECK (used >= 0),
    held     INTEGER NOT NULL CHECK (held >= 0),
    PRIMARY KEY (store_id, offer_id, scope, subject)
);
INSERT INTO offer_counters_new SELECT store_id, offer_id, scope, subject, used, held
FROM offer_counters WHERE period = '' AND scope <> 'budget';
DROP TABLE offer_counters;
ALTER TABLE offer_counters_new RENAME TO offer_counters;
