// Command describe writes the reference of all settings to the file that its argument names.
package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/laurel-gateway/laurel/internal/config"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 1 {
		return errors.New("usage: describe FILE")
	}
	return os.WriteFile(args[0], []byte(config.Describe()), 0o644) //nolint:gosec // a page of the documentation
}
