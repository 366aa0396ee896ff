-- +goose Up
-- Every order and event paid for these, and no query needs them: orders are found by order_id, an order's events by store,
-- relayed events by id, and a member's open lots among the member's lots.
DROP INDEX orders_recent;
DROP INDEX orders_customer;
DROP INDEX outbox_relayed;
DROP INDEX ledger_lots_open;

-- +goose Down
CREATE INDEX orders_recent ON orders (store_id, id) WHERE kind <> '';
CREATE INDEX orders_customer ON orders (store_id, customer, id) WHERE kind <> '';
CREATE INDEX outbox_relayed ON outbox (id) WHERE relayed;
CREATE INDEX ledger_lots_open ON ledger_lots (store_id, member_id, expires_at) WHERE remaining > 0;
