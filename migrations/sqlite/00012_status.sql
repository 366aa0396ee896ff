-- +goose Up
-- A list of as many statuses as size says, for attestations of one store (Token Status List).
CREATE TABLE status_lists (
    id         TEXT        NOT NULL PRIMARY KEY,
    store_id   TEXT        NOT NULL REFERENCES stores (id),
    size       INTEGER     NOT NULL CHECK (size > 0),
    created_at TIMESTAMP   NOT NULL
);
CREATE INDEX status_lists_store ON status_lists (store_id, id);

-- The place of an attestation in a list, drawn at random at birth. Attestations of earlier versions have none until a
-- token is issued for them.
ALTER TABLE attestations ADD COLUMN status_list TEXT NOT NULL DEFAULT '';
ALTER TABLE attestations ADD COLUMN status_index INTEGER NOT NULL DEFAULT 0;
CREATE UNIQUE INDEX attestations_status ON attestations (store_id, status_list, status_index) WHERE status_list <> '';
CREATE INDEX attestations_status_ended ON attestations (store_id, status_list, status_index) WHERE ended_at IS NOT NULL;

-- The digest of the cart that a token is bound to; empty for any cart.
ALTER TABLE offer_tokens ADD COLUMN cart TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE offer_tokens DROP COLUMN cart;
DROP INDEX attestations_status_ended;
DROP INDEX attestations_status;
ALTER TABLE attestations DROP COLUMN status_index;
ALTER TABLE attestations DROP COLUMN status_list;
DROP TABLE status_lists;
