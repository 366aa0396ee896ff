package config

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/knadh/koanf/parsers/yaml"
	"github.com/knadh/koanf/providers/env/v2"
	"github.com/knadh/koanf/providers/file"
	"github.com/knadh/koanf/v2"
)

const (
	// FileVariable names the configuration file in the environment.
	FileVariable = EnvironmentPrefix + "CONFIG"
	// testPrefix begins the variables that the tests use; the gateway ignores them.
	testPrefix = EnvironmentPrefix + "TEST_"
	fileSuffix = "_file"
	// largestSecret bounds what is read from a secret's file.
	largestSecret = 64 << 10
)

// Source is where the configuration comes from.
type Source struct {
	// File is the path of the YAML file; empty takes LAUREL_CONFIG from the environment, and no file without that.
	File string
	// Environ is the environment as os.Environ returns it.
	Environ []string
	// Overrides are settings by key that win over everything: the command line's flags.
	Overrides map[string]string
}

// Problem is one thing that is wrong with the configuration.
type Problem struct {
	// Key is the setting, as written by the one who set it: a key of the file or an environment variable.
	Key string
	// Detail says what to do. It never holds a secret.
	Detail string
}

// Error is everything that is wrong with the configuration.
type Error struct {
	Problems []Problem
}

// Error implements error: one line per problem.
func (e *Error) Error() string {
	lines := make([]string, 0, len(e.Problems)+1)
	lines = append(lines, fmt.Sprintf("the configuration has %d problem(s):", len(e.Problems)))
	for _, problem := range e.Problems {
		lines = append(lines, fmt.Sprintf("  %s: %s", problem.Key, problem.Detail))
	}
	return strings.Join(lines, "\n")
}

// Load reads and checks the configuration. The error, if any, is an [*Error] with every problem.
func Load(source Source) (Config, error) {
	loader := &loader{config: &Config{}, origin: map[string]string{}, values: map[string]any{}}
	loader.defaults()
	loader.file(source)
	loader.environment(source.Environ)
	for key, value := range source.Overrides {
		loader.take(key, "--"+key, value)
	}
	loader.apply()
	loader.problems = append(loader.problems, loader.config.check()...)
	if len(loader.problems) > 0 {
		return Config{}, &Error{Problems: loader.named()}
	}
	return *loader.config, nil
}

type loader struct {
	config   *Config
	settings []setting
	values   map[string]any    // by key, the last layer's
	origin   map[string]string // by key, how the one who set it wrote its name
	problems []Problem
}

func (l *loader) defaults() {
	l.settings = l.config.settings()
	for _, setting := range l.settings {
		if value, ok := setting.tag.Lookup("default"); ok {
			l.values[setting.key] = value
		}
	}
}

func (l *loader) file(source Source) {
	path := source.File
	if path == "" {
		path = lookup(source.Environ, FileVariable)
	}
	if path == "" {
		return
	}
	tree := koanf.New(".")
	if err := tree.Load(file.Provider(path), yaml.Parser()); err != nil {
		l.problems = append(l.problems, Problem{Key: path, Detail: "cannot be read: " + unquoted(err)})
		return
	}
	for key, value := range tree.All() {
		l.take(key, key, value)
	}
}

// unquoted keeps a parser's words and drops the values that it quotes, which may be secrets.
func unquoted(err error) string {
	text := err.Error()
	for _, mark := range []string{"`", "\"", "'"} {
		if before, _, found := strings.Cut(text, mark); found {
			text = before + "…"
		}
	}
	return text
}

func (l *loader) environment(environ []string) {
	keys := map[string]string{}
	for _, setting := range l.settings {
		keys[variable(setting.key)] = setting.key
		if setting.secret() {
			keys[variable(setting.key+fileSuffix)] = setting.key + fileSuffix
		}
	}
	tree := koanf.New(".")
	provider := env.Provider("", env.Opt{Prefix: EnvironmentPrefix, EnvironFunc: func() []string { return environ }})
	if err := tree.Load(provider, nil); err != nil {
		l.problems = append(l.problems, Problem{Key: EnvironmentPrefix, Detail: "the environment cannot be read: " + err.Error()})
		return
	}
	for name, value := range tree.All() {
		switch key, known := keys[name]; {
		case name == FileVariable || strings.HasPrefix(name, testPrefix):
		case known:
			l.take(key, name, value)
		default:
			l.problems = append(l.problems, unknown(name, keys))
		}
	}
}

