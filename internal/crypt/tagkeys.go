package crypt

import (
	"crypto/hkdf"
	"crypto/sha256"
	"fmt"
	"slices"
	"strconv"
)

// TagKey is a version of the key under which a store makes person tags.
type TagKey struct {
	Version int
	// Secret has StoreSecretSize bytes. The first version has none: it is made of the store's own secret.
	Secret []byte
}

// tagVersion makes the tags of one version.
type tagVersion struct {
	prefix string
	key    *macKey
}

// UseTagKeys says which versions of the tag key are live. Call it before the keys are used by anybody; without it the
// first version is. It fails on a secret of another size, and without a version.
func (k *StoreKeys) UseTagKeys(live []TagKey) error {
	if len(live) == 0 {
		return fmt.Errorf("a store has no live version of its tag key")
	}
	live = slices.SortedFunc(slices.Values(live), func(a, b TagKey) int { return b.Version - a.Version })
	k.people = nil
	for _, v := range live {
		made := tagVersion{prefix: "t" + strconv.Itoa(v.Version) + "_", key: k.tags}
		if v.Version != 1 {
			if len(v.Secret) != StoreSecretSize {
				return fmt.Errorf("version %d of a tag key has %d bytes, want %d", v.Version, len(v.Secret), StoreSecretSize)
			}
			key, err := hkdf.Key(sha256.New, v.Secret, nil, "laurel store v1 "+purposePersonTag, keySize)
			if err != nil {
				return fmt.Errorf("derive version %d of a tag key: %w", v.Version, err)
			}
			made.key = newMACKey(key)
		}
		k.people = append(k.people, made)
	}
	return nil
}

// PersonTags returns the tags of what identifies a human under every live version of the tag key, the newest first. Each
// is "t", its version, "_" and 43 characters of base64url. While only the first version is live that is PersonTag alone.
func (k *StoreKeys) PersonTags(normalised string) []string {
	if k.people == nil {
		return []string{k.PersonTag(normalised)}
	}
	tags := make([]string, len(k.people))
	for i, v := range k.people {
		tags[i] = v.prefix + text.EncodeToString(v.key.sum([]byte(normalised)))
	}
	return tags
}
