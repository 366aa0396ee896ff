package e2e

import (
	"context"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/laurel-gateway/laurel/cmd/laurel/gateway"
	"github.com/laurel-gateway/laurel/internal/testdb"
)

// runbook reads the shell blocks below a heading of docs/backup.md, by the heading of their step.
func runbook(t *testing.T, chapter string) map[string]string {
	t.Helper()
	b, err := os.ReadFile(root + "/docs/backup.md")
	if err != nil {
		t.Fatal(err)
	}
	_, text, found := strings.Cut(string(b), "\n## "+chapter+"\n")
	if !found {
		t.Fatalf("the page has no chapter %q", chapter)
	}
	text, _, _ = strings.Cut(text, "\n## ")
	blocks := map[string]string{}
	for _, step := range strings.Split(text, "\n### ")[1:] {
		name, rest, _ := strings.Cut(step, "\n")
		_, script, found := strings.Cut(rest, "```sh\n")
		script, _, closed := strings.Cut(script, "```")
		if !found || !closed {
			t.Fatalf("step %q has no commands", name)
		}
		blocks[name] = script
	}
	return blocks
}

// follow runs a step as an operator types it, and returns what it wrote.
func follow(t *testing.T, environ []string, script string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, "sh", "-eu", "-c", script)
	cmd.Env = append(append(withoutSettings(os.Environ()), "PATH="+filepath.Dir(binary(t))+":"+os.Getenv("PATH")), environ...)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s\n%s", err, script, out)
	}
	return string(out)
}

// kept is what must come back from a backup.
type kept struct {
	shop
	request request
	answer  answer
	token   string
}

// trade makes something worth keeping: an order that was redeemed and a token that was not.
func trade(t *testing.T, p place, base string, s shop) kept {
	t.Helper()
	c := s.server(base)
	k := kept{shop: s, request: redemption(token(t, c, s.everyone, "c-first"), "c-first", "o-first")}
	k.answer = c.must(t, http.StatusCreated, k.request)
	k.token = token(t, c, s.everyone, "c-later")
	if err := os.WriteFile(filepath.Join(p.dataDir, "document"), []byte("sealed"), 0o600); err != nil {
		t.Fatal(err)
	}
	return k
}

// back fails the test unless everything is back.
func (k kept) back(t *testing.T, p place) {
	t.Helper()
	running := serve(t, p)
	c := k.server(running.url)
	again := c.must(t, http.StatusCreated, k.request)
	if string(again.body) != string(k.answer.body) || again.header.Get(replayed) != "true" {
		t.Errorf("the request from before is answered %v, was %v", again, k.answer)
	}
	c.must(t, http.StatusCreated, redemption(k.token, "c-later", "o-later"))
	if a := c.ask(t, redemption(k.token, "c-later", "o-twice")); a.code() != "token_spent" {
		t.Errorf("the token from before, a second time: %v", a)
	}
	if b, err := os.ReadFile(filepath.Join(p.dataDir, "document")); err != nil || string(b) != "sealed" {
		t.Errorf("the document: %q, %v", b, err)
	}
	redeemedOnce(t, p, k.id, 2)
}

// An operator follows docs/backup.md to the letter, loses everything in between, and has it back.
func TestTheRunbookBringsEverythingBackOnPostgreSQL(t *testing.T) {
	steps := runbook(t, "PostgreSQL")
	server, err := url.Parse(testdb.StartOwn(t).URL())
	if err != nil {
		t.Fatal(err)
	}
	database := *server
	database.Path = "/laurel"
	ask := func(statement string) {
		conn, err := pgx.Connect(t.Context(), server.String())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := conn.Exec(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
		if err := conn.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	ask("CREATE DATABASE laurel")
	home, safe := t.TempDir(), t.TempDir()
	key := filepath.Join(home, "keys", "master.key")
	if err := os.MkdirAll(filepath.Dir(key), 0o700); err != nil {
		t.Fatal(err)
	}
	if made := laurel(t, nil, "", "keys", "master", "create", key); made.code != 0 {
		t.Fatalf("%+v", made)
	}
	p := place{dataDir: filepath.Join(home, "data"), postgres: database.String()}.with("LAUREL_KEYS_MASTER_FILE=" + key)
	if err := os.MkdirAll(p.dataDir, 0o700); err != nil {
		t.Fatal(err)
	}
	migrate(t, p.url())
	s := prepare(t, p, func(g *gateway.Gateway) shop { return furnish(t, g, "Kept") })
	running := serve(t, p)
	k := trade(t, p, running.url, s)

	environ := append(p.environ(), "MAINTENANCE_URL="+server.String(), "BACKUP="+filepath.Join(safe, "backup"), "KEY_BACKUP="+filepath.Join(safe, "key"))
	follow(t, environ, steps["1. Back up"])
	follow(t, environ, steps["2. Check the backup"])
	// The key must not lie beside what it opens.
	if listed := follow(t, environ, `tar -tf "$BACKUP/data.tar"; ls "$BACKUP"`); strings.Contains(listed, ".key") {
		t.Errorf("the key lies in the backup:\n%s", listed)
	}
	running.stop()
	ask("DROP DATABASE laurel WITH (FORCE)")
	if err := os.RemoveAll(home); err != nil {
		t.Fatal(err)
	}

	follow(t, environ, steps["3. Restore"])
	if said := follow(t, environ, steps["4. Verify"]); !strings.Contains(said, " 0 faults") {
		t.Errorf("verified:\n%s", said)
	}
	k.back(t, p)

	// Another key opens nothing, as the page says in its first line.
	if err := os.Remove(key); err != nil {
		t.Fatal(err)
	}
	if made := laurel(t, nil, "", "keys", "master", "create", key); made.code != 0 {
		t.Fatalf("%+v", made)
	}
	if opened := laurel(t, p.environ(), "", "serve", "--listen", freeAddress(t)); opened.code == 0 {
		t.Error("the gateway starts with another key")
	}
}

func TestTheRunbookBringsEverythingBackOnSQLite(t *testing.T) {
	steps := runbook(t, "The embedded database")
	p, safe := onSQLite(t), t.TempDir()
	s := prepare(t, p, func(g *gateway.Gateway) shop { return furnish(t, g, "Kept") })
	running := serve(t, p)
	k := trade(t, p, running.url, s)
	environ := append(p.environ(), "BACKUP="+filepath.Join(safe, "backup"), "KEY_BACKUP="+filepath.Join(safe, "key"))
	follow(t, environ, steps["1. Back up"])
	// What happens after the backup is lost with the rest.
	c := s.server(running.url)
	c.must(t, http.StatusCreated, redemption(token(t, c, s.everyone, "c-lost"), "c-lost", "o-lost"))
	if again := laurel(t, p.environ(), "", "backup", filepath.Join(safe, "backup", "laurel.db")); again.code == 0 {
		t.Error("a backup was written over")
	}
	running.stop()
	if err := os.RemoveAll(p.dataDir); err != nil {
		t.Fatal(err)
	}
	if said := follow(t, environ, steps["2. Restore"]); !strings.Contains(said, " 0 faults") {
		t.Errorf("restored:\n%s", said)
	}
	k.back(t, p)
}
