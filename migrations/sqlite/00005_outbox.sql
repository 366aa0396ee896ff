-- +goose Up
-- Written inside the transaction that made the event; relayed to webhook endpoints afterwards.
CREATE TABLE outbox (
    id         TEXT        NOT NULL PRIMARY KEY,
    store_id   TEXT        NOT NULL,
    type       TEXT        NOT NULL,
    ordering   TEXT        NOT NULL,
    payload    TEXT        NOT NULL,
    relayed    BOOLEAN     NOT NULL,
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX outbox_waiting ON outbox (id) WHERE NOT relayed;
CREATE INDEX outbox_relayed ON outbox (id) WHERE relayed;
CREATE INDEX outbox_store ON outbox (store_id, id);

CREATE TABLE webhook_endpoints (
    store_id    TEXT        NOT NULL REFERENCES stores (id),
    id          TEXT        NOT NULL,
    url         TEXT        NOT NULL,
    description TEXT        NOT NULL,
    events      TEXT        NOT NULL,
    secret      BLOB       NOT NULL,
    state       TEXT        NOT NULL CHECK (state IN ('enabled', 'disabled')),
    failures    INTEGER      NOT NULL,
    created_at  TIMESTAMP NOT NULL,
    updated_at  TIMESTAMP NOT NULL,
    PRIMARY KEY (store_id, id)
);

CREATE TABLE webhook_deliveries (
    store_id    TEXT        NOT NULL,
    id          TEXT        NOT NULL,
    endpoint_id TEXT        NOT NULL,
    event_id    TEXT        NOT NULL,
    event_type  TEXT        NOT NULL,
    ordering    TEXT        NOT NULL,
    payload     TEXT        NOT NULL,
    state       TEXT        NOT NULL CHECK (state IN ('waiting', 'delivered', 'failed')),
    attempts    INTEGER      NOT NULL,
    last_status INTEGER      NOT NULL,
    last_error  TEXT        NOT NULL,
    next_at     TIMESTAMP NOT NULL,
    created_at  TIMESTAMP NOT NULL,
    updated_at  TIMESTAMP NOT NULL,
    PRIMARY KEY (store_id, id)
);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (state, next_at);
CREATE INDEX webhook_deliveries_order ON webhook_deliveries (store_id, endpoint_id, ordering, state, event_id);

-- +goose Down
DROP TABLE webhook_deliveries;
DROP TABLE webhook_endpoints;
DROP TABLE outbox;
