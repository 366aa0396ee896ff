package verifyfake_test

import (
	"sync"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/verify"
	"github.com/laurel-gateway/laurel/verify/storagetest"
	"github.com/laurel-gateway/laurel/verify/verifyfake"
)

func TestStorage(t *testing.T) {
	storagetest.Run(t, func(*testing.T) storagetest.Fixture {
		var mu sync.Mutex
		now := time.Date(2027, 3, 1, 12, 0, 0, 0, time.UTC)
		storage := verifyfake.New(func() time.Time {
			mu.Lock()
			defer mu.Unlock()
			return now
		}, "sto_1", "sto_2")
		return storagetest.Fixture{
			Storage: storage, Stores: [2]string{"sto_1", "sto_2"},
			Advance: func(d time.Duration) {
				mu.Lock()
				defer mu.Unlock()
				now = now.Add(d)
			},
			Mails:  func(store string) []verify.CodeMail { return storage.Mails(store) },
			Events: func(store string) []verify.Event { return storage.Events(store) },
		}
	})
}
