-- +goose Up
-- Written inside the transaction that made the event; relayed to webhook endpoints afterwards.
CREATE TABLE outbox (
    id         text        NOT NULL PRIMARY KEY,
    store_id   text        NOT NULL,
    type       text        NOT NULL,
    ordering   text        NOT NULL,
    payload    text        NOT NULL,
    relayed    boolean     NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE INDEX outbox_waiting ON outbox (id) WHERE NOT relayed;
CREATE INDEX outbox_relayed ON outbox (id) WHERE relayed;
CREATE INDEX outbox_store ON outbox (store_id, id);

CREATE TABLE webhook_endpoints (
    store_id    text        NOT NULL REFERENCES stores (id),
    id          text        NOT NULL,
    url         text        NOT NULL,
    description text        NOT NULL,
    events      text        NOT NULL,
    secret      bytea       NOT NULL,
    state       text        NOT NULL CHECK (state IN ('enabled', 'disabled')),
    failures    bigint      NOT NULL,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL,
    PRIMARY KEY (store_id, id)
);

CREATE TABLE webhook_deliveries (
    store_id    text        NOT NULL,
    id          text        NOT NULL,
    endpoint_id text        NOT NULL,
    event_id    text        NOT NULL,
    event_type  text        NOT NULL,
    ordering    text        NOT NULL,
    payload     text        NOT NULL,
    state       text        NOT NULL CHECK (state IN ('waiting', 'delivered', 'failed')),
    attempts    bigint      NOT NULL,
    last_status bigint      NOT NULL,
    last_error  text        NOT NULL,
    next_at     timestamptz NOT NULL,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL,
    PRIMARY KEY (store_id, id)
);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (state, next_at);
CREATE INDEX webhook_deliveries_order ON webhook_deliveries (store_id, endpoint_id, ordering, state, event_id);

-- +goose Down
DROP TABLE webhook_deliveries;
DROP TABLE webhook_endpoints;
DROP TABLE outbox;
