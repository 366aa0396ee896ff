package architecture

import (
	"path"
	"slices"
)

// rule is one line of the plan.
type rule struct {
	name string
	// tests tells whether the rule holds for test files too.
	tests bool
	// where says which directories the rule is for.
	where func(dir string) bool
	// forbids says which imports those must not have; nil when the rule is about something else.
	forbids func(dir, target string) bool
	// file says what else is wrong with a file, "" for nothing.
	file func(f sourceFile) string
}

func (r rule) broken(files []sourceFile) []string {
	var violations []string
	for _, file := range files {
		if (file.isTest() && !r.tests) || !r.where(file.dir()) {
			continue
		}
		for _, target := range file.imports {
			if r.forbids != nil && r.forbids(file.dir(), target) {
				violations = append(violations, file.name+" imports "+target)
			}
		}
		if r.file != nil {
			if wrong := r.file(file); wrong != "" {
				violations = append(violations, file.name+" "+wrong)
			}
		}
	}
	return violations
}

var (
	domains = []string{"verify", "offers", "loyalty"}
	// pure are the parts of the house that a domain may use: no input, no output, no clock.
	pure = []string{"internal/fault", "internal/fold", "internal/id", "internal/once"}
	// platform are the parts that know nothing of offers and points.
	platform = []string{
		"internal/blob", "internal/circuit", "internal/config", "internal/crypt", "internal/egress", "internal/fault",
		"internal/id", "internal/imaging", "internal/jobs", "internal/mail", "internal/once", "internal/ratelimit", "internal/telemetry",
	}
	vague = []string{"util", "utils", "common", "helper", "helpers", "manager", "base", "impl", "misc", "shared"}
)

// domainOf is the domain that a directory is the heart of: the domain itself and what is as pure inside it. Adapters
// (verifiers, token caches) are not.
func domainOf(dir string) string {
	switch {
	case dir == "verify", dir == "offers":
		return dir
	case below(dir, "loyalty"):
		return "loyalty"
	default:
		return ""
	}
}

func isAdapter(dir string) bool {
	return below(dir, domains...) && domainOf(dir) == ""
}

func anywhere(string) bool { return true }

func outside(roots ...string) func(string) bool {
	return func(dir string) bool { return !below(dir, roots...) }
}

func inside(roots ...string) func(string) bool {
	return func(dir string) bool { return below(dir, roots...) }
}

func inDomain(dir string) bool { return domainOf(dir) != "" }

func library(roots ...string) func(dir, target string) bool {
	return func(_, target string) bool { return below(target, roots...) }
}

func house(roots ...string) func(dir, target string) bool {
	return func(_, target string) bool { return below(ours(target), roots...) }
}

var rules = []rule{
	// What the gateway is measured against is a bare Echo server.
	{name: "only api imports Echo and huma", tests: true, where: outside("api", "cmd/laurel/bench/bare"),
		forbids: library("github.com/labstack/echo", "github.com/danielgtaylor/huma")},
	{name: "only internal/database imports GORM", tests: true, where: outside("internal/database"),
		forbids: library("gorm.io")},
	{name: "only internal/jobs imports River", tests: true, where: outside("internal/jobs"),
		forbids: library("github.com/riverqueue")},

	{name: "only internal/blob knows where files are kept", where: outside("internal/blob"),
		forbids: library("gocloud.dev", "github.com/aws")},
	{name: "only internal/imaging/pdf runs WebAssembly", where: outside("internal/imaging/pdf"),
		forbids: library("github.com/tetratelabs")},

	{name: "domains do not import each other", where: func(dir string) bool { return below(dir, domains...) },
		forbids: func(dir, target string) bool {
			return slices.ContainsFunc(domains, func(other string) bool {
				return !below(dir, other) && below(ours(target), other)
			})
		}},
	{name: "domains import only pure parts of the house", where: inDomain,
		forbids: func(dir, target string) bool {
			return ours(target) != "" && !below(ours(target), domainOf(dir)) && !below(ours(target), domains...) && !below(ours(target), pure...)
		}},
	{name: "domains know no database, cache or HTTP", where: inDomain,
		forbids: library("database/sql", "net/http", "github.com/jackc", "github.com/redis", "modernc.org")},
	{name: "adapters know neither storage nor the API", where: isAdapter,
		forbids: house("internal/database", "internal/checkout", "internal/commit", "api", "cmd")},

	{name: "checkout knows ports, not implementations", where: inside("internal/checkout"),
		forbids: house("internal/database", "internal/jobs", "internal/mail", "offers/tokencache/redis", "offers/tokencache/memory", "api", "cmd")},
	{name: "the committer is generic", where: inside("internal/commit"),
		forbids: house("verify", "offers", "loyalty", "internal/checkout", "internal/database", "api", "cmd")},
	{name: "faults need only the standard library", where: inside("internal/fault"),
		forbids: func(_, target string) bool { return !isStandard(target) }},
	{name: "platform parts know no domain", where: inside(platform...),
		forbids: house("verify", "offers", "loyalty", "internal/checkout", "internal/database", "api", "cmd")},
	{name: "storage does not call upwards", where: inside("internal/database"),
		forbids: func(_, target string) bool {
			return below(ours(target), "api", "cmd", "web") || isAdapter(ours(target)) && !below(ours(target), "offers/token")
		}},
	{name: "the API reaches storage through use cases", where: inside("api"),
		forbids: func(_, target string) bool {
			return below(ours(target), "internal/database", "internal/commit", "cmd") || below(target, "github.com/redis", "github.com/jackc")
		}},
	{name: "only cmd wires", where: outside("cmd", "api"),
		forbids: func(_, target string) bool {
			return below(ours(target), "api", "cmd") && !below(ours(target), "api/client")
		}},
	// A measurement starts a PostgreSQL of its own, like a test.
	{name: "test packages stay in tests", where: outside("internal/testdb", "internal/testredis", "cmd/laurel/bench"),
		forbids: house("internal/testdb", "internal/testredis")},

	{name: "nothing registers itself in an init", where: anywhere, file: func(f sourceFile) string {
		if f.inits {
			return "declares an init"
		}
		return ""
	}},
	{name: "a package is named after its subject", tests: true, where: anywhere, file: func(f sourceFile) string {
		if slices.Contains(vague, path.Base(f.dir())) {
			return "is in a package whose name says nothing"
		}
		return ""
	}},
}
