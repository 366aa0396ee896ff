-- +goose Up
-- A store's own Shopify shop. What Shopify gave us to act for it is sealed under the store's keys.
CREATE TABLE shopify_connections (
    store_id    TEXT        NOT NULL REFERENCES stores (id),
    shop        TEXT        NOT NULL,
    api_version TEXT        NOT NULL,
    currency    TEXT        NOT NULL,
    sealed      TEXT        NOT NULL,
    created_at  TIMESTAMP NOT NULL,
    updated_at  TIMESTAMP NOT NULL,
    PRIMARY KEY (store_id)
);

-- One row an offer token that was given a discount code in the shop. It is written before Shopify is asked, so that
-- whoever comes after a crash knows to look for the code before making one.
CREATE TABLE shopify_codes (
    store_id   TEXT        NOT NULL,
    jti        TEXT        NOT NULL,
    code_mac   BLOB       NOT NULL,
    node_id    TEXT        NOT NULL,
    state      TEXT        NOT NULL CHECK (state IN ('asked', 'minted')),
    expires_at TIMESTAMP NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    PRIMARY KEY (store_id, jti)
);
CREATE UNIQUE INDEX shopify_codes_mac ON shopify_codes (store_id, code_mac);
CREATE INDEX shopify_codes_expiry ON shopify_codes (expires_at);

-- +goose Down
DROP TABLE shopify_codes;
DROP TABLE shopify_connections;
