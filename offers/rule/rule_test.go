package rule_test

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/offers/rule"
)

// guest has a small cart and nothing else.
func guest() rule.Input {
	return rule.Input{Currency: "EUR", Lines: []rule.Line{{LineID: "l1", Quantity: 1, UnitAmount: 900, Amount: 900}}, Now: noon}
}

func TestRulesHold(t *testing.T) {
	for src, want := range map[string]struct{ member, guest bool }{
		`cart.subtotal >= 10000`:                         {true, false},
		`cart.subtotal + cart.shipping_amount == 10500`:  {true, false},
		`cart.subtotal * 15 / 100 == 1500`:               {true, false},
		`cart.subtotal % 7 == 4`:                         {true, true},
		`-cart.subtotal < 0 && cart.subtotal - 900 >= 0`: {true, true},
		`cart.quantity == 20`:                            {true, false},
		`cart.lines.size() > 1`:                          {true, false},
		`cart.lines[0].amount == cart.lines[0].quantity * cart.lines[0].unit_amount`:                            {true, true},
		`cart.lines.all(l, l.amount == l.quantity * l.unit_amount)`:                                             {true, true},
		`cart.lines.exists(l, l.sku.startsWith("sku-") && !l.sku.endsWith("0"))`:                                {true, false},
		`cart.lines.exists_one(l, "books" in l.categories)`:                                                     {true, false},
		`cart.lines.filter(l, "sale" in l.categories).map(l, l.amount).sum() == 9000`:                           {true, false},
		`cart.lines.map(l, l.amount).max() == cart.lines.map(l, l.amount).min()`:                                {true, true},
		`cart.lines.filter(l, false).map(l, l.amount).sum() == 0`:                                               {true, true},
		`cart.lines[1] in cart.lines && has(cart.lines[1].sku)`:                                                 {true, false},
		`(cart.lines + cart.lines).size() == 2 * cart.lines.size()`:                                             {true, true},
		`cart.currency in ["USD", "CAD"]`:                                                                       {true, false},
		`cart.lines.filter(l, l.categories.exists(c, c in ["books", "ebooks"])).map(l, l.amount).sum() == 1000`: {true, false},
		`cart.tax_mode == "exclusive"`:                                                                          {true, false},
		`attestation.group == "student" && attestation.subgroup == "university"`:                                {true, false},
		`has(attestation.group)`:                                                                                {true, false},
		`attestation.valid_until > now + duration("720h")`:                                                      {true, false},
		`has(attestation.valid_until) && now - attestation.verified_at < duration("2400h")`:                     {true, false},
		`has(customer.id)`:                                                                           {true, false},
		`customer.id.matches("^c-[0-9]+$")`:                                                          {true, false},
		`member.tier in ["gold", "platinum"] || member.points >= 5000`:                               {true, false},
		`has(member.since) ? now - member.since >= duration("8760h") : false`:                        {true, false},
		`!has(member.points)`:                                                                        {false, true},
		`{"gold": 1000, "silver": 5000}[member.tier] <= member.points`:                               {true, false},
		`now >= timestamp("2026-11-21T00:00:00Z") && now < timestamp("2026-11-22T00:00:00+01:00")`:   {true, true},
		`now.getDayOfWeek("Europe/Berlin") == 6 && now.getFullYear() == 2026 && now.getDate() == 21`: {true, true},
		`now.getMonth() == 10 && now.getDayOfMonth() == 20 && now.getDayOfYear() == 324`:             {true, true},
		`now.getMinutes() + now.getSeconds() + now.getMilliseconds() == 0`:                           {true, true},
		`duration("90m").getMinutes() == 90 && duration("90m").getHours() == 1`:                      {true, true},
		`string(cart.subtotal) == "10000" && int("10000") == cart.subtotal`:                          {true, false},
		"// Only big carts.\ncart.subtotal > 1000 // in cents":                                       {true, false},
	} {
		p, err := rule.Compile(src)
		if err != nil {
			t.Errorf("%s: %v %v", src, err, fault.From(err).Fields)
			continue
		}
		for who, c := range map[string]struct {
			in   rule.Input
			want bool
		}{"member": {tenLines(), want.member}, "guest": {guest(), want.guest}} {
			got, err := p.Eval(rule.NewActivation(c.in))
			if got != c.want || err != nil && c.want {
				t.Errorf("%s: for a %s %v, %v", src, who, got, err)
			}
		}
		if p.Source() != src {
			t.Errorf("the source became %q", p.Source())
		}
	}
}

// A place is where a refusal must point, and a part of what it must say.
type place struct {
	line, column int
	says         string
}

