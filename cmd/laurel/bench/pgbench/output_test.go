package pgbench

import (
	"slices"
	"strings"
	"testing"
	"time"
)

const summary = `transaction type: credit.sql
scaling factor: 1
query mode: prepared
number of clients: 32
number of transactions actually processed: 36400
number of failed transactions: 2 (0.005%)
latency average = 4.390 ms
initial connection time = 51.077 ms
tps = 7280.123456 (without initial connection time)
`

func TestSummary(t *testing.T) {
	tps, failed, err := parseSummary([]byte(summary))
	if err != nil || tps != 7280.123456 || failed != 2 {
		t.Errorf("%v, %d, %v", tps, failed, err)
	}
	if _, _, err := parseSummary([]byte("pgbench: error")); err == nil {
		t.Error("no summary is no error")
	}
}

func TestLog(t *testing.T) {
	got, err := parseLog(strings.NewReader("0 1 4312 0 1790000000 1234\n31 2 990.5 0 1790000000 4321\n3 4 failed 0 1790000000 1\n"), nil)
	if want := []time.Duration{4312 * time.Microsecond, 990500 * time.Nanosecond}; err != nil || !slices.Equal(got, want) {
		t.Errorf("%v, %v", got, err)
	}
	for _, bad := range []string{"0 1\n", "0 1 soon 0 1 1\n"} {
		if _, err := parseLog(strings.NewReader(bad), nil); err == nil {
			t.Errorf("%q is read", bad)
		}
	}
}
