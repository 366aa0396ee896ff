package console

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"
)

// Entry says who changed what. It is written in the transaction of the change.
type Entry struct {
	// ID and At are filled in by storage.
	ID string
	// Store is empty for what belongs to no store.
	Store string
	// Actor is a person's id, or "operator" for the command line.
	Actor string
	// Action is a noun and a verb: "offer.updated".
	Action string
	// Target is the id of what was changed.
	Target string
	// Changes is a JSON object with the fields that changed: {"before": {…}, "after": {…}}.
	Changes   json.RawMessage
	RequestID string
	At        time.Time
}

// Diff returns the members that differ between the JSON objects of before and after, as {"before": {…}, "after": {…}}.
// Either may be nil: created or deleted. What is secret must not be a member of what is given.
func Diff(before, after any) (json.RawMessage, error) {
	b, err := members(before)
	if err != nil {
		return nil, err
	}
	a, err := members(after)
	if err != nil {
		return nil, err
	}
	for field, old := range b {
		if fresh, ok := a[field]; ok && bytes.Equal(old, fresh) {
			delete(b, field)
			delete(a, field)
		}
	}
	out, err := json.Marshal(struct {
		Before map[string]json.RawMessage `json:"before,omitempty"`
		After  map[string]json.RawMessage `json:"after,omitempty"`
	}{b, a})
	if err != nil {
		return nil, fmt.Errorf("render changes: %w", err)
	}
	return out, nil
}

func members(v any) (map[string]json.RawMessage, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("render what changed: %w", err)
	}
	var m map[string]json.RawMessage
	if err := json.Unmarshal(raw, &m); err != nil {
		return nil, fmt.Errorf("render what changed: %w", err)
	}
	return m, nil
}

// Origin is who a change comes from: it travels from the edge to the audit entry.
type Origin struct {
	// Actor is a person's id, or "operator" for the command line.
	Actor     string
	RequestID string
}

// Entry makes the audit entry of a change in a store, or of one outside of any.
func (o Origin) Entry(store, action, target string, before, after any) (Entry, error) {
	changes, err := Diff(before, after)
	if err != nil {
		return Entry{}, err
	}
	return Entry{Store: store, Actor: o.Actor, Action: action, Target: target, Changes: changes, RequestID: o.RequestID}, nil
}
