package pgbench

import (
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/internal/testdb"
)

func TestCredit(t *testing.T) {
	d, err := Prepare(t.Context(), testdb.NewEmptyPostgres(t), t.TempDir(), 10)
	if err != nil {
		t.Fatal(err)
	}
	got, err := d.Credit(t.Context(), 2, 10, 0, time.Second)
	if err != nil || got.Requests == 0 || got.Failures != 0 || got.P50 <= 0 || got.P99 < got.P50 {
		t.Errorf("%+v, %v", got, err)
	}
}