// take notes one layer's value for a key. The file of a secret and the secret itself replace one another.
func (l *loader) take(key, name string, value any) {
	for _, setting := range l.settings {
		switch {
		case setting.key == key && setting.secret():
			delete(l.values, key+fileSuffix)
		case setting.secret() && setting.key+fileSuffix == key:
			delete(l.values, setting.key)
		case setting.key != key:
			continue
		}
		if earlier, set := l.origin[setting.key]; set && earlier != name && sameLayer(earlier, name) {
			l.problems = append(l.problems, Problem{Key: name, Detail: "is set together with " + earlier + "; keep one"})
		}
		l.values[key], l.origin[setting.key] = value, name
		return
	}
	keys := map[string]string{}
	for _, setting := range l.settings {
		if strings.HasPrefix(setting.key, key+".") {
			l.problems = append(l.problems, Problem{Key: name, Detail: "is a section; write its settings below it"})
			return
		}
		keys[setting.key] = setting.key
	}
	l.problems = append(l.problems, unknown(name, keys))
}

func sameLayer(a, b string) bool {
	return strings.HasPrefix(a, EnvironmentPrefix) == strings.HasPrefix(b, EnvironmentPrefix) &&
		strings.HasPrefix(a, "--") == strings.HasPrefix(b, "--")
}

func unknown(name string, known map[string]string) Problem {
	const mostLetters = 3 // that may differ in a slip of the pen
	nearest, best := "", mostLetters+1
	for _, candidate := range slices.Sorted(maps.Keys(known)) {
		if d := distance(name, candidate); d < best {
			nearest, best = candidate, d
		}
	}
	if nearest == "" {
		return Problem{Key: name, Detail: "is not a setting; remove it"}
	}
	return Problem{Key: name, Detail: "is not a setting; did you mean " + nearest + "?"}
}

func (l *loader) apply() {
	for _, setting := range l.settings {
		value, ok := l.values[setting.key]
		if path, fromFile := l.values[setting.key+fileSuffix]; fromFile && setting.secret() {
			content, err := readSecret(path)
			if err != nil {
				l.problems = append(l.problems, Problem{Key: setting.key, Detail: err.Error()})
				continue
			}
			value, ok = content, true
		}
		if !ok {
			continue
		}
		if err := setting.set(value); err != nil {
			l.problems = append(l.problems, Problem{Key: setting.key, Detail: err.Error()})
		}
	}
}

func readSecret(path any) (string, error) {
	name, err := scalar(path)
	if err != nil {
		return "", err
	}
	info, err := os.Stat(name)
	if err != nil {
		return "", fmt.Errorf("its file cannot be read: %w", err)
	}
	if !info.Mode().IsRegular() || info.Size() > largestSecret {
		return "", fmt.Errorf("its file %s must be a plain file of at most 64 KiB", name)
	}
	content, err := os.ReadFile(name)
	if err != nil {
		return "", fmt.Errorf("its file cannot be read: %w", err)
	}
	return strings.TrimRight(string(content), "\r\n"), nil
}

// named gives the problems the names that their author used, in a stable order and each once: the first problem of a
// setting is the cause of those that follow.
func (l *loader) named() []Problem {
	var named []Problem
	seen := map[string]bool{}
	for _, problem := range l.problems {
		if name, ok := l.origin[problem.Key]; ok {
			problem.Key = name
		}
		if !seen[problem.Key] {
			seen[problem.Key] = true
			named = append(named, problem)
		}
	}
	slices.SortStableFunc(named, func(a, b Problem) int { return strings.Compare(a.Key, b.Key) })
	return named
}

func lookup(environ []string, name string) string {
	for _, pair := range environ {
		if key, value, _ := strings.Cut(pair, "="); key == name {
			return value
		}
	}
	return ""
}

// distance is Levenshtein's: how many letters must change to make a from b.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
