package api

import (
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/internal/id"
)

// ErrCursor refuses a cursor that no page of the list has given. An empty page would look like the end of the list.
var ErrCursor = fault.New(fault.Invalid, "The cursor is not one of this list. Send the next_cursor of the page before, or none to begin.").
	At("#query/cursor", "must be a next_cursor of this list")

// CheckCursor refuses, with ErrCursor, what is not an id with a prefix; "" is the first page. It asks for the form only:
// what a cursor names may be gone, and the list goes on all the same.
func CheckCursor(cursor, prefix string) error {
	if cursor == "" || id.Is(cursor, prefix) {
		return nil
	}
	return ErrCursor
}
