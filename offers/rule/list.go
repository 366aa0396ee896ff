package rule

import (
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"
)

// list is what CEL walks: lines or texts as they are, without a copy for each rule.
type list[T items] struct {
	object
	items T
}

// items are the elements of a list.
type items interface {
	size() int
	at(i int) ref.Val
	has(v ref.Val) bool
}

type lines []lineValue

func (l lines) size() int        { return len(l) }
func (l lines) at(i int) ref.Val { return &l[i] }
func (l lines) has(v ref.Val) bool {
	for i := range l {
		if v == ref.Val(&l[i]) {
			return true
		}
	}
	return false
}

type texts []string

func (t texts) size() int        { return len(t) }
func (t texts) at(i int) ref.Val { return types.String(t[i]) }
func (t texts) has(v ref.Val) bool {
	s, ok := v.(types.String)
	for i := range t {
		if ok && t[i] == string(s) {
			return true
		}
	}
	return false
}

func (l *list[T]) Type() ref.Type             { return types.ListType }
func (l *list[T]) Value() any                 { return l }
func (l *list[T]) Size() ref.Val              { return types.Int(l.items.size()) }
func (l *list[T]) Iterator() traits.Iterator  { return &walk[T]{list: l} }
func (l *list[T]) Contains(v ref.Val) ref.Val { return types.Bool(l.items.has(v)) }

func (l *list[T]) Equal(o ref.Val) ref.Val {
	other, ok := o.(traits.Lister)
	if !ok || other.Size() != l.Size() {
		return types.False
	}
	for i := range l.items.size() {
		if l.items.at(i).Equal(other.Get(types.Int(i))) != types.True {
			return types.False
		}
	}
	return types.True
}

func (l *list[T]) Get(i ref.Val) ref.Val {
	n, ok := i.(types.Int)
	if !ok || n < 0 || int(n) >= l.items.size() {
		return types.NewErr("index out of bounds: %v", i)
	}
	return l.items.at(int(n))
}

// Add makes one list of two. It is what CEL does with lists of any kind.
func (l *list[T]) Add(o ref.Val) ref.Val {
	values := make([]ref.Val, l.items.size())
	for i := range values {
		values[i] = l.items.at(i)
	}
	return types.NewRefValList(types.DefaultTypeAdapter, values).Add(o)
}

// walk is the iterator of a list.
type walk[T items] struct {
	object
	list *list[T]
	next int
}

func (w *walk[T]) Equal(ref.Val) ref.Val { return types.False }
func (w *walk[T]) Type() ref.Type        { return types.IteratorType }
func (w *walk[T]) Value() any            { return nil }
func (w *walk[T]) HasNext() ref.Val      { return types.Bool(w.next < w.list.items.size()) }

func (w *walk[T]) Next() ref.Val {
	if w.next >= w.list.items.size() {
		return nil
	}
	w.next++
	return w.list.items.at(w.next - 1)
}
