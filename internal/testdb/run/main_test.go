package main

import "testing"

func TestRunExitsAsItsCommandDid(t *testing.T) {
	t.Setenv(serverVariable, "") // a server of its own, also when this test runs beside one
	for name, test := range map[string]struct {
		command []string
		code    int
		fails   bool
	}{
		"success, with a server": {[]string{"sh", "-c", `test -n "$LAUREL_TEST_POSTGRES"`}, 0, false},
		"failure":                {[]string{"sh", "-c", "exit 7"}, 7, false},
		"killed":                 {[]string{"sh", "-c", "kill -TERM $$"}, 143, false},
		"no such command":        {[]string{"no-such-command-anywhere"}, 1, true},
		"nothing to run":         {nil, 2, true},
	} {
		t.Run(name, func(t *testing.T) {
			code, err := run(test.command)
			if code != test.code || (err != nil) != test.fails {
				t.Errorf("code %d, error %v", code, err)
			}
		})
	}
}

func TestRunLeavesANamedServerAlone(t *testing.T) {
	t.Setenv(serverVariable, "postgres://somewhere/else")
	if code, err := run([]string{"sh", "-c", `test "$LAUREL_TEST_POSTGRES" = postgres://somewhere/else`}); code != 0 || err != nil {
		t.Errorf("code %d, error %v", code, err)
	}
}
