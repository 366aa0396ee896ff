package e2e

import (
	"bufio"
	"bytes"
	"debug/elf"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/knadh/koanf/parsers/yaml"
	"github.com/laurel-gateway/laurel/internal/config"
)

// root is the repository's.
const root = "../../.."

func deployFile(t testing.TB, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(root, "deploy", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// documents reads the documents of a YAML file.
func documents(t testing.TB, name string) (all []map[string]any) {
	t.Helper()
	for _, text := range strings.Split(deployFile(t, name), "\n---\n") {
		m, err := yaml.Parser().Unmarshal([]byte(text))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		all = append(all, m)
	}
	return all
}

// dig follows a path of names into what YAML or JSON was read to.
func dig(v any, path ...string) any {
	for _, name := range path {
		m, _ := v.(map[string]any)
		v = m[name]
	}
	return v
}

var madeSecrets = []string{"postgres_password", "database_url", "master.key"}

// makeSecrets runs the script that makes what compose mounts, and returns their directory.
func makeSecrets(t testing.TB) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "secrets")
	cmd := exec.CommandContext(t.Context(), "sh", filepath.Join(root, "deploy", "make-secrets"), dir)
	cmd.Env = append(withoutSettings(os.Environ()), "LAUREL="+binary(t))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("make-secrets: %v\n%s", err, out)
	}
	return dir
}

