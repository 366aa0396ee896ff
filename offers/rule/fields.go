package rule

import (
	"fmt"
	"time"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
)

// field is one field of an object: its type, how it is read, and when has() finds it.
type field struct {
	name string
	kind *types.Type
	get  func(any) ref.Val
	set  func(any) bool
	doc  string
}

func always(any) bool { return true }

// read makes a getter of one for a known object.
func read[T any](get func(T) ref.Val) func(any) ref.Val {
	return func(v any) ref.Val {
		o, ok := v.(T)
		if !ok {
			return types.NewErr("%T has no such field", v)
		}
		return get(o)
	}
}

func test[T any](set func(T) bool) func(any) bool {
	return func(v any) bool {
		o, ok := v.(T)
		return ok && set(o)
	}
}

// epoch stands for a time that is not set: before every time that a rule compares it with.
var epoch = time.Unix(0, 0).UTC()

func instant(t time.Time) ref.Val {
	if t.IsZero() {
		t = epoch
	}
	return types.Timestamp{Time: t.UTC()}
}

// object fields. What is not set reads as empty, zero or 1970, so that a rule about it is not met; has() tells it apart.
var objects = map[string][]field{
	"Cart": {
		{"currency", types.StringType, read(func(c *cartValue) ref.Val { return types.String(c.currency) }), always, "ISO 4217 code of every amount"},
		{"tax_mode", types.StringType, read(func(c *cartValue) ref.Val { return types.String(c.taxMode) }), test(func(c *cartValue) bool { return c.taxMode != "" }), "exclusive or inclusive"},
		{"subtotal", types.IntType, read(func(c *cartValue) ref.Val { return types.Int(c.subtotal) }), always, "the lines before discounts, in minor units"},
		{"shipping_amount", types.IntType, read(func(c *cartValue) ref.Val { return types.Int(c.shipping) }), always, "shipping before discounts, in minor units"},
		{"quantity", types.IntType, read(func(c *cartValue) ref.Val { return types.Int(c.quantity) }), always, "units of all lines"},
		{"lines", types.NewListType(lineType), read(func(c *cartValue) ref.Val { return &c.lines }), test(func(c *cartValue) bool { return len(c.lines.items) > 0 }), "the lines"},
	},
	"Line": {
		{"line_id", types.StringType, read(func(l *lineValue) ref.Val { return types.String(l.LineID) }), always, "the store's id of the line"},
		{"sku", types.StringType, read(func(l *lineValue) ref.Val { return types.String(l.SKU) }), test(func(l *lineValue) bool { return l.SKU != "" }), "the article"},
		{"quantity", types.IntType, read(func(l *lineValue) ref.Val { return types.Int(l.Quantity) }), always, "units"},
		{"unit_amount", types.IntType, read(func(l *lineValue) ref.Val { return types.Int(l.UnitAmount) }), always, "price of one unit, in minor units"},
		{"amount", types.IntType, read(func(l *lineValue) ref.Val { return types.Int(l.Amount) }), always, "price of the line before discounts, in minor units"},
		{"categories", types.NewListType(types.StringType), read(func(l *lineValue) ref.Val {
			return &l.categories
		}), test(func(l *lineValue) bool { return len(l.Categories) > 0 }), "what the article is"},
	},
	"Customer": {
		{"id", types.StringType, read(func(c *customerValue) ref.Val { return types.String(c.id) }), test(func(c *customerValue) bool { return c.id != "" }), "the store's reference to the customer; not set for a guest"},
	},
	"Attestation": {
		{"group", types.StringType, read(func(a *attestationValue) ref.Val { return types.String(a.value().Group) }), test(func(a *attestationValue) bool { return a.value().Group != "" }), "the group proved; not set for a shopper who proved nothing"},
		{"subgroup", types.StringType, read(func(a *attestationValue) ref.Val { return types.String(a.value().Subgroup) }), test(func(a *attestationValue) bool { return a.value().Subgroup != "" }), "the part of the group"},
		{"valid_until", types.TimestampType, read(func(a *attestationValue) ref.Val { return instant(a.value().ValidUntil) }), test(func(a *attestationValue) bool { return !a.value().ValidUntil.IsZero() }), "when the proof ends"},
		{"verified_at", types.TimestampType, read(func(a *attestationValue) ref.Val { return instant(a.value().VerifiedAt) }), test(func(a *attestationValue) bool { return !a.value().VerifiedAt.IsZero() }), "when it was given"},
	},
	"Member": {
		{"tier", types.StringType, read(func(m *memberValue) ref.Val { return types.String(m.value().Tier) }), test(func(m *memberValue) bool { return m.value().Tier != "" }), "id of the tier now; not set for a shopper who is not a member"},
		{"points", types.IntType, read(func(m *memberValue) ref.Val { return types.Int(m.value().Points) }), test(func(m *memberValue) bool { return m.from != nil }), "points that can be spent"},
		{"since", types.TimestampType, read(func(m *memberValue) ref.Val { return instant(m.value().Since) }), test(func(m *memberValue) bool { return !m.value().Since.IsZero() }), "since when"},
	},
}

func (v *attestationValue) value() Attestation {
	if v.from == nil {
		return Attestation{}
	}
	return *v.from
}

func (v *memberValue) value() Member {
	if v.from == nil {
		return Member{}
	}
	return *v.from
}

// provider tells CEL of the objects and of nothing else.
type provider struct {
	fields map[string]map[string]*types.FieldType
}

func newProvider() provider {
	p := provider{fields: map[string]map[string]*types.FieldType{}}
	for object, list := range objects {
		p.fields[object] = map[string]*types.FieldType{}
		for _, f := range list {
			p.fields[object][f.name] = &types.FieldType{Type: f.kind, IsSet: f.set, GetFrom: func(v any) (any, error) { return f.get(v), nil }}
		}
	}
	return p
}

func (provider) EnumValue(name string) ref.Val    { return types.NewErr("unknown enum name '%s'", name) }
func (provider) FindIdent(string) (ref.Val, bool) { return nil, false }
func (provider) NewValue(name string, _ map[string]ref.Val) ref.Val {
	return types.NewErr("a rule makes no %s", name)
}

func (p provider) FindStructType(name string) (*types.Type, bool) {
	if _, ok := p.fields[name]; !ok {
		return nil, false
	}
	return types.NewTypeTypeWithParam(types.NewObjectType(name)), true
}

func (p provider) FindStructFieldNames(name string) ([]string, bool) {
	list, ok := objects[name]
	names := make([]string, len(list))
	for i, f := range list {
		names[i] = f.name
	}
	return names, ok
}

func (p provider) FindStructFieldType(name, field string) (*types.FieldType, bool) {
	f, ok := p.fields[name][field]
	return f, ok
}

// Variable is one thing that a rule can name, for an editor.
type Variable struct {
	// Name is as in a rule: cart.subtotal. The fields of a line are named Line.sku.
	Name string
	// Type is CEL's name of its type.
	Type string
	Doc  string
}

// Variables lists what rules can name, in the order of the documentation.
func Variables() []Variable {
	var out []Variable
	for _, v := range []struct{ prefix, object string }{{"cart", "Cart"}, {"Line", "Line"}, {"customer", "Customer"}, {"attestation", "Attestation"}, {"member", "Member"}} {
		for _, f := range objects[v.object] {
			out = append(out, Variable{Name: fmt.Sprintf("%s.%s", v.prefix, f.name), Type: f.kind.String(), Doc: f.doc})
		}
	}
	return append(out, Variable{Name: "now", Type: types.TimestampType.String(), Doc: "the store's time"})
}
