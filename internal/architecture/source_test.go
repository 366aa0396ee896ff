package architecture

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"strconv"
	"strings"
)

const module = "github.com/laurel-gateway/laurel"

// sourceFile is what the rules look at in one Go file.
type sourceFile struct {
	name    string   // from the root, as offers/offer.go
	imports []string // in full
	inits   bool     // declares a function init
}

// dir is the package's directory from the root, as internal/fault; "." at the root.
func (f sourceFile) dir() string { return path.Dir(f.name) }

func (f sourceFile) isTest() bool { return strings.HasSuffix(f.name, "_test.go") }

// read parses the Go files of the house, without what is not ours.
func read(house fs.FS) ([]sourceFile, error) {
	var files []sourceFile
	err := fs.WalkDir(house, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if hidden := strings.HasPrefix(entry.Name(), ".") && name != "."; hidden || entry.Name() == "node_modules" || entry.Name() == "testdata" {
				return fs.SkipDir
			}
			return nil
		}
		if path.Ext(name) != ".go" {
			return nil
		}
		file, err := readFile(house, name)
		if err == nil {
			files = append(files, file)
		}
		return err
	})
	return files, err
}

func readFile(house fs.FS, name string) (sourceFile, error) {
	content, err := fs.ReadFile(house, name)
	if err != nil {
		return sourceFile{}, err
	}
	tree, err := parser.ParseFile(token.NewFileSet(), name, content, parser.SkipObjectResolution)
	if err != nil {
		return sourceFile{}, err
	}
	file := sourceFile{name: name}
	for _, each := range tree.Imports {
		target, err := strconv.Unquote(each.Path.Value)
		if err != nil {
			return sourceFile{}, err
		}
		file.imports = append(file.imports, target)
	}
	for _, declaration := range tree.Decls {
		if function, ok := declaration.(*ast.FuncDecl); ok && function.Recv == nil && function.Name.Name == "init" {
			file.inits = true
		}
	}
	return file, nil
}

// below tells whether a path is one of the roots or inside one.
func below(name string, roots ...string) bool {
	for _, root := range roots {
		if name == root || strings.HasPrefix(name, root+"/") {
			return true
		}
	}
	return false
}

// ours is the directory of an import of this module, "" for others.
func ours(target string) string {
	if dir, found := strings.CutPrefix(target, module+"/"); found {
		return dir
	}
	return ""
}

func isStandard(target string) bool {
	first, _, _ := strings.Cut(target, "/")
	return !strings.Contains(first, ".")
}
