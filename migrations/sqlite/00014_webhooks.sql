-- +goose Up
-- An endpoint has a version (two admins who change it at once notice), the secret that it had before (both sign for a
-- while after a change), the moment since which every try has failed, and why it was disabled.
ALTER TABLE webhook_endpoints ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE webhook_endpoints ADD COLUMN old_secret BLOB;
ALTER TABLE webhook_endpoints ADD COLUMN old_secret_until TIMESTAMP;
ALTER TABLE webhook_endpoints ADD COLUMN failing_since TIMESTAMP;
ALTER TABLE webhook_endpoints ADD COLUMN disabled_reason TEXT NOT NULL DEFAULT '';

-- One row for each try of a delivery: what the endpoint answered, never what it said.
CREATE TABLE webhook_attempts (
    store_id    TEXT      NOT NULL,
    id          TEXT      NOT NULL,
    endpoint_id TEXT      NOT NULL,
    delivery_id TEXT      NOT NULL,
    status      INTEGER   NOT NULL,
    error       TEXT      NOT NULL,
    took_us     INTEGER   NOT NULL,
    created_at  TIMESTAMP NOT NULL,
    PRIMARY KEY (store_id, id)
);
CREATE INDEX webhook_attempts_delivery ON webhook_attempts (store_id, delivery_id, id);
CREATE INDEX webhook_attempts_endpoint ON webhook_attempts (store_id, endpoint_id);
CREATE INDEX webhook_attempts_age ON webhook_attempts (created_at);

-- +goose Down
DROP TABLE webhook_attempts;
ALTER TABLE webhook_endpoints DROP COLUMN version;
ALTER TABLE webhook_endpoints DROP COLUMN old_secret;
ALTER TABLE webhook_endpoints DROP COLUMN old_secret_until;
ALTER TABLE webhook_endpoints DROP COLUMN failing_since;
ALTER TABLE webhook_endpoints DROP COLUMN disabled_reason;
