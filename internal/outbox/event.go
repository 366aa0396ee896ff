// Package outbox carries events out of transactions. An event is a row, written by the transaction that made it true;
// afterwards the relay fans it out to the store's webhook endpoints as deliveries, and sends those.
package outbox

import (
	"encoding/json"
	"fmt"
	"time"
)

// Event is something that happened in a store.
type Event struct {
	// ID is "evt_…"; storage fills an empty one in, after all locks of the transaction are held.
	ID    string
	Store string
	// Type is a name of the catalogue, such as "redemption.created".
	Type string
	// Ordering is what events must stay in order by: the customer, usually. Events of one ordering key reach an
	// endpoint one after the other. Empty means any order.
	Ordering string
	// Payload is a JSON object without personal data: the "data" of the message.
	Payload json.RawMessage
	// CreatedAt is filled in by storage when it is zero.
	CreatedAt time.Time
}

// Message is the body that an endpoint gets (Standard Webhooks, "Payload structure").
type Message struct {
	Type      string          `json:"type"`
	Timestamp time.Time       `json:"timestamp"`
	Livemode  bool            `json:"livemode"`
	Data      json.RawMessage `json:"data"`
}

// Body renders the event as an endpoint gets it.
func (e Event) Body(livemode bool) ([]byte, error) {
	body, err := json.Marshal(Message{Type: e.Type, Timestamp: e.CreatedAt.UTC(), Livemode: livemode, Data: e.Payload})
	if err != nil {
		return nil, fmt.Errorf("render event %s: %w", e.ID, err)
	}
	return body, nil
}
