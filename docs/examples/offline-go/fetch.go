package main

import (
	"bytes"
	"compress/zlib"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
)

type keySet struct {
	jose.JSONWebKeySet
	readAt time.Time
	until  time.Time
}

// again is how often an unknown kid may make the keys be read again: a forger can invent kids.
const again = 10 * time.Second

// key finds a key by its kid. The set is kept for as long as Cache-Control says, and read once more when a kid is not in
// it: a store may have begun to sign with a new algorithm.
func (v *Verifier) key(kid string) (jose.JSONWebKey, error) {
	now := v.Now()
	known := v.keys.Key(kid)
	if now.After(v.keys.until) || len(known) == 0 && now.Sub(v.keys.readAt) > again {
		body, fresh, err := v.get("/.well-known/jwks.json", "application/json")
		if err != nil {
			return jose.JSONWebKey{}, fmt.Errorf("keys unknown: %w", err)
		}
		var set jose.JSONWebKeySet
		if err := json.Unmarshal(body, &set); err != nil {
			return jose.JSONWebKey{}, errors.New("keys unknown: not a JWK set")
		}
		v.keys = keySet{set, now, now.Add(fresh)}
		known = v.keys.Key(kid)
	}
	if kid == "" || len(known) != 1 {
		return jose.JSONWebKey{}, errors.New("unknown key")
	}
	return known[0], nil
}

type statusList struct {
	bits  []byte
	until time.Time
}

// maxList bounds what a status list may unpack to.
const maxList = 1 << 20

// ended tells whether a status is set. The list is kept for its ttl at most, counted from when it was made.
func (v *Verifier) ended(uri string, index int64) (bool, error) {
	path, ok := strings.CutPrefix(uri, v.Issuer)
	if !ok || !strings.HasPrefix(path, "/v1/status-lists/") || strings.ContainsAny(path, "?#\\") || strings.Contains(path, "..") {
		return false, errors.New("the list is not at the issuer")
	}
	list, ok := v.lists[uri]
	if !ok || !v.Now().Before(list.until) {
		var err error
		if list, err = v.fetchList(uri, path); err != nil {
			return false, err
		}
		if v.lists == nil || len(v.lists) > 1000 {
			v.lists = map[string]statusList{}
		}
		v.lists[uri] = list
	}
	if index < 0 || index/8 >= int64(len(list.bits)) {
		return false, errors.New("no such index")
	}
	return list.bits[index/8]>>(index%8)&1 == 1, nil
}

func (v *Verifier) fetchList(uri, path string) (statusList, error) {
	raw, fresh, err := v.get(path, "application/statuslist+jwt")
	if err != nil {
		return statusList{}, err
	}
	payload, err := v.open(string(raw), "statuslist+jwt")
	if err != nil {
		return statusList{}, err
	}
	var c struct {
		Subject   string `json:"sub"`
		ExpiresAt int64  `json:"exp"`
		TTL       int64  `json:"ttl"`
		List      struct {
			Bits int    `json:"bits"`
			Data string `json:"lst"`
		} `json:"status_list"`
	}
	now := v.Now()
	if err := json.Unmarshal(payload, &c); err != nil || c.Subject != uri || c.List.Bits != 1 || !now.Before(time.Unix(c.ExpiresAt, 0).Add(v.Leeway)) {
		return statusList{}, errors.New("not the list, or too old")
	}
	packed, err := base64.RawURLEncoding.DecodeString(c.List.Data)
	if err != nil {
		return statusList{}, errors.New("the list cannot be decoded")
	}
	unpack, err := zlib.NewReader(bytes.NewReader(packed))
	if err != nil {
		return statusList{}, errors.New("the list cannot be unpacked")
	}
	bits, err := io.ReadAll(io.LimitReader(unpack, maxList+1))
	if err != nil || len(bits) > maxList {
		return statusList{}, errors.New("the list cannot be unpacked")
	}
	return statusList{bits, now.Add(min(fresh, time.Duration(c.TTL)*time.Second))}, nil
}

// get reads something from the gateway, and for how long it may be kept.
func (v *Verifier) get(path, accept string) (body []byte, fresh time.Duration, err error) {
	req, err := http.NewRequest(http.MethodGet, v.Gateway+path, nil)
	if err != nil {
		return nil, 0, err
	}
	req.Header.Set("Accept", accept)
	res, err := v.Client.Do(req)
	if err != nil {
		return nil, 0, errors.New("the gateway does not answer")
	}
	defer func() { err = errors.Join(err, res.Body.Close()) }()
	if res.StatusCode != http.StatusOK || !strings.HasPrefix(res.Header.Get("Content-Type"), accept) {
		return nil, 0, fmt.Errorf("the gateway answers %d %s", res.StatusCode, res.Header.Get("Content-Type"))
	}
	body, err = io.ReadAll(io.LimitReader(res.Body, 1<<20))
	for directive := range strings.SplitSeq(res.Header.Get("Cache-Control"), ",") {
		if age, ok := strings.CutPrefix(strings.TrimSpace(directive), "max-age="); ok {
			if seconds, err := strconv.Atoi(age); err == nil {
				fresh = time.Duration(seconds) * time.Second
			}
		}
	}
	return body, fresh, err
}
