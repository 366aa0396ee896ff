// Package outbox carries events out of transactions. An event is a row, written by the transaction that made it true;
// afterwards the relay fans it out to the store's webhook endpoints as deliveries, and sends those.
package outbox

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
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

// MaxBody bounds the body of a message, in bytes. Receivers bound what they read.
const MaxBody = 256 << 10

// Body renders the event as an endpoint gets it. What would be larger than MaxBody goes out with the plain members of
// its data only (texts, numbers, booleans) and "truncated": true: enough to read the whole from the API.
func (e Event) Body(livemode bool) ([]byte, error) {
	m := Message{Type: e.Type, Timestamp: e.CreatedAt.UTC(), Livemode: livemode, Data: e.Payload}
	body, err := json.Marshal(m)
	if err == nil && len(body) > MaxBody {
		if m.Data, err = thin(e.Payload); err == nil {
			body, err = json.Marshal(m)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("render event %s: %w", e.ID, err)
	}
	return body, nil
}

// longestPlain bounds a text that a thinned event keeps, in bytes.
const longestPlain = 1000

func thin(payload json.RawMessage) (json.RawMessage, error) {
	var all map[string]json.RawMessage
	if err := json.Unmarshal(payload, &all); err != nil {
		return nil, err
	}
	kept := map[string]json.RawMessage{"truncated": json.RawMessage("true")}
	left := MaxBody / 2
	for _, name := range slices.Sorted(maps.Keys(all)) {
		v := all[name]
		if size := len(name) + len(v); v[0] != '{' && v[0] != '[' && size <= longestPlain && size <= left {
			kept[name] = v
			left -= size
		}
	}
	return json.Marshal(kept)
}
