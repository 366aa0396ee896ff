package database

import (
	"context"
	"fmt"
	"strings"
)

// page gathers a list's conditions. Every list begins with its store and ends with a limit.
type page struct {
	from  string
	where []string
	args  []any
}

func newPage(from, first string, args ...any) *page {
	return &page{from: from, where: []string{first}, args: args}
}

// and adds a condition.
func (p *page) and(condition string, args ...any) {
	p.where = append(p.where, condition)
	p.args = append(p.args, args...)
}

// equals narrows to a value, when there is one.
func (p *page) equals(column, value string) {
	if value != "" {
		p.and(column+" = ?", value)
	}
}

// before goes on below a cursor, when there is one; after goes on above it.
func (p *page) before(column, cursor string) {
	if cursor != "" {
		p.and(column+" < ?", cursor)
	}
}

func (p *page) after(column, cursor string) {
	if cursor != "" {
		p.and(column+" > ?", cursor)
	}
}

// sql returns the query for at most limit rows, and its arguments.
func (p *page) sql(order string, limit int) (string, []any) {
	return p.from + " WHERE " + strings.Join(p.where, " AND ") + " ORDER BY " + order + " LIMIT ?", append(p.args, limit)
}

// scan reads at most limit rows into dest, a pointer to a slice of records.
func (p *page) scan(ctx context.Context, tx *Tx, dest any, order string, limit int) error {
	q, args := p.sql(order, limit)
	if err := tx.query(ctx, dest, q, args...); err != nil {
		return fmt.Errorf("read a page: %w", err)
	}
	return nil
}
