package token

import (
	"bytes"
	"compress/zlib"
	"encoding/json"
	"io"
	"testing"

	"pgregory.net/rapid"
)

// TestStatusBits is the example of the draft (Token Status List, section 4.1): b9 a3 for sixteen tokens.
func TestStatusBits(t *testing.T) {
	bits := NewStatusBits(16)
	for _, index := range []int64{0, 3, 4, 5, 7, 8, 9, 13, 15} {
		if !SetStatus(bits, index) {
			t.Fatalf("no index %d", index)
		}
	}
	if !bytes.Equal(bits, []byte{0xb9, 0xa3}) {
		t.Errorf("%x, want b9a3", bits)
	}
	for _, index := range []int64{-1, 16, 1 << 40} {
		if SetStatus(bits, index) {
			t.Errorf("index %d of 16 was set", index)
		}
	}
	if len(NewStatusBits(9)) != 2 {
		t.Error("nine statuses do not fit into a byte")
	}
}

// readList is what a verifier does with a payload.
func readList(t interface {
	Helper()
	Fatal(...any)
}, payload []byte) []byte {
	t.Helper()
	var p struct {
		Sub        string `json:"sub"`
		Iat, Exp   int64
		TTL        int64 `json:"ttl"`
		StatusList struct {
			Bits int    `json:"bits"`
			Lst  string `json:"lst"`
		} `json:"status_list"`
	}
	if err := json.Unmarshal(payload, &p); err != nil {
		t.Fatal(err)
	}
	if p.Sub != "https://laurel.example/v1/status-lists/stl_1" || p.Iat != now.Unix() || p.Exp <= p.Iat || p.TTL != 60 || p.StatusList.Bits != 1 {
		t.Fatal("claims of a status list: ", string(payload))
	}
	packed, err := segment.DecodeString(p.StatusList.Lst)
	if err != nil {
		t.Fatal(err)
	}
	r, err := zlib.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	bits, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return bits
}

func TestStatusListPayload(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.Int64Range(1, 4096).Draw(t, "size")
		ended := rapid.SliceOfDistinct(rapid.Int64Range(0, size-1), rapid.ID).Draw(t, "ended")
		bits := NewStatusBits(size)
		for _, i := range ended {
			SetStatus(bits, i)
		}
		payload, err := StatusList{URI: "https://laurel.example/v1/status-lists/stl_1", Bits: bits, IssuedAt: now}.Payload()
		if err != nil {
			t.Fatal(err)
		}
		got := readList(t, payload)
		set := map[int64]bool{}
		for _, i := range ended {
			set[i] = true
		}
		for i := range size {
			if (got[i/8]>>(i%8)&1 == 1) != set[i] {
				t.Fatalf("status %d", i)
			}
		}
	})
}
