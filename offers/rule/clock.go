package rule

import (
	"sync"
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/overloads"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
)

// clocks are CEL's readings of a timestamp, in UTC or in a named zone. CEL's own look the zone up in the system's files
// each time; here each zone is read once.
var clocks = map[string]func(time.Time) int{
	overloads.TimeGetFullYear:     time.Time.Year,
	overloads.TimeGetMonth:        func(t time.Time) int { return int(t.Month()) - 1 },
	overloads.TimeGetDayOfYear:    func(t time.Time) int { return t.YearDay() - 1 },
	overloads.TimeGetDayOfMonth:   func(t time.Time) int { return t.Day() - 1 },
	overloads.TimeGetDate:         time.Time.Day,
	overloads.TimeGetDayOfWeek:    func(t time.Time) int { return int(t.Weekday()) },
	overloads.TimeGetHours:        time.Time.Hour,
	overloads.TimeGetMinutes:      time.Time.Minute,
	overloads.TimeGetSeconds:      time.Time.Second,
	overloads.TimeGetMilliseconds: func(t time.Time) int { return t.Nanosecond() / 1_000_000 },
}

// spans are CEL's readings of a duration.
var spans = map[string]func(time.Duration) int64{
	overloads.TimeGetHours:        func(d time.Duration) int64 { return int64(d / time.Hour) },
	overloads.TimeGetMinutes:      func(d time.Duration) int64 { return int64(d / time.Minute) },
	overloads.TimeGetSeconds:      func(d time.Duration) int64 { return int64(d / time.Second) },
	overloads.TimeGetMilliseconds: func(d time.Duration) int64 { return d.Milliseconds() },
}

func clockFunctions() []cel.EnvOption {
	var out []cel.EnvOption
	for name, reading := range clocks {
		list := []cel.FunctionOpt{
			cel.MemberOverload("timestamp_"+name, []*cel.Type{cel.TimestampType}, cel.IntType, cel.UnaryBinding(func(v ref.Val) ref.Val {
				return readClock(v, time.UTC, reading)
			})),
			cel.MemberOverload("timestamp_"+name+"_zone", []*cel.Type{cel.TimestampType, cel.StringType}, cel.IntType, cel.BinaryBinding(func(v, zone ref.Val) ref.Val {
				name, _ := zone.(types.String)
				at, err := zoneOf(string(name))
				if err != nil {
					return types.NewErr("unknown time zone %q", string(name))
				}
				return readClock(v, at, reading)
			})),
		}
		if span, ok := spans[name]; ok {
			list = append(list, cel.MemberOverload("duration_"+name, []*cel.Type{cel.DurationType}, cel.IntType, cel.UnaryBinding(func(v ref.Val) ref.Val {
				d, ok := v.(types.Duration)
				if !ok {
					return types.MaybeNoSuchOverloadErr(v)
				}
				return types.Int(span(d.Duration))
			})))
		}
		out = append(out, cel.Function(name, list...))
	}
	return out
}

func readClock(v ref.Val, zone *time.Location, reading func(time.Time) int) ref.Val {
	t, ok := v.(types.Timestamp)
	if !ok {
		return types.MaybeNoSuchOverloadErr(v)
	}
	return types.Int(reading(t.In(zone)))
}

// zones are the zones that rules have named. There are some six hundred in the world, and only true ones are kept.
var zones sync.Map

func zoneOf(name string) (*time.Location, error) {
	if z, ok := zones.Load(name); ok {
		return z.(*time.Location), nil //nolint:errcheck // nothing else is stored
	}
	if name == "" || name == "Local" {
		return nil, errNoZone
	}
	z, err := time.LoadLocation(name)
	if err != nil {
		return nil, errNoZone
	}
	zones.Store(name, z)
	return z, nil
}

// zoneValidator refuses time zones that do not exist, and those that only a cart would tell.
type zoneValidator struct{}

func (zoneValidator) Name() string { return "laurel.zones" }

func (zoneValidator) Validate(_ *cel.Env, _ cel.ValidatorConfig, a *ast.AST, issues *cel.Issues) {
	for _, call := range ast.MatchDescendants(ast.NavigateAST(a), ast.KindMatcher(ast.CallKind)) {
		c := call.AsCall()
		if _, ok := clocks[c.FunctionName()]; !ok || len(c.Args()) != 1 {
			continue
		}
		zone := c.Args()[0]
		if zone.Kind() != ast.LiteralKind {
			issues.ReportErrorAtID(zone.ID(), "the time zone must be written out, such as 'America/New_York'")
			continue
		}
		name, _ := zone.AsLiteral().Value().(string)
		if _, err := zoneOf(name); err != nil {
			issues.ReportErrorAtID(zone.ID(), "there is no time zone %q; use an IANA name such as 'America/New_York'", name)
		}
	}
}
