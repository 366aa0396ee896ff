package crypt

import (
	"bytes"
	"slices"
	"strings"
	"testing"
)

func TestPersonTagsUnderEveryLiveVersion(t *testing.T) {
	k := storeKeys(t, 7)
	if got := k.PersonTags("mailbox:ada@mit.edu"); !slices.Equal(got, []string{k.PersonTag("mailbox:ada@mit.edu")}) {
		t.Fatalf("one version gives %v", got)
	}
	second := TagKey{Version: 2, Secret: bytes.Repeat([]byte{2}, StoreSecretSize)}
	eleventh := TagKey{Version: 11, Secret: bytes.Repeat([]byte{11}, StoreSecretSize)}
	if err := k.UseTagKeys([]TagKey{{Version: 1}, second, eleventh}); err != nil {
		t.Fatal(err)
	}
	got := k.PersonTags("mailbox:ada@mit.edu")
	if len(got) != 3 || !strings.HasPrefix(got[0], "t11_") || !strings.HasPrefix(got[1], "t2_") || got[2] != k.PersonTag("mailbox:ada@mit.edu") {
		t.Fatalf("three versions give %v", got)
	}
	if other := k.PersonTags("mailbox:bob@mit.edu"); slices.ContainsFunc(other, func(tag string) bool { return slices.Contains(got, tag) }) {
		t.Fatalf("two people share a tag: %v, %v", got, other)
	}
	// A version says the same whatever else is live, and in every process.
	again := storeKeys(t, 7)
	if err := again.UseTagKeys([]TagKey{second}); err != nil {
		t.Fatal(err)
	}
	if one := again.PersonTags("mailbox:ada@mit.edu"); !slices.Equal(one, got[1:2]) {
		t.Fatalf("the second version alone gives %v", one)
	}
	for name, bad := range map[string][]TagKey{"none": nil, "no secret": {{Version: 2}}, "short": {{Version: 3, Secret: []byte("x")}}} {
		if err := again.UseTagKeys(bad); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
}
