package rule

import (
	"errors"
	"reflect"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
)

// The objects of the language.
var (
	cartType        = types.NewObjectType("Cart")
	lineType        = types.NewObjectType("Line")
	customerType    = types.NewObjectType("Customer")
	attestationType = types.NewObjectType("Attestation")
	memberType      = types.NewObjectType("Member")
)

type cartValue struct {
	object
	currency, taxMode            string
	subtotal, shipping, quantity int64
	lines                        list[lines]
}

type (
	customerValue struct {
		object
		id string
	}
	attestationValue struct {
		object
		from *Attestation
	}
	memberValue struct {
		object
		from *Member
	}
	lineValue struct {
		object
		*Line
		categories list[texts]
	}
)

func (v *cartValue) Type() ref.Type { return cartType }
func (v *cartValue) Value() any     { return v }
func (v *cartValue) Equal(o ref.Val) ref.Val {
	other, ok := o.(*cartValue)
	return types.Bool(ok && other == v)
}
func (v *customerValue) Type() ref.Type { return customerType }
func (v *customerValue) Value() any     { return v }
func (v *customerValue) Equal(o ref.Val) ref.Val {
	other, ok := o.(*customerValue)
	return types.Bool(ok && other == v)
}
func (v *attestationValue) Type() ref.Type { return attestationType }
func (v *attestationValue) Value() any     { return v }
func (v *attestationValue) Equal(o ref.Val) ref.Val {
	other, ok := o.(*attestationValue)
	return types.Bool(ok && other == v)
}
func (v *memberValue) Type() ref.Type { return memberType }
func (v *memberValue) Value() any     { return v }
func (v *memberValue) Equal(o ref.Val) ref.Val {
	other, ok := o.(*memberValue)
	return types.Bool(ok && other == v)
}
func (v *lineValue) Type() ref.Type { return lineType }
func (v *lineValue) Value() any     { return v }
func (v *lineValue) Equal(o ref.Val) ref.Val {
	other, ok := o.(*lineValue)
	return types.Bool(ok && other == v)
}

// errNoConversion cannot reach anybody: no function of the language converts an object.
var errNoConversion = errors.New("objects have no other form")

// object is what CEL asks of every value and no rule can reach.
type object struct{}

func (object) ConvertToNative(reflect.Type) (any, error) { return nil, errNoConversion }
func (object) ConvertToType(ref.Type) ref.Val            { return types.WrapErr(errNoConversion) }
