-- +goose Up
-- A counter may be for a stretch of time, and a hold may weigh more than one: minor units of a budget.
ALTER TABLE offer_counters ADD COLUMN period text NOT NULL DEFAULT '';
ALTER TABLE offer_counters DROP CONSTRAINT offer_counters_scope_check;
ALTER TABLE offer_counters ADD CHECK (scope IN ('total', 'person', 'customer', 'budget'));
ALTER TABLE offer_counters DROP CONSTRAINT offer_counters_pkey;
ALTER TABLE offer_counters ADD PRIMARY KEY (store_id, offer_id, scope, subject, period);

-- used marks a use of a sliding period, which is given back when it slides out.
ALTER TABLE offer_holds ADD COLUMN period text NOT NULL DEFAULT '';
ALTER TABLE offer_holds ADD COLUMN weight bigint NOT NULL DEFAULT 1;
ALTER TABLE offer_holds ADD COLUMN used boolean NOT NULL DEFAULT false;
ALTER TABLE offer_holds DROP CONSTRAINT offer_holds_pkey;
ALTER TABLE offer_holds ADD PRIMARY KEY (store_id, offer_id, scope, subject, period, reservation_id);
DROP INDEX offer_holds_expiry;
CREATE INDEX offer_holds_expiry ON offer_holds (store_id, offer_id, scope, subject, period, expires_at);

-- An order may use one offer by several tokens.
ALTER TABLE redemption_uses DROP CONSTRAINT redemption_uses_pkey;
ALTER TABLE redemption_uses ADD PRIMARY KEY (store_id, redemption_id, offer_id, jti);

-- +goose Down
DELETE FROM offer_holds WHERE period <> '' OR scope = 'budget';
DELETE FROM offer_counters WHERE period <> '' OR scope = 'budget';
ALTER TABLE redemption_uses DROP CONSTRAINT redemption_uses_pkey;
ALTER TABLE redemption_uses ADD PRIMARY KEY (store_id, redemption_id, offer_id);
DROP INDEX offer_holds_expiry;
ALTER TABLE offer_holds DROP CONSTRAINT offer_holds_pkey;
ALTER TABLE offer_holds DROP COLUMN used;
ALTER TABLE offer_holds DROP COLUMN weight;
ALTER TABLE offer_holds DROP COLUMN period;
ALTER TABLE offer_holds ADD PRIMARY KEY (store_id, offer_id, scope, subject, reservation_id);
CREATE INDEX offer_holds_expiry ON offer_holds (store_id, offer_id, scope, subject, expires_at);
ALTER TABLE offer_counters DROP CONSTRAINT offer_counters_pkey;
ALTER TABLE offer_counters DROP CONSTRAINT offer_counters_scope_check;
ALTER TABLE offer_counters DROP COLUMN period;
ALTER TABLE offer_counters ADD CHECK (scope IN ('total', 'person', 'customer'));
ALTER TABLE offer_counters ADD PRIMARY KEY (store_id, offer_id, scope, subject);
