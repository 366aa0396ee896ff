-- +goose Up
-- The storefront platform's own codes for an offer. imported counts those that were imported and not thrown away;
-- low tells that the pool was told to run low since the last import.
CREATE TABLE code_pools (
    store_id    text        NOT NULL,
    offer_id    text        NOT NULL,
    threshold   bigint      NOT NULL CHECK (threshold >= 0),
    imported    bigint      NOT NULL CHECK (imported >= 0),
    low         boolean     NOT NULL,
    imported_at timestamptz NULL,
    PRIMARY KEY (store_id, offer_id)
);

-- One row a code. jti names the token that it was given with; a free code has none.
CREATE TABLE pool_codes (
    store_id   text        NOT NULL,
    id         text        NOT NULL,
    offer_id   text        NOT NULL,
    code_mac   bytea       NOT NULL,
    sealed     bytea       NOT NULL,
    jti        text        NOT NULL,
    given_at   timestamptz NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (store_id, id)
);
CREATE UNIQUE INDEX pool_codes_mac ON pool_codes (store_id, code_mac);
CREATE INDEX pool_codes_free ON pool_codes (store_id, offer_id, id) WHERE jti = '';

-- Many single-use codes of an offer, made at once for mailings and cards.
CREATE TABLE code_batches (
    store_id      text        NOT NULL,
    id            text        NOT NULL,
    offer_id      text        NOT NULL,
    offer_version bigint      NOT NULL,
    note          text        NOT NULL,
    codes         bigint      NOT NULL CHECK (codes > 0),
    actor         text        NOT NULL,
    expires_at    timestamptz NOT NULL,
    revoked_at    timestamptz NULL,
    created_at    timestamptz NOT NULL,
    PRIMARY KEY (store_id, id)
);
CREATE INDEX code_batches_offer ON code_batches (store_id, offer_id, id);

-- The batch that a code belongs to, and the sealed platform code that was given with a token.
ALTER TABLE offer_tokens ADD COLUMN batch_id text NOT NULL DEFAULT '';
ALTER TABLE offer_tokens ADD COLUMN pool_code bytea NULL;
CREATE INDEX offer_tokens_batch ON offer_tokens (store_id, batch_id, jti) WHERE batch_id <> '';
CREATE INDEX offer_tokens_batch_spent ON offer_tokens (store_id, batch_id) WHERE batch_id <> '' AND state = 'spent';

-- Wrong codes of a store in a stretch of time, and whether somebody was told.
CREATE TABLE code_guesses (
    store_id  text        NOT NULL,
    window_at timestamptz NOT NULL,
    wrong     bigint      NOT NULL,
    first_at  timestamptz NOT NULL,
    last_at   timestamptz NOT NULL,
    alerted   boolean     NOT NULL,
    PRIMARY KEY (store_id, window_at)
);
CREATE INDEX code_guesses_age ON code_guesses (window_at);

-- +goose Down
DROP TABLE code_guesses;
DROP INDEX offer_tokens_batch_spent;
DROP INDEX offer_tokens_batch;
ALTER TABLE offer_tokens DROP COLUMN pool_code;
ALTER TABLE offer_tokens DROP COLUMN batch_id;
DROP TABLE code_batches;
DROP TABLE pool_codes;
DROP TABLE code_pools;
