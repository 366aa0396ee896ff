package shop

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
)

// showMember shows the shopper's points; member is null until the first points are credited.
func (s *Shop) showMember(w http.ResponseWriter, r *http.Request) {
	talk := s.gateway.talk()
	shopper, err := s.customers.of(w, r, false)
	if err != nil {
		s.refuse(w, talk, err)
		return
	}
	member, entries, err := readMember(r.Context(), talk, shopper)
	if err != nil {
		s.refuse(w, talk, err)
		return
	}
	s.answer(w, http.StatusOK, map[string]any{"calls": talk.calls, "member": member, "entries": entries})
}

func readMember(ctx context.Context, talk *conversation, shopper *customer) (member, entries json.RawMessage, err error) {
	path := "/v1/members/" + url.PathEscape(shopper.id)
	err = talk.get(ctx, path, &member)
	problem := &refusal{}
	if errors.As(err, &problem) && problem.Status == http.StatusNotFound {
		return json.RawMessage("null"), json.RawMessage("[]"), nil
	}
	if err != nil {
		return nil, nil, err
	}
	var page struct {
		Data json.RawMessage `json:"data"`
	}
	if err := talk.get(ctx, path+"/entries?limit=50", &page); err != nil {
		return nil, nil, err
	}
	return member, page.Data, nil
}
