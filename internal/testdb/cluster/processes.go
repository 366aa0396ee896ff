package cluster

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
)

// childrenOf returns the processes that pid started, by Linux's /proc. Elsewhere the list is empty: PostgreSQL's
// processes end by themselves soon after their parent.
func childrenOf(pid int) ([]int, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", pid, pid))
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("list the test database's processes: %w", err)
	}
	var children []int
	for field := range strings.FieldsSeq(string(text)) {
		child, err := strconv.Atoi(field)
		if err != nil {
			return nil, fmt.Errorf("list the test database's processes: %w", err)
		}
		children = append(children, child)
	}
	return children, nil
}

// awaitEnd returns when the process is gone. A zombie counts as gone: in a container nobody may collect orphans.
func awaitEnd(pid int) error {
	ctx, cancel := context.WithTimeout(context.Background(), startTimeout)
	defer cancel()
	for {
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil {
			return nil //nolint:nilerr // no entry: no process
		}
		// The state follows the name, which is in brackets and may hold brackets itself.
		if at := bytes.LastIndex(stat, []byte(") ")); at >= 0 && bytes.ContainsAny(stat[at+2:at+3], "ZX") {
			return nil
		}
		if err := pause(ctx); err != nil {
			return fmt.Errorf("process %d of the test database does not end: %w", pid, err)
		}
	}
}