func TestMakeSecretsMakesEachOnce(t *testing.T) {
	dir := makeSecrets(t)
	before := map[string][]byte{}
	for _, name := range madeSecrets {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil || info.Mode().Perm()&0o077 != 0 || info.Size() < 32 {
			t.Errorf("%s: %v, %v", name, info, err)
		}
		if before[name], err = os.ReadFile(filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.CommandContext(t.Context(), "sh", filepath.Join(root, "deploy", "make-secrets"), dir)
	cmd.Env = append(withoutSettings(os.Environ()), "LAUREL="+binary(t))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("again: %v\n%s", err, out)
	}
	for _, name := range madeSecrets {
		if after, err := os.ReadFile(filepath.Join(dir, name)); err != nil || !bytes.Equal(after, before[name]) {
			t.Errorf("%s was made anew, %v", name, err)
		}
	}
}

// interpolate puts values into a compose text as compose does: ${NAME}, ${NAME:-default}, ${NAME:?complaint}.
func interpolate(t testing.TB, text string, values map[string]string) string {
	t.Helper()
	return regexp.MustCompile(`\$\{([A-Z_]+)(?:(:-|:\?)([^}]*))?\}`).ReplaceAllStringFunc(text, func(found string) string {
		name, rest, _ := strings.Cut(strings.Trim(found, "${}"), ":")
		value := values[name]
		switch {
		case value != "" || rest == "":
			return value
		case rest[0] == '?':
			t.Errorf("example.env does not set %s", name)
		}
		return rest[1:]
	})
}

// exampleEnv reads what example.env sets.
func exampleEnv(t testing.TB) map[string]string {
	t.Helper()
	values := map[string]string{}
	lines := bufio.NewScanner(strings.NewReader(deployFile(t, "example.env")))
	for lines.Scan() {
		if name, value, ok := strings.Cut(lines.Text(), "="); ok && !strings.HasPrefix(name, "#") {
			values[name] = value
		}
	}
	return values
}

func TestTheComposeFileConfiguresTheGateway(t *testing.T) {
	file := documents(t, "compose.yaml")[0]
	values, secrets := exampleEnv(t), makeSecrets(t)
	for name := range values {
		if regexp.MustCompile(`(?i)password|secret|key`).MatchString(name) {
			t.Errorf("example.env has a secret: %s", name)
		}
	}
	services, _ := file["services"].(map[string]any)
	for _, name := range []string{"migrate", "laurel"} {
		environ := []string{}
		settings, _ := dig(services, name, "environment").(map[string]any)
		for key, value := range settings {
			text := interpolate(t, fmt.Sprint(value), values)
			if path, ok := strings.CutPrefix(text, "/run/secrets/"); ok {
				source, _ := dig(file, "secrets", path, "file").(string)
				text = filepath.Join(secrets, filepath.Base(source))
			}
			environ = append(environ, key+"="+text)
		}
		c, err := config.Load(config.Source{Environ: environ})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if !strings.HasPrefix(c.Database.URL.Reveal(), "postgres://laurel:") || c.HTTP.DrainDelay == 0 || c.Keys.MasterFile == "" || !c.Redis.URL.IsSet() {
			t.Errorf("%s: %+v", name, c)
		}
	}
	// Everything that is named is there, and every service says whether it is well, the one-shot one excepted.
	for name, service := range services {
		for _, used := range list(dig(service, "secrets")) {
			if dig(file, "secrets", used) == nil {
				t.Errorf("%s mounts the secret %s, which is none", name, used)
			}
		}
		needs, _ := dig(service, "depends_on").(map[string]any)
		for other := range needs {
			if services[other] == nil {
				t.Errorf("%s needs %s, which is none", name, other)
			}
		}
		if name != "migrate" && name != "laurel" && dig(service, "healthcheck", "test") == nil {
			t.Errorf("%s has no health check", name)
		}
	}
	if dig(services, "laurel", "depends_on", "migrate", "condition") != "service_completed_successfully" {
		t.Error("the gateway does not wait for the migration")
	}
	for _, volume := range list(dig(services, "postgres", "volumes")) {
		name, _, _ := strings.Cut(volume, ":")
		if volumes, _ := file["volumes"].(map[string]any); !slices.Contains(slices.Collect(maps.Keys(volumes)), name) {
			t.Errorf("postgres keeps its data in %s, which is no volume", name)
		}
	}
}

func list(v any) (out []string) {
	all, _ := v.([]any)
	for _, each := range all {
		out = append(out, fmt.Sprint(each))
	}
	return out
}

func TestTheManifestsConfigureTheGateway(t *testing.T) {
	secrets := makeSecrets(t)
	if err := os.WriteFile(filepath.Join(secrets, "redis_url"), []byte("redis://redis:6379/0"), 0o600); err != nil {
		t.Fatal(err)
	}
	var environ []string
	for _, doc := range documents(t, "kubernetes/laurel.yaml") {
		switch doc["kind"] {
		case "ConfigMap":
			data, _ := doc["data"].(map[string]any)
			for key, value := range data {
				environ = append(environ, key+"="+strings.Replace(fmt.Sprint(value), "/run/laurel", secrets, 1))
			}
		case "Deployment":
			pod, _ := dig(doc, "spec", "template", "spec").(map[string]any)
			containers, _ := pod["containers"].([]any)
			if len(containers) != 1 || dig(containers[0], "readinessProbe", "httpGet", "path") != "/readyz" || dig(containers[0], "livenessProbe", "httpGet", "path") != "/healthz" ||
				dig(pod, "securityContext", "runAsNonRoot") != true {
				t.Errorf("the deployment: %v", pod)
			}
		}
	}
	c, err := config.Load(config.Source{Environ: environ})
	if err != nil {
		t.Fatal(err)
	}
	if c.HTTP.DrainDelay == 0 || c.HTTP.DrainDelay+c.HTTP.DrainTimeout > 45e9 || !c.Database.URL.IsSet() || !c.Redis.URL.IsSet() {
		t.Errorf("%+v", c)
	}
	if job := documents(t, "kubernetes/migrate.yaml")[0]; job["kind"] != "Job" {
		t.Errorf("%v", job)
	}
}

// The Dockerfile's own build command makes a program that runs without anything beside it.
func TestTheDockerfilesBuildIsStaticAndNamed(t *testing.T) {
	text := deployFile(t, "Dockerfile")
	command := regexp.MustCompile(`(?m)^RUN (CGO_ENABLED=0 go build .*)$`).FindStringSubmatch(text)
	if command == nil {
		t.Fatal("no build command was found")
	}
	out := filepath.Join(t.TempDir(), "laurel")
	cmd := exec.CommandContext(t.Context(), "sh", "-c", strings.Replace(command[1], "/out/laurel", out, 1))
	cmd.Dir, cmd.Env = root, append(withoutSettings(os.Environ()), "VERSION=1.2.3-test")
	if said, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", command[1], err, said)
	}
	program, err := elf.Open(out)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = program.Close() }()
	for _, p := range program.Progs {
		if p.Type == elf.PT_INTERP {
			t.Error("the program is linked to libraries")
		}
	}
	if said, err := exec.CommandContext(t.Context(), out, "version").CombinedOutput(); err != nil || !strings.Contains(string(said), "1.2.3-test") {
		t.Errorf("%s, %v", said, err)
	}
	for what, pattern := range map[string]string{
		"an empty last stage": `(?m)^FROM scratch$`, "a user without rights": `(?m)^USER 65532:65532$`, "certificates": `ca-certificates\.crt`,
		"a health check": `HEALTHCHECK .*CMD \["/laurel", "ready"\]`,
	} {
		if !regexp.MustCompile(pattern).MatchString(text) {
			t.Errorf("the image lacks %s", what)
		}
	}
	environ := regexp.MustCompile(`LAUREL_[A-Z_]+=\S+`).FindAllString(text, -1)
	if c, err := config.Load(config.Source{Environ: environ}); err != nil || c.Listen != ":8080" {
		t.Errorf("%v, %v", c, err)
	}
}

