package shop

import (
	"strings"
	"testing"
)

func TestRedact(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ in, want string }{
		"tokens":         {`{"offer_tokens":["` + testToken + `"]}`, `{"offer_tokens":["eyJhbGciOi…dXJl"]}`},
		"codes":          {`{"codes":["ABCD-EFGH-JK"],"code":"ABCD-EFGH-JK"}`, `{"code":"ABCD…","codes":["ABCD…"]}`},
		"problem":        {`{"code":"token_spent","detail":"used"}`, `{"code":"token_spent","detail":"used"}`},
		"sealed values":  {`{"evaluation_id":"` + strings.Repeat("x", 200) + `"}`, `{"evaluation_id":"` + strings.Repeat("x", 48) + `…"}`},
		"ordinary":       {`{"a":[1,true,null,"b"]}`, `{"a":[1,true,null,"b"]}`},
		"nothing":        {``, `null`},
		"what is not it": {`<html>`, `null`},
	}
	for name, each := range cases {
		if got := string(redact([]byte(each.in))); got != each.want {
			t.Errorf("%s: %s", name, got)
		}
	}
}
