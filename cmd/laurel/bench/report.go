package bench

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Report is a run, ready to be shown.
type Report struct {
	Machine  Machine
	Figures  Figures
	Duration time.Duration
	Warmup   time.Duration
}

// Tables writes the figures and the targets as tables that read well in a terminal and in Markdown.
func (r Report) Tables(w io.Writer) error {
	_, err := io.WriteString(w, table(figureHeads, r.figures())+"\n"+table(targetHeads, r.targets()))
	return err
}

var (
	figureHeads = []string{"what", "connections:", "per second:", "median:", "p99:", "against its measure:"}
	targetHeads = []string{"target", "against", "reached:", "wanted:", "met"}
)

func (r Report) figures() [][]string {
	var rows [][]string
	for _, k := range r.Figures.Order {
		f := r.Figures.Found[k]
		name := k.Name
		if r.short(f.Window) {
			name += " [1]"
		}
		rows = append(rows, []string{name, strconv.Itoa(k.Connections), grouped(f.PerSecond()), shown(f.P50), shown(f.P99), r.ratio(k)})
	}
	return rows
}

// short tells whether what was made beforehand ran out well before the time was over.
func (r Report) short(window time.Duration) bool { return window < r.Duration*9/10 }

// ratio is the rate of a figure against the one that the targets hold it against.
func (r Report) ratio(k Key) string {
	for _, t := range Targets {
		against, ok := r.Figures.Found[t.Against]
		if t.Of == k && t.quantity == rate && ok && against.PerSecond() > 0 {
			return fmt.Sprintf("%.2f x", r.Figures.Found[k].PerSecond()/against.PerSecond())
		}
	}
	return ""
}

func (r Report) targets() [][]string {
	var rows [][]string
	for _, v := range Judge(r.Figures) {
		rows = append(rows, []string{v.What, v.Against, v.Value, v.Bound, v.Met})
	}
	return rows
}

// Document writes the report as a page.
func (r Report) Document(w io.Writer) error {
	m := r.Machine
	var b strings.Builder
	b.WriteString("<!-- Written by `make bench`. Do not edit. -->\n# Performance\n\n")
	fmt.Fprintf(&b, "Measured on %s, in one run, over HTTP on loopback. Gateway, database and load generator share the machine, so absolute\n"+
		"figures say little: the ratios inside the run are what counts.\n\n", m.Date.Format("2 January 2006, 15:04 UTC"))
	fmt.Fprintf(&b, "To repeat: `make bench` (some five minutes; `go run ./cmd/laurel bench measure --help` tells how to measure a part, or for longer).\n\n")
	b.WriteString(table([]string{"machine", ""}, m.rows()))
	fmt.Fprintf(&b, "\nEach measurement takes %s after a warm-up of %s.", r.Duration, r.Warmup)
	b.WriteString(how)
	b.WriteString("\n## Figures\n\n")
	b.WriteString(table(figureHeads, r.figures()))
	if strings.Contains(table(figureHeads, r.figures()), " [1]") {
		b.WriteString("\n[1] What was made beforehand ran out: it was measured for less than the full time.\n")
	}
	b.WriteString("\n## Targets\n\nA rate must be at least so many times its measure, a latency at most.\n\n")
	b.WriteString(table(targetHeads, r.targets()))
	b.WriteString(notHere)
	_, err := io.WriteString(w, b.String())
	return err
}

const how = ` A request that is refused or
fails makes the whole run fail. The load generator is the repository's own (` + "`cmd/laurel/bench/load`" + `): a process of its own, with one
keep-alive connection and one request on its way for each worker.

- The measure of everything that writes is **pgbench**: one credit a transaction, in five statements (begin; an entry under a
  unique key; its two postings; the balance; commit), prepared, with 32 clients, before and after all else. Its median and
  p99 are of its own log.
- The measure of what only reads or signs is a **bare Echo server** in a process of its own.
- The gateway is ` + "`laurel serve`" + ` with its default configuration, except for the rate limits, on a database of its own in the
  same PostgreSQL, with 40,000 members and fresh statistics. A **credit** is ` + "`POST /v1/orders`" + ` with one line: a fresh
  idempotency key, an entry in the member's hash chain, its lot, the order, the event, the stored answer. A **hold** is
  ` + "`POST /v1/reservations`" + ` with one token; a **redeem** spends token and hold, records the order, credits points and tells of
  it. Tokens and holds are made beforehand, through the API.
- The same credit **on SQLite** is measured with and without gathering requests into one transaction.
`

const notHere = `
Not measured here: the import of entries, and how the cost grows with ten million of them. The offers measured have no CEL rules, so
evaluating has none either.
`

func (m Machine) rows() [][]string {
	rows := [][]string{{"cores", strconv.Itoa(m.Cores)}, {"CPU", m.CPU}, {"system", m.System}, {"Go", m.Go}, {"PostgreSQL", m.PostgreSQL}}
	if m.Redis == "" {
		return append(rows, []string{"Redis", "none on this machine: nothing with Redis was measured"})
	}
	return append(rows, []string{"Redis", m.Redis})
}

// table renders rows in Markdown, with columns as wide as what is in them. A head that ends with a colon is of numbers.
func table(heads []string, rows [][]string) string {
	right := make([]bool, len(heads))
	wide := make([]int, len(heads))
	names := make([]string, len(heads))
	for i, h := range heads {
		names[i], right[i] = strings.CutSuffix(h, ":")
		wide[i] = max(3, utf8.RuneCountInString(names[i]))
		for _, row := range rows {
			wide[i] = max(wide[i], utf8.RuneCountInString(row[i]))
		}
	}
	var b strings.Builder
	line := func(cells []string) {
		for i, c := range cells {
			pad := strings.Repeat(" ", wide[i]-utf8.RuneCountInString(c))
			if right[i] {
				c, pad = pad+c, ""
			}
			b.WriteString("| " + c + pad + " ")
		}
		b.WriteString("|\n")
	}
	line(names)
	for i := range heads {
		dashes := strings.Repeat("-", wide[i]+1)
		if right[i] {
			b.WriteString("|" + dashes + ":")
		} else {
			b.WriteString("|" + dashes + "-")
		}
	}
	b.WriteString("|\n")
	for _, row := range rows {
		line(row)
	}
	return b.String()
}

// grouped renders a rate as a whole number in groups of three digits.
func grouped(v float64) string {
	s := strconv.FormatInt(int64(v+0.5), 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// shown renders a duration in milliseconds.
func shown(d time.Duration) string {
	ms := float64(d) / float64(time.Millisecond)
	switch {
	case ms < 10:
		return fmt.Sprintf("%.2f ms", ms)
	case ms < 100:
		return fmt.Sprintf("%.1f ms", ms)
	}
	return fmt.Sprintf("%.0f ms", ms)
}
