-- +goose Up
-- A store's own Shopify shop. What Shopify gave us to act for it is sealed under the store's keys.
CREATE TABLE shopify_connections (
    store_id    text        NOT NULL REFERENCES stores (id),
    shop        text        NOT NULL,
    api_version text        NOT NULL,
    currency    text        NOT NULL,
    sealed      text        NOT NULL,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL,
    PRIMARY KEY (store_id)
);

-- One row an offer token that was given a discount code in the shop. It is written before Shopify is asked, so that
-- whoever comes after a crash knows to look for the code before making one.
CREATE TABLE shopify_codes (
    store_id   text        NOT NULL,
    jti        text        NOT NULL,
    code_mac   bytea       NOT NULL,
    node_id    text        NOT NULL,
    state      text        NOT NULL CHECK (state IN ('asked', 'minted')),
    expires_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (store_id, jti)
);
CREATE UNIQUE INDEX shopify_codes_mac ON shopify_codes (store_id, code_mac);
CREATE INDEX shopify_codes_expiry ON shopify_codes (expires_at);

-- +goose Down
DROP TABLE shopify_codes;
DROP TABLE shopify_connections;
