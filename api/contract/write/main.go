// Command write writes the contract to a file: the first step of `make generate`.
package main

import (
	"fmt"
	"os"

	"github.com/laurel-gateway/laurel/api/contract"
)

func main() {
	if len(os.Args) != 2 {
		exit(fmt.Errorf("usage: write FILE"))
	}
	d, err := contract.Spec(contract.Version)
	if err != nil {
		exit(err)
	}
	exit(os.WriteFile(os.Args[1], d.YAML, 0o644)) //nolint:gosec // the contract is public
}

func exit(err error) {
	if err == nil {
		os.Exit(0)
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
