-- +goose Up
-- A one-time password ends; NULL for one that the person chose.
ALTER TABLE people ADD COLUMN password_until TIMESTAMP NULL;

-- Failed sign-ins, by a hash of the mailbox or of the address that they came from.
CREATE TABLE sign_in_throttles (
    key_hash      BLOB       NOT NULL PRIMARY KEY,
    failures      INTEGER      NOT NULL CHECK (failures >= 0),
    blocked_until TIMESTAMP NULL,
    updated_at    TIMESTAMP NOT NULL
);
CREATE INDEX sign_in_throttles_age ON sign_in_throttles (updated_at);

-- +goose Down
DROP TABLE sign_in_throttles;
ALTER TABLE people DROP COLUMN password_until;
