package shop

import (
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"sync"
)

const (
	cookieName = "northside_customer"
	// mostCustomers bounds the shop's memory; the oldest are forgotten first.
	mostCustomers = 1000
)

var customerShape = regexp.MustCompile(`^c-[0-9a-f]{24}$`)

// customer is one shopper of the demo; its lock makes checkout and refunds of one shopper take turns.
type customer struct {
	id     string
	turn   sync.Mutex
	orders []*Order
	// unsettled are the orders whose redemption went out without an answer coming back.
	unsettled map[string]bool
}

// customers are the shoppers that the shop remembers.
type customers struct {
	random io.Reader
	lock   sync.Mutex
	byID   map[string]*customer
	oldest []string
}

func newCustomers(random io.Reader) *customers {
	return &customers{random: random, byID: map[string]*customer{}}
}

// of gives the shopper of a request. Without a cookie, or when anew is asked for, it is a new one and the cookie is set.
func (c *customers) of(w http.ResponseWriter, r *http.Request, anew bool) (*customer, error) {
	cookie, err := r.Cookie(cookieName)
	if err == nil && !anew && customerShape.MatchString(cookie.Value) {
		return c.remember(cookie.Value), nil
	}
	random := make([]byte, 12)
	if _, err := io.ReadFull(c.random, random); err != nil {
		return nil, fmt.Errorf("make a customer id: %w", err)
	}
	id := "c-" + hex.EncodeToString(random)
	http.SetCookie(w, &http.Cookie{
		Name: cookieName, Value: id, Path: "/demo", HttpOnly: true, SameSite: http.SameSiteLaxMode, MaxAge: 30 * 24 * 3600,
	})
	return c.remember(id), nil
}

func (c *customers) remember(id string) *customer {
	c.lock.Lock()
	defer c.lock.Unlock()
	if known, ok := c.byID[id]; ok {
		return known
	}
	if len(c.oldest) >= mostCustomers {
		delete(c.byID, c.oldest[0])
		c.oldest = c.oldest[1:]
	}
	known := &customer{id: id, unsettled: map[string]bool{}}
	c.byID[id] = known
	c.oldest = append(c.oldest, id)
	return known
}

// storefront is what the shop reads of GET /v1/storefront.
type storefront struct {
	Store struct {
		ID string `json:"id"`
	} `json:"store"`
	Offers []offer `json:"offers"`
}

type offer struct {
	ID    string `json:"id"`
	Group string `json:"group"`
	Name  string `json:"name"`
}

func (s *Shop) showSession(w http.ResponseWriter, r *http.Request) { s.session(w, r, false) }

func (s *Shop) resetSession(w http.ResponseWriter, r *http.Request) { s.session(w, r, true) }

func (s *Shop) session(w http.ResponseWriter, r *http.Request, anew bool) {
	talk := s.gateway.talk()
	shopper, err := s.customers.of(w, r, anew)
	if err != nil {
		s.refuse(w, talk, err)
		return
	}
	store := storefront{Offers: []offer{}}
	if err := talk.send(r.Context(), http.MethodGet, "/v1/storefront", s.publishableKey, nil, &store); err != nil {
		s.refuse(w, talk, err)
		return
	}
	s.answer(w, http.StatusOK, map[string]any{
		"calls": talk.calls, "customer": shopper.id, "publishable_key": s.publishableKey,
		"store_id": store.Store.ID, "offers": store.Offers, "currency": currency,
	})
}
