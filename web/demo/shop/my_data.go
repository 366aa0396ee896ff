package shop

import "net/http"

// myData makes the link to the page on which the shopper sees what is kept, and erases it. A real store asks first who is
// signed in.
func (s *Shop) myData(w http.ResponseWriter, r *http.Request) {
	talk := s.gateway.talk()
	shopper, err := s.customers.of(w, r, false)
	if err != nil {
		s.refuse(w, talk, err)
		return
	}
	var link struct {
		URL string `json:"url"`
	}
	if err := talk.post(r.Context(), "/v1/my-data-links", map[string]any{"customer": shopper.id}, &link); err != nil {
		s.refuse(w, talk, err)
		return
	}
	s.answer(w, http.StatusOK, map[string]any{"calls": talk.calls, "url": link.URL})
}