func TestRefusalsNameThePlace(t *testing.T) {
	for src, want := range map[string]place{
		``:                                   {1, 1, "empty"},
		" \n\t":                              {1, 1, "empty"},
		"\xff":                               {1, 1, "UTF-8"},
		strings.Repeat("a", 5000):            {1, 1, "5000 bytes"},
		`cart.subtotl > 5`:                   {1, 5, "undefined field 'subtotl'"},
		"cart.subtotal > 5 &&\n  cart.x > 2": {2, 7, "undefined field 'x'"},
		`carts.subtotal > 5`:                 {1, 1, "undeclared reference to 'carts'"},
		`cart.lines.exists(l, l.colour == "red")`: {1, 23, "undefined field 'colour'"},
		`foo(1)`:                                   {1, 4, "undeclared reference to 'foo'"},
		`cart.subtotal`:                            {1, 5, "gives int"},
		`"x"`:                                      {1, 1, "gives string"},
		`cart.subtotal >`:                          {1, 16, "ends in the middle"},
		`cart.subtotal > > 1`:                      {1, 17, "not expected here"},
		`"é" == "`:                                 {1, 8, "not understood"},
		`cart.subtotal + "x" == "y"`:               {1, 15, "no matching overload"},
		`cart.subtotal == 1.5`:                     {1, 18, "1.5 is not a whole number"},
		`cart.subtotal == 1e3`:                     {1, 18, "not a whole number"},
		`1e999 > 1`:                                {1, 1, "not a whole number"},
		`[1.0, 2.0].size() == 2`:                   {1, 2, "not a whole number"},
		`{"a": 1.0}.size() == 1`:                   {1, 7, "not a whole number"},
		`double(cart.subtotal) > 1`:                {1, 1, "double() is not part"},
		`true && double("1") > 1`:                  {1, 9, "double() is not part"},
		`dyn(cart.subtotal) == 1`:                  {1, 1, "dyn() is not part"},
		`type(1) == int`:                           {1, 1, "type() is not part"},
		`cart.subtotal == 1u`:                      {1, 18, "not uint"},
		`b"x" == b"y"`:                             {1, 1, "not bytes"},
		`9223372036854775808 > 1`:                  {1, 1, "at most 9223372036854775807"},
		`Cart{subtotal: 1}.subtotal == 1`:          {1, 5, "makes no objects"},
		`google.protobuf.DoubleValue{} == 1`:       {1, 28, "makes no objects"},
		`has(attestation)`:                         {1, 5, "wants a field"},
		`cart.lines.exists(l, l == cart.lines[1])`: {1, 18, "compare their fields"},
		`int("x") == 1`:                            {1, 10, "type conversion error"},
		`customer.id.matches("(")`:                 {1, 21, "regular expression"},
		`customer.id.matches("` + strings.Repeat(`(a{100})`, 100) + `")`:          {1, 21, "regex"},
		`duration("1 hour") < duration("2h")`:                                     {1, 10, "not a duration"},
		`now > timestamp("tomorrow")`:                                             {1, 17, "not a time"},
		`now.getHours("Mars/Base") == 1`:                                          {1, 14, `no time zone "Mars/Base"`},
		`now.getHours("Local") == 1`:                                              {1, 14, "no time zone"},
		`now.getHours(cart.currency) == 1`:                                        {1, 18, "must be written out"},
		`cart.lines.exists(a, cart.lines.exists(b, a.sku == b.sku))`:              {1, 18, "on the largest cart"},
		`cart.lines.exists(a, [1].exists(b, [1].exists(c, [1].exists(d, true))))`: {1, 60, "three deep"},
		strings.Repeat("(", 200) + "true" + strings.Repeat(")", 200):              {1, 1, "recursion limit"},
		"[" + strings.Repeat("1,", 2040) + "1].size() > 1":                        {1, 1, ""},
	} {
		p, err := rule.Compile(src)
		f := fault.From(err)
		if p != nil || f == nil || f.Code != fault.Invalid || len(f.Fields) == 0 {
			t.Errorf("%.60q: %v", src, err)
			continue
		}
		got := f.Fields[0]
		if got.Pointer != "#/rule" || got.Line != want.line || got.Column != want.column || !strings.Contains(got.Detail, want.says) ||
			!strings.HasPrefix(got.Detail, "line ") {
			t.Errorf("%.60q: %+v", src, got)
		}
	}
}

func TestEveryMistakeIsNamedAtOnce(t *testing.T) {
	_, err := rule.Compile("cart.a > 1 &&\ncart.b > 1 &&\ncart.c > 1")
	var lines []int
	for _, f := range fault.From(err).Fields {
		lines = append(lines, f.Line)
	}
	if !slices.Equal(lines, []int{1, 2, 3}) {
		t.Errorf("lines %v", lines)
	}
	_, err = rule.Compile(strings.Repeat("cart.a > 1 && ", 50) + "true")
	if n := len(fault.From(err).Fields); n != 10 {
		t.Errorf("%d problems told, want 10 at most", n)
	}
}

