-- +goose Up
-- A one-time password ends; NULL for one that the person chose.
ALTER TABLE people ADD COLUMN password_until timestamptz NULL;

-- Failed sign-ins, by a hash of the mailbox or of the address that they came from.
CREATE TABLE sign_in_throttles (
    key_hash      bytea       NOT NULL PRIMARY KEY,
    failures      bigint      NOT NULL CHECK (failures >= 0),
    blocked_until timestamptz NULL,
    updated_at    timestamptz NOT NULL
);
CREATE INDEX sign_in_throttles_age ON sign_in_throttles (updated_at);

-- +goose Down
DROP TABLE sign_in_throttles;
ALTER TABLE people DROP COLUMN password_until;
