package testdb

import "testing"

func TestCommittedDataSurvivesAPromotion(t *testing.T) {
	pair := StartPair(t)
	first := connect(t, pair.URL())
	exec(t, first, "CREATE TABLE marks (n integer)")
	exec(t, first, "INSERT INTO marks VALUES (1)")
	if n := count(t, first, "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'"); n != 1 {
		t.Errorf("%d synchronous standbys", n)
	}
	pair.Fail()
	if err := first.Ping(t.Context()); err == nil {
		t.Error("a killed primary answers")
	}
	second := connect(t, pair.URL())
	if n := count(t, second, "SELECT count(*) FROM marks"); n != 1 {
		t.Errorf("%d rows after the promotion, want 1", n)
	}
	exec(t, second, "INSERT INTO marks VALUES (2)")
}
