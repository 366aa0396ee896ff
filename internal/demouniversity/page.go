package demouniversity

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"html/template"
	"net/http"
)

const style = `*{box-sizing:border-box}body{margin:0;font:1rem/1.5 Georgia,"Times New Roman",serif;color:#22252b;background:#f3f0e9}` +
	`header{background:#5b1a2b;color:#fff;padding:1.25rem}header p{margin:0;font-size:1.35rem;letter-spacing:.02em}header small{opacity:.9}` +
	`main{max-width:30rem;margin:1.5rem auto;padding:1.5rem;background:#fff;border-top:4px solid #b08d3c;box-shadow:0 1px 6px #0002}` +
	`h1{font-size:1.3rem;margin:0 0 .5rem}h2{font-size:1.05rem;margin:1.75rem 0 .5rem}` +
	`button{display:block;width:100%;min-height:3rem;margin:.6rem 0;padding:.6rem 1rem;text-align:left;font:inherit;color:inherit;background:#fff;border:1px solid #8c8577;border-radius:4px;cursor:pointer}` +
	`button:hover{background:#faf6ec}button:focus-visible,input:focus-visible,select:focus-visible{outline:3px solid #b08d3c;outline-offset:2px}` +
	`button span{display:block;color:#595449;font-size:.9rem}button.main{background:#5b1a2b;border-color:#5b1a2b;color:#fff;text-align:center}` +
	`button.plain{border-color:transparent;text-align:center;text-decoration:underline}label{display:block;margin:.75rem 0 .25rem}` +
	`input,select{width:100%;min-height:2.75rem;padding:.5rem;font:inherit;color:inherit;background:#fff;border:1px solid #8c8577;border-radius:4px}` +
	`.error{margin:.75rem 0;padding:.75rem;border-left:4px solid #a11;background:#fdf1f1}`

var styleHash = func() string {
	sum := sha256.Sum256([]byte(style))
	return base64.StdEncoding.EncodeToString(sum[:])
}()

// page is what the sign-in shows. Without People the request was not one of the client's.
type page struct {
	Request []field
	People  []person
	Missing bool
}

var layout = template.Must(template.New("page").Parse(`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><title>Sign in: Demo University</title><style>{{.Style}}</style></head>
<body><header><p>Demo University</p><small>A university that does not exist</small></header><main>
{{if not .Page.People}}<h1>This sign-in cannot go on</h1><p>The request did not come from the service that this university knows. Go back and start again.</p>
{{else}}<h1>Sign in</h1><p>Choose who you want to be. No password is needed: this is a demonstration.</p>
{{if .Page.Missing}}<p class="error" role="alert">Choose a person, or give a name and say what you are.</p>{{end}}
<form method="post" action="{{.Action}}">{{range .Page.Request}}<input type="hidden" name="{{.Name}}" value="{{.Value}}">{{end}}
{{range .Page.People}}<button type="submit" name="person" value="{{.ID}}">{{.Name}}<span>{{.Role}}</span></button>
{{end}}</form>
<h2>Somebody else</h2>
<form method="post" action="{{.Action}}">{{range .Page.Request}}<input type="hidden" name="{{.Name}}" value="{{.Value}}">{{end}}
<label for="name">Name</label><input id="name" name="name" maxlength="80" autocomplete="off" required>
<label for="role">At the university I am</label><select id="role" name="role"><option value="student">a student</option><option value="faculty">a teacher</option><option value="alum">a former student</option></select>
<button class="main" type="submit">Sign in with this name</button></form>
<form method="post" action="{{.Action}}">{{range .Page.Request}}<input type="hidden" name="{{.Name}}" value="{{.Value}}">{{end}}
<button class="plain" type="submit" name="cancel" value="1">Cancel and go back</button></form>{{end}}
</main></body></html>
`))

func (p *Provider) render(w http.ResponseWriter, r *http.Request, status int, content page) {
	var b bytes.Buffer
	err := layout.Execute(&b, map[string]any{"Style": template.CSS(style), "Page": content, "Action": p.base + "/authorize"})
	if err != nil {
		p.Log.ErrorContext(r.Context(), "rendering the sign-in failed", "error", err)
		http.Error(w, "internal error", http.StatusInternalServerError)
		return
	}
	// There is no form-action: browsers apply it to the redirects after the form too, and those lead to the client.
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'sha256-"+styleHash+"'; base-uri 'none'; frame-ancestors 'none'")
	w.Header().Set("Referrer-Policy", "no-referrer")
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	if _, err := w.Write(b.Bytes()); err != nil {
		p.Log.DebugContext(r.Context(), "the browser went away", "error", err)
	}
}
