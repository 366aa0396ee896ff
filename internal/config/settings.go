package config

import (
	"cmp"
	"errors"
	"fmt"
	"net/netip"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// EnvironmentPrefix begins every environment variable of the gateway.
const EnvironmentPrefix = "LAUREL_"

// setting is one leaf of Config.
type setting struct {
	key   string
	value reflect.Value
	tag   reflect.StructTag
}

// settings lists the leaves of c in the order of the struct.
func (c *Config) settings() []setting { return leaves("", reflect.ValueOf(c).Elem()) }

func leaves(prefix string, section reflect.Value) []setting {
	var found []setting
	for i := range section.NumField() {
		field := section.Type().Field(i)
		key := prefix + field.Tag.Get("key")
		if field.Type.Kind() == reflect.Struct {
			found = append(found, leaves(key+".", section.Field(i))...)
			continue
		}
		found = append(found, setting{key: key, value: section.Field(i), tag: field.Tag})
	}
	return found
}

func (s setting) secret() bool { return s.value.Type() == reflect.TypeFor[Secret]() }

// variable is the environment variable of a key: "http.body_limit" is LAUREL_HTTP_BODY_LIMIT.
func variable(key string) string {
	return EnvironmentPrefix + strings.ToUpper(strings.ReplaceAll(key, ".", "_"))
}

// set gives the setting a value as it comes from YAML (string, number, boolean, list) or the environment (string).
func (s setting) set(raw any) error {
	if s.secret() {
		text, err := scalar(raw)
		if err != nil {
			return errors.New("must be a text") // never with the value
		}
		s.value.SetString(text)
		return nil
	}
	parsed, err := parse(s.value.Type(), raw)
	if err != nil {
		return err
	}
	if err := s.check(parsed); err != nil {
		return err
	}
	s.value.Set(reflect.ValueOf(parsed))
	return nil
}

func parse(kind reflect.Type, raw any) (any, error) {
	if kind == reflect.TypeFor[[]netip.Prefix]() {
		return parsePrefixes(raw)
	}
	text, err := scalar(raw)
	if err != nil {
		return nil, err
	}
	switch kind {
	case reflect.TypeFor[string]():
		return text, nil
	case reflect.TypeFor[bool]():
		return orSay(strconv.ParseBool(text))("must be true or false, not %q", text)
	case reflect.TypeFor[int]():
		return orSay(strconv.Atoi(text))("must be a whole number, not %q", text)
	case reflect.TypeFor[time.Duration]():
		return orSay(time.ParseDuration(text))("must be a duration such as 500ms, 30s or 5m, not %q", text)
	case reflect.TypeFor[Size]():
		return orSay(ParseSize(text))("must be a size such as 512KiB or 1MiB, not %q", text)
	default:
		return nil, fmt.Errorf("settings cannot be of type %s", kind)
	}
}

// orSay replaces a parser's error by a sentence for whoever wrote the value.
func orSay[T any](value T, err error) func(format string, text string) (any, error) {
	return func(format, text string) (any, error) {
		if err != nil {
			return nil, fmt.Errorf(format, text)
		}
		return value, nil
	}
}

func scalar(raw any) (string, error) {
	switch value := raw.(type) {
	case nil:
		return "", nil
	case string:
		return strings.TrimSpace(value), nil
	case bool, int, int64, uint64, float64:
		return fmt.Sprint(value), nil
	default:
		return "", errors.New("must be one value, not a list or a section")
	}
}

func parsePrefixes(raw any) ([]netip.Prefix, error) {
	var texts []string
	if list, ok := raw.([]any); ok {
		for _, each := range list {
			text, err := scalar(each)
			if err != nil {
				return nil, err
			}
			texts = append(texts, text)
		}
	} else {
		text, err := scalar(raw)
		if err != nil {
			return nil, err
		}
		texts = strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' })
	}
	var prefixes []netip.Prefix
	for _, text := range texts {
		prefix, err := netip.ParsePrefix(text)
		if address, single := netip.ParseAddr(text); err != nil && single == nil {
			prefix, err = netip.PrefixFrom(address, address.BitLen()), nil
		}
		if err != nil {
			return nil, fmt.Errorf("must be networks such as 10.0.0.0/8, not %q", text)
		}
		prefixes = append(prefixes, prefix.Masked())
	}
	return prefixes, nil
}

// check holds a parsed value against the setting's tags.
func (s setting) check(value any) error {
	if allowed, ok := s.tag.Lookup("oneof"); ok {
		for choice := range strings.SplitSeq(allowed, ",") {
			if choice == value {
				return nil
			}
		}
		return fmt.Errorf("must be one of %s, not %q", strings.ReplaceAll(allowed, ",", ", "), value)
	}
	for _, bound := range []struct {
		tag  string
		sign int
		says string
	}{{"min", -1, "at least"}, {"max", 1, "at most"}} {
		text, ok := s.tag.Lookup(bound.tag)
		if !ok {
			continue
		}
		limit, err := parse(s.value.Type(), text)
		if err != nil {
			return fmt.Errorf("its bound %s is broken: %w", bound.tag, err)
		}
		if cmp.Compare(number(value), number(limit)) == bound.sign {
			return fmt.Errorf("must be %s %s, not %v", bound.says, text, value)
		}
	}
	return nil
}

func number(value any) int64 { return reflect.ValueOf(value).Int() }
