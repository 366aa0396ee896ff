package shop

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
)

// longestRequest bounds what a browser may send, in bytes.
const longestRequest = 64 << 10

func (s *Shop) answer(w http.ResponseWriter, status int, body any) {
	text, err := json.Marshal(body)
	if err != nil {
		s.logger.Error("demo shop: encode an answer", "error", err)
		http.Error(w, "internal error", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if _, err := w.Write(text); err != nil {
		s.logger.Debug("demo shop: the browser went away", "error", err)
	}
}

// refuse answers with the gateway's own words where there are any, and with the calls that led there.
func (s *Shop) refuse(w http.ResponseWriter, talk *conversation, err error) {
	problem := &refusal{}
	if !errors.As(err, &problem) {
		s.logger.Error("demo shop: a call failed", "error", err)
		problem = &refusal{Status: http.StatusBadGateway, Code: "gateway_unreachable", Detail: "the gateway did not answer; try again"}
	}
	s.answer(w, problem.Status, map[string]any{"calls": talk.calls, "problem": problem})
}

// read decodes a JSON body strictly. The content type matters: no foreign page can send it without asking first.
func read(w http.ResponseWriter, r *http.Request, into any) error {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "application/json" {
		return &refusal{Status: http.StatusUnsupportedMediaType, Code: "unsupported_media_type", Detail: "send application/json"}
	}
	decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, longestRequest))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		return badRequest("the body is not the JSON that this address takes")
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return badRequest("the body has more than one JSON value")
	}
	return nil
}

func badRequest(detail string) *refusal {
	return &refusal{Status: http.StatusBadRequest, Code: "bad_request", Detail: detail}
}