func TestReadyAsksTheGateway(t *testing.T) {
	p := onSQLite(t)
	running := serve(t, p)
	if f := laurel(t, nil, "", "ready", "--url", running.url); f.code != 0 || strings.TrimSpace(f.output) != "ready" {
		t.Errorf("%+v", f)
	}
	address := strings.TrimPrefix(running.url, "http://")
	if f := laurel(t, append(p.environ(), "LAUREL_LISTEN="+address), "", "ready"); f.code != 0 {
		t.Errorf("by the configuration: %+v", f)
	}
	running.stop()
	if f := laurel(t, nil, "", "ready", "--url", running.url); f.code == 0 {
		t.Errorf("after the end: %+v", f)
	}
}

// Each metric that an alert or a panel asks for is one that the gateway exposes.
func TestAlertsAndDashboardAskForMetricsThatExist(t *testing.T) {
	h := open(t, onSQLite(t))
	e := settle(t, h, "measured")
	e.server(h.url).must(t, http.StatusOK, post("/v1/offer-tokens/introspect", fields{"token": e.token}))
	held := e.server(h.url).must(t, http.StatusOK, post("/v1/reservations/"+e.reservation+"/redeem", fields{"order_id": "measured-held"}))
	if held.text("redemption_id") == "" {
		t.Fatalf("%v", held)
	}
	newCaller(h.url).must(t, http.StatusUnauthorized, get("/v1/members/measured-customer"))
	var exposed string
	eventually(t, "a try at a webhook is counted", func() bool {
		exposed = string(newCaller(h.url).must(t, http.StatusOK, get("/metrics")).body)
		return strings.Contains(exposed, "laurel_webhook_tries_total{")
	})
	known := map[string]bool{}
	for _, line := range strings.Split(exposed, "\n") {
		if name := regexp.MustCompile(`^[a-z_]+`).FindString(line); name != "" {
			known[name] = true
		}
	}
	var asked []string
	rules, _ := dig(documents(t, "prometheus/alerts.yaml")[0], "groups").([]any)
	for _, group := range rules {
		all, _ := dig(group, "rules").([]any)
		for _, rule := range all {
			if dig(rule, "alert") == nil || dig(rule, "annotations", "summary") == nil || dig(rule, "labels", "severity") == nil {
				t.Errorf("a rule lacks a part: %v", rule)
			}
			asked = append(asked, fmt.Sprint(dig(rule, "expr")))
		}
	}
	var board struct {
		Panels []struct {
			Title   string
			Targets []struct{ Expr string }
		}
	}
	if err := json.Unmarshal([]byte(deployFile(t, "grafana/laurel.json")), &board); err != nil {
		t.Fatal(err)
	}
	for _, p := range board.Panels {
		for _, target := range p.Targets {
			asked = append(asked, target.Expr)
		}
	}
	if len(asked) < 30 {
		t.Errorf("only %d expressions were found", len(asked))
	}
	for _, expr := range asked {
		names := regexp.MustCompile(`\b(laurel|go_sql|process)_[a-z_]+`).FindAllString(expr, -1)
		if len(names) == 0 {
			t.Errorf("%s asks for no metric", expr)
		}
		for _, name := range names {
			if !known[name] {
				t.Errorf("%s: %s is not exposed", expr, name)
			}
		}
	}
	for _, label := range []string{`route="/v1/redemptions"`, `route="/v1/reservations/:id/redeem"`, `outcome="failed"`, `outcome="committed"`, `cache="issued"`} {
		if !strings.Contains(exposed, label) {
			t.Errorf("no metric has %s", label)
		}
	}
}
