package admin

import (
	"slices"
	"time"

	"github.com/laurel-gateway/laurel/api"
)

// Paging asks for one page of a list.
type Paging struct {
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"25" doc:"How many to return at most." example:"25"`
	Cursor string `query:"cursor" maxLength:"300" doc:"next_cursor of the page before; nothing for the first page."`
}

// listed is one page of a list.
type listed[T any] struct {
	Data       []T     `json:"data" doc:"The page, in the list's order."`
	NextCursor *string `json:"next_cursor" doc:"Ask for the next page with it; null on the last one."`
}

// paged makes a page of rows that were asked for with one more than fits, so that the last page is known.
func paged[R, T any](p Paging, rows []R, show func(R) T, cursor func(R) string) listed[T] {
	out := listed[T]{Data: []T{}}
	for i, r := range rows {
		if i == p.Limit {
			next := cursor(rows[i-1])
			out.NextCursor = &next
			break
		}
		out.Data = append(out.Data, show(r))
	}
	return out
}

// sliced pages a short list that is read as a whole. A cursor that is not in it, perhaps because what it names was
// deleted, is api.ErrCursor.
func sliced[R, T any](p Paging, rows []R, show func(R) T, cursor func(R) string) (listed[T], error) {
	if p.Cursor != "" {
		at := slices.IndexFunc(rows, func(r R) bool { return cursor(r) == p.Cursor })
		if at < 0 {
			return listed[T]{}, api.ErrCursor
		}
		rows = rows[at+1:]
	}
	return paged(p, rows[:min(len(rows), p.more())], show, cursor), nil
}

// replied is the answer to a list.
func replied[T any](page listed[T], err error) (*api.Reply[listed[T]], error) {
	if err != nil {
		return nil, err
	}
	return api.OK(page)
}

// more is how many rows to ask for.
func (p Paging) more() int { return p.Limit + 1 }

// maybe is a time that may not be there.
func maybe(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// some returns a list that is never null.
func some[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// texts returns texts that are never null.
func texts(m map[string]string) map[string]string {
	if m == nil {
		return map[string]string{}
	}
	return m
}

// StorePath names the store of an operation.
type StorePath struct {
	StoreID string `path:"store_id" maxLength:"60" doc:"The store's id." example:"sto_01920000-0000-7000-8000-000000000001"`
}

// ItemPath names something in a store.
type ItemPath struct {
	StorePath
	ID string `path:"id" maxLength:"100" doc:"Its id."`
}

// ListPath asks for a page of a store's list.
type ListPath struct {
	StorePath
	Paging
}
