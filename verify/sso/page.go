package sso

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"html/template"
	"net/http"
)

// style is the whole look of the pages. The policy allows it by its hash.
const style = `body{font:1.05rem/1.5 system-ui,sans-serif;max-width:34rem;margin:12vh auto;padding:0 1.25rem;color:#1c2430;background:#fff}` +
	`h1{font-size:1.4rem}button{font:inherit;padding:.7rem 1.4rem;border:0;border-radius:.5rem;background:#1d4ed8;color:#fff;cursor:pointer}` +
	`button:focus-visible{outline:3px solid #93b4ff;outline-offset:2px}@media(prefers-color-scheme:dark){body{background:#12161c;color:#e6eaf0}}`

var styleHash = func() string {
	sum := sha256.Sum256([]byte(style))
	return base64.StdEncoding.EncodeToString(sum[:])
}()

type page struct {
	// Kind is ask, invalid or unavailable.
	Kind   string
	Origin string
	State  string
}

type texts struct{ Title, Text, Button string }

var english = map[string]texts{
	"ask":         {"Did you start this?", "You are about to sign in with your school, employer or other institution, to prove to the shop below who you are. Go on only if you began this there yourself. If somebody sent you this link, close the page.", "I started this: go on"},
	"invalid":     {"This sign-in is not valid any more", "It was used already, is too old, or began in another browser. Go back to the shop and start it again.", ""},
	"unavailable": {"That did not work", "The service does not answer right now. Go back to the shop and try again in a moment.", ""},
}

var germanTexts = map[string]texts{
	"ask":         {"Haben Sie das begonnen?", "Sie sind dabei, sich bei Ihrer Schule, Hochschule, Ihrem Arbeitgeber oder einer anderen Einrichtung anzumelden, um dem unten genannten Shop nachzuweisen, wer Sie sind. Fahren Sie nur fort, wenn Sie das dort selbst begonnen haben. Hat Ihnen jemand diesen Link geschickt, schließen Sie die Seite.", "Ich habe das begonnen: weiter"},
	"invalid":     {"Diese Anmeldung gilt nicht mehr", "Sie wurde schon benutzt, ist zu alt oder begann in einem anderen Browser. Gehen Sie zurück zum Shop und beginnen Sie von vorn.", ""},
	"unavailable": {"Das hat nicht geklappt", "Der Dienst antwortet gerade nicht. Gehen Sie zurück zum Shop und versuchen Sie es gleich noch einmal.", ""},
}

var layout = template.Must(template.New("page").Parse(`<!doctype html>
<html lang="{{.Lang}}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><title>{{.Texts.Title}}</title><style>{{.Style}}</style></head>
<body><main><h1>{{.Texts.Title}}</h1><p>{{.Texts.Text}}</p>{{if .Page.Origin}}<p><strong>{{.Page.Origin}}</strong></p>
<form method="post" action="{{.Action}}"><input type="hidden" name="state" value="{{.Page.State}}"><button type="submit">{{.Texts.Button}}</button></form>{{end}}</main></body></html>
`))

func (h *Handler) render(w http.ResponseWriter, r *http.Request, status int, p page) {
	lang, all := "en", english
	if german(r) {
		lang, all = "de", germanTexts
	}
	var b bytes.Buffer
	err := layout.Execute(&b, map[string]any{
		"Lang": lang, "Texts": all[p.Kind], "Page": p, "Style": template.CSS(style), "Action": StartPath,
	})
	if err != nil {
		h.log.ErrorContext(r.Context(), "rendering a page failed", "error", err)
		http.Error(w, "internal error", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	if _, err := w.Write(b.Bytes()); err != nil {
		h.log.DebugContext(r.Context(), "the browser went away", "error", err)
	}
}
