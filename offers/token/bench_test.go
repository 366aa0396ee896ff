package token

import "testing"

func BenchmarkSign(b *testing.B) {
	for _, alg := range []Alg{ES256, EdDSA, RS256} {
		b.Run(string(alg), func(b *testing.B) {
			r := ringOf(b, keyOf(b, alg))
			b.ReportAllocs()
			for b.Loop() {
				sign(b, r, alg, sample())
			}
		})
	}
}

func BenchmarkVerify(b *testing.B) {
	for _, alg := range []Alg{ES256, EdDSA, RS256} {
		b.Run(string(alg), func(b *testing.B) {
			r := ringOf(b, keyOf(b, alg))
			raw := sign(b, r, alg, sample())
			b.ReportAllocs()
			for b.Loop() {
				if _, err := r.Verify(raw, now, expect); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkClaims is what verifying costs besides the signature.
func BenchmarkClaims(b *testing.B) {
	payload, err := sample().marshal()
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := parseClaims(payload); err != nil {
			b.Fatal(err)
		}
	}
}
