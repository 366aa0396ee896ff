package shop

import "encoding/json"

// longestShown is how many characters of a value the demo's panel shows: sealed values and tokens are longer.
const longestShown = 48

// secretNames are the members that are shortened whatever their length.
var secretNames = map[string]bool{"token": true, "offer_tokens": true, "client_secret": true, "url": true, "code": true, "codes": true}

// redact gives the same JSON with secrets and long values shortened, and null for what is no JSON.
func redact(text []byte) json.RawMessage {
	var value any
	if len(text) == 0 || json.Unmarshal(text, &value) != nil {
		return json.RawMessage("null")
	}
	short, err := json.Marshal(shorten(value, false))
	if err != nil {
		return json.RawMessage("null")
	}
	return short
}

func shorten(value any, secret bool) any {
	switch value := value.(type) {
	case map[string]any:
		_, isProblem := value["detail"]
		for name, member := range value {
			// The code of a problem is a name, not a secret.
			value[name] = shorten(member, secretNames[name] && !isProblem)
		}
	case []any:
		for i, member := range value {
			value[i] = shorten(member, secret)
		}
	case string:
		return shortened(value, secret)
	}
	return value
}

func shortened(value string, secret bool) string {
	shown := []rune(value)
	switch {
	case secret && len(shown) > 24:
		return string(shown[:10]) + "…" + string(shown[len(shown)-4:])
	case secret && len(shown) > 4:
		return string(shown[:4]) + "…"
	case !secret && len(shown) > longestShown*2:
		return string(shown[:longestShown]) + "…"
	default:
		return value
	}
}