func TestARuleThatCannotBeDecidedDoesNotHold(t *testing.T) {
	in := tenLines()
	in.Lines[0].Amount = math.MaxInt64 / 2
	in.Lines[0].Quantity = 0
	for src, reason := range map[string]string{
		`cart.lines[0].amount * 3 > 0`:                    "overflow",
		`cart.lines.map(l, l.amount * 2 + 1).sum() > 0`:   "overflow",
		`-9223372036854775807 - cart.lines[0].amount < 0`: "overflow",
		`cart.subtotal / cart.lines[0].quantity > 1`:      "division by zero",
		`cart.subtotal % cart.lines[0].quantity > 1`:      "modulus by zero",
		`cart.lines[10].quantity == 1`:                    "out of bounds",
		`{"silver": 1}[member.tier] == 1`:                 "no such key",
		`int(cart.lines[0].sku) == 1`:                     "type conversion",
		`customer.id.matches(customer.id + "(")`:          "error parsing regexp",
		`now + duration("292h") * 1 > now`:                "",
	} {
		p, err := rule.Compile(src)
		if reason == "" {
			if err == nil {
				t.Errorf("%s compiles", src)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v %v", src, err, fault.From(err).Fields)
			continue
		}
		holds, err := p.Eval(rule.NewActivation(in))
		if holds || err == nil || !strings.Contains(err.Error(), reason) {
			t.Errorf("%s: %v, %v", src, holds, err)
		}
		seen, err := p.Observe(rule.NewActivation(in))
		if err != nil || len(seen) != 1 || seen[0].Holds || !strings.Contains(seen[0].Reason, reason) {
			t.Errorf("%s: observed %+v, %v", src, seen, err)
		}
	}
}

// A cart with more categories than any estimate allows for cannot make a rule take longer than it may: a short cart is
// bounded by cost alone, a long one by the clock too, and on a slow machine the clock may be first.
func TestTheCostIsLimitedWhenARuleRuns(t *testing.T) {
	p, err := rule.Compile(`cart.lines.exists(l, l.categories.exists(c, c == "books"))`)
	if err != nil {
		t.Fatal(err, fault.From(err).Fields)
	}
	for _, c := range []struct {
		lines, categories int
		why               []string
	}{
		{40, 10_000, []string{"cost limit"}},
		{500, 1_000, []string{"cost limit", "deadline exceeded"}},
	} {
		in := tenLines()
		for len(in.Lines) < c.lines {
			in.Lines = append(in.Lines, in.Lines[0])
		}
		for i := range in.Lines {
			in.Lines[i].Categories = make([]string, c.categories)
		}
		holds, err := p.Eval(rule.NewActivation(in))
		if holds || err == nil || !slices.ContainsFunc(c.why, func(why string) bool { return strings.Contains(err.Error(), why) }) {
			t.Errorf("%d lines: %v, %v", c.lines, holds, err)
		}
	}
}

func TestTimeZones(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	p, err := rule.Compile(`now.getHours("Europe/Berlin") == 2`)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		at   time.Time
		want bool
	}{
		{time.Date(2026, 3, 29, 0, 30, 0, 0, time.UTC), false}, // 01:30, winter
		{time.Date(2026, 3, 29, 1, 30, 0, 0, time.UTC), false}, // 03:30: there is no 02:30 on that day
		{time.Date(2026, 10, 25, 0, 30, 0, 0, time.UTC), true}, // 02:30, summer
		{time.Date(2026, 10, 25, 1, 30, 0, 0, time.UTC), true}, // 02:30 once more, winter
		{time.Date(2026, 7, 1, 2, 0, 0, 0, berlin), true},      // whatever zone the clock is in
		{time.Date(2026, 12, 31, 23, 30, 0, 0, time.UTC), false},
	} {
		in := guest()
		in.Now = c.at
		if got, err := p.Eval(rule.NewActivation(in)); got != c.want || err != nil {
			t.Errorf("%v: %v, %v", c.at, got, err)
		}
	}
}

func TestVariablesAreWhatRulesCanName(t *testing.T) {
	for _, v := range rule.Variables() {
		name, ok := strings.CutPrefix(v.Name, "Line.")
		src := "[" + v.Name + "].size() == 1"
		if ok {
			src = "cart.lines.all(l, [l." + name + "].size() == 1)"
		}
		if v.Doc == "" || v.Type == "" {
			t.Errorf("%+v is not explained", v)
		}
		p, err := rule.Compile(src)
		if err != nil {
			t.Errorf("%s: %v", src, fault.From(err).Fields)
			continue
		}
		if holds, err := p.Eval(rule.NewActivation(tenLines())); !holds || err != nil {
			t.Errorf("%s: %v, %v", src, holds, err)
		}
	}
}
