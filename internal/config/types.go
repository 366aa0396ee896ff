package config

import (
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
)

const redacted = "[redacted]"

// Secret is a value that must not be shown. It prints, logs and encodes as "[redacted]", or as nothing when empty.
type Secret string

// Reveal returns the value, for the one who connects with it.
func (s Secret) Reveal() string { return string(s) }

// IsSet tells whether there is a value.
func (s Secret) IsSet() bool { return s != "" }

// String implements fmt.Stringer without the value.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return redacted
}

// GoString implements fmt.GoStringer without the value.
func (s Secret) GoString() string { return strconv.Quote(s.String()) }

// LogValue implements slog.LogValuer without the value.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText implements encoding.TextMarshaler without the value.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Size is a number of bytes, written as 512, 64KiB or 1MiB.
type Size int64

var sizeUnits = []struct {
	suffix string
	bytes  int64
}{{"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}, {"B", 1}, {"", 1}}

// String writes the size with the largest unit that divides it.
func (s Size) String() string {
	for _, unit := range sizeUnits {
		if unit.bytes > 1 && s != 0 && int64(s)%unit.bytes == 0 {
			return strconv.FormatInt(int64(s)/unit.bytes, 10) + unit.suffix
		}
	}
	return strconv.FormatInt(int64(s), 10)
}

// ParseSize reads a size: a whole number with B, KiB, MiB, GiB or no unit.
func ParseSize(text string) (Size, error) {
	for _, unit := range sizeUnits {
		number, found := strings.CutSuffix(strings.TrimSpace(text), unit.suffix)
		if !found {
			continue
		}
		n, err := strconv.ParseInt(strings.TrimSpace(number), 10, 64)
		if err != nil {
			break
		}
		if n < 0 || n > (1<<62)/unit.bytes {
			return 0, errors.New("size out of range")
		}
		return Size(n * unit.bytes), nil
	}
	return 0, fmt.Errorf("%q is no size such as 512KiB or 1MiB", text)
}
