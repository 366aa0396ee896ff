package database

import (
	"context"
	"fmt"
	"time"

	"github.com/laurel-gateway/laurel/internal/console"
)

// ReviewQueue implements console.Lists.
func (c Console) ReviewQueue(ctx context.Context, store, reviewer string, now time.Time) (console.ReviewQueue, error) {
	var groups []struct {
		GroupName                    string
		Waiting, Mine, Taken, Second int
	}
	var oldest struct{ OpenedAt time.Time }
	err := c.db.Read(ctx, func(ctx context.Context, tx *Tx) error {
		const where = " FROM reviews WHERE store_id = ? AND outcome = ''"
		err := tx.query(ctx, &groups, "SELECT group_name, COUNT(*) AS waiting, "+
			"SUM(CASE WHEN claimed_by = ? AND claimed_until > ? THEN 1 ELSE 0 END) AS mine, "+
			"SUM(CASE WHEN claimed_by NOT IN ('', ?) AND claimed_until > ? THEN 1 ELSE 0 END) AS taken, "+
			"SUM(CASE WHEN first_by <> '' THEN 1 ELSE 0 END) AS second"+where+" GROUP BY group_name ORDER BY group_name",
			reviewer, now, reviewer, now, store)
		if err != nil {
			return err
		}
		_, err = tx.one(ctx, &oldest, "SELECT opened_at"+where+" ORDER BY opened_at, id LIMIT 1", store)
		return err
	})
	if err != nil {
		return console.ReviewQueue{}, fmt.Errorf("count reviews: %w", err)
	}
	out := console.ReviewQueue{Oldest: oldest.OpenedAt}
	if !out.Oldest.IsZero() {
		out.Oldest = out.Oldest.UTC()
	}
	for _, g := range groups {
		out.Groups = append(out.Groups, console.ReviewCount{Group: g.GroupName, Waiting: g.Waiting, Mine: g.Mine, Taken: g.Taken, Second: g.Second})
	}
	return out, nil
}
