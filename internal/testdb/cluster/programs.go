package cluster

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"sort"
	"strconv"
	"syscall"
)

// ErrNoServer means that PostgreSQL's server programs are not on this machine.
var ErrNoServer = errors.New("no PostgreSQL server found: install it (Debian: apt-get install postgresql) or name a running one in LAUREL_TEST_POSTGRES")

// findPrograms returns the directory of initdb and postgres: the newest of Debian's, else the one in PATH.
func findPrograms() (string, error) {
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil {
		return "", fmt.Errorf("look for PostgreSQL: %w", err)
	}
	if len(found) > 0 {
		sort.Slice(found, func(i, j int) bool { return major(found[i]) < major(found[j]) })
		return filepath.Dir(found[len(found)-1]), nil
	}
	path, err := exec.LookPath("initdb")
	if err != nil {
		return "", ErrNoServer
	}
	if path, err = filepath.EvalSymlinks(path); err != nil {
		return "", fmt.Errorf("look for PostgreSQL: %w", err)
	}
	return filepath.Dir(path), nil
}

func major(initdb string) int {
	version, err := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(initdb))))
	if err != nil {
		return 0
	}
	return version
}

// unprivileged says as whom the server runs: as ourselves, or as "postgres" when we are root.
func unprivileged() (attributes *syscall.SysProcAttr, uid, gid int, err error) {
	if os.Geteuid() != 0 {
		return &syscall.SysProcAttr{}, os.Geteuid(), os.Getegid(), nil
	}
	account, err := user.Lookup("postgres")
	if err != nil {
		return nil, 0, 0, fmt.Errorf("PostgreSQL refuses to run as root and the user postgres is missing: %w", err)
	}
	if uid, err = strconv.Atoi(account.Uid); err != nil {
		return nil, 0, 0, fmt.Errorf("read the user id of postgres: %w", err)
	}
	if gid, err = strconv.Atoi(account.Gid); err != nil {
		return nil, 0, 0, fmt.Errorf("read the group id of postgres: %w", err)
	}
	credential := &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)} //nolint:gosec // ids of the system's own user database
	return &syscall.SysProcAttr{Credential: credential}, uid, gid, nil
}
