package reconcile

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/laurel-gateway/laurel/internal/minor"
)

// The columns of an order, by the names that files have them under unless they are mapped.
const (
	ColumnID       = "order_id"
	ColumnCurrency = "currency"
	ColumnTotal    = "total"
	ColumnDiscount = "discount"
	ColumnStatus   = "status"
	ColumnCodes    = "codes"
	ColumnRefunded = "refunded_total"
	ColumnPlacedAt = "placed_at"
)

// Columns are all columns. Only order_id must be there.
func Columns() []string {
	return []string{ColumnID, ColumnCurrency, ColumnTotal, ColumnDiscount, ColumnStatus, ColumnCodes, ColumnRefunded, ColumnPlacedAt}
}

// Format says how a storefront writes its orders.
type Format struct {
	// Names are the storefront's own names of columns, by ours. What is missing has our name.
	Names map[string]string
	// Minor says that amounts are integers in minor units. Otherwise they are decimals in the currency: "12.30".
	Minor bool
}

// Check refuses a mapping of a column that does not exist.
func (f Format) Check() error {
	for ours := range f.Names {
		if !slices.Contains(Columns(), ours) {
			return fmt.Errorf("there is no column %q; the columns are %s", ours, strings.Join(Columns(), ", "))
		}
	}
	return nil
}

func (f Format) name(column string) string {
	if theirs, ok := f.Names[column]; ok {
		return theirs
	}
	return column
}

// times are the forms in which the time of an order is read. The last ones are taken as UTC.
var times = []string{time.RFC3339Nano, "2006-01-02 15:04:05 -0700", "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05", "2006-01-02"}

// order makes an order of texts by our names of columns.
func (f Format) order(value map[string]string, codes []string) (o Order, err error) {
	o = Order{ID: value[ColumnID], Currency: strings.ToUpper(value[ColumnCurrency]), Codes: codes}
	if o.ID == "" {
		return o, fmt.Errorf("an order without %s", f.name(ColumnID))
	}
	var ok bool
	if o.Status, ok = StatusOf(value[ColumnStatus]); !ok {
		return o, fmt.Errorf("order %s: %q is not a %s that is known", o.ID, value[ColumnStatus], f.name(ColumnStatus))
	}
	for column, into := range map[string]*Amount{ColumnTotal: &o.Total, ColumnDiscount: &o.Discount, ColumnRefunded: &o.Refunded} {
		if *into, err = f.amount(value[column], o.Currency); err != nil {
			return o, fmt.Errorf("order %s: %s: %w", o.ID, f.name(column), err)
		}
	}
	if text := value[ColumnPlacedAt]; text != "" {
		if o.PlacedAt, err = Instant(text); err != nil {
			return o, fmt.Errorf("order %s: %s: %w", o.ID, f.name(ColumnPlacedAt), err)
		}
	}
	return o, nil
}

func (f Format) amount(text, currency string) (Amount, error) {
	if text == "" {
		return Amount{}, nil
	}
	if f.Minor {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return Amount{}, fmt.Errorf("%q is not a number of minor units", text)
		}
		return Of(n), nil
	}
	n, err := minor.Parse(text, currency)
	if err != nil {
		return Amount{}, err
	}
	return Of(n), nil
}

// Instant reads a time as storefronts write it: RFC 3339, or a date alone. Without an offset it is UTC.
func Instant(text string) (time.Time, error) {
	for _, layout := range times {
		if t, err := time.Parse(layout, text); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is not a time such as 2026-11-21T10:00:00Z", text)
}

// split reads the codes of one cell: parted by semicolon, comma, bar or white space.
func split(cell string) []string {
	codes := strings.FieldsFunc(cell, func(r rune) bool { return strings.ContainsRune(";,| \t\n", r) })
	if len(codes) == 0 {
		return nil
	}
	return codes
}
