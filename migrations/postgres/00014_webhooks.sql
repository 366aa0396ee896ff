-- +goose Up
-- An endpoint has a version (two admins who change it at once notice), the secret that it had before (both sign for a
-- while after a change), the moment since which every try has failed, and why it was disabled.
ALTER TABLE webhook_endpoints
    ADD COLUMN version          bigint NOT NULL DEFAULT 1,
    ADD COLUMN old_secret       bytea,
    ADD COLUMN old_secret_until timestamptz,
    ADD COLUMN failing_since    timestamptz,
    ADD COLUMN disabled_reason  text   NOT NULL DEFAULT '';

-- One row for each try of a delivery: what the endpoint answered, never what it said.
CREATE TABLE webhook_attempts (
    store_id    text        NOT NULL,
    id          text        NOT NULL,
    endpoint_id text        NOT NULL,
    delivery_id text        NOT NULL,
    status      bigint      NOT NULL,
    error       text        NOT NULL,
    took_us     bigint      NOT NULL,
    created_at  timestamptz NOT NULL,
    PRIMARY KEY (store_id, id)
);
CREATE INDEX webhook_attempts_delivery ON webhook_attempts (store_id, delivery_id, id);
CREATE INDEX webhook_attempts_endpoint ON webhook_attempts (store_id, endpoint_id);
CREATE INDEX webhook_attempts_age ON webhook_attempts (created_at);

-- +goose Down
DROP TABLE webhook_attempts;
ALTER TABLE webhook_endpoints DROP COLUMN version, DROP COLUMN old_secret, DROP COLUMN old_secret_until,
    DROP COLUMN failing_since, DROP COLUMN disabled_reason;
