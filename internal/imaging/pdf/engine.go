package pdf

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	_ "embed" // the engine
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
)

//go:embed pdfium.wasm.gz
var packed []byte

// digest is the SHA-256 of the unpacked engine.
const digest = "71aec412a303a0405baee21c3d6d3f30ad2033dc02444130fe476be3976e2d09"

// memoryPages bounds the memory of one instance, in pages of 64 KiB: 256 MiB.
const memoryPages = 4096

// Engine reads PDF files. It is compiled when it is first needed, which takes about a second. Safe for concurrent use.
type Engine struct {
	mu       sync.Mutex
	runtime  wazero.Runtime
	compiled wazero.CompiledModule
}

// NewEngine returns an engine. Close it in the end.
func NewEngine() *Engine { return &Engine{} }

// Close frees what the engine holds. It can be used again.
func (e *Engine) Close() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.runtime == nil {
		return nil
	}
	runtime := e.runtime
	e.runtime, e.compiled = nil, nil
	return runtime.Close(context.Background())
}

func (e *Engine) compile(ctx context.Context) (wazero.Runtime, wazero.CompiledModule, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.runtime != nil {
		return e.runtime, e.compiled, nil
	}
	code, err := unpack()
	if err != nil {
		return nil, nil, err
	}
	// The end of the first caller's context must not spoil what all others use.
	ctx = context.WithoutCancel(ctx)
	config := wazero.NewRuntimeConfig().WithMemoryLimitPages(memoryPages).WithCloseOnContextDone(true)
	runtime := wazero.NewRuntimeWithConfig(ctx, config)
	compiled, err := runtime.CompileModule(ctx, code)
	if err == nil {
		err = surroundings(ctx, runtime, compiled)
	}
	if err != nil {
		return nil, nil, errors.Join(fmt.Errorf("compiling the PDF engine: %w", err), runtime.Close(ctx))
	}
	e.runtime, e.compiled = runtime, compiled
	return runtime, compiled, nil
}

func unpack() ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, fmt.Errorf("unpacking the PDF engine: %w", err)
	}
	code, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("unpacking the PDF engine: %w", err)
	}
	if sum := sha256.Sum256(code); hex.EncodeToString(sum[:]) != digest {
		return nil, errors.New("the PDF engine is not the one that was recorded")
	}
	return code, nil
}

// instance is one engine at work on one file.
type instance struct {
	module api.Module
}

func (e *Engine) instance(ctx context.Context) (*instance, error) {
	runtime, compiled, err := e.compile(ctx)
	if err != nil {
		return nil, err
	}
	// Without a name any number of instances live beside each other.
	module, err := runtime.InstantiateModule(ctx, compiled, wazero.NewModuleConfig().WithName("").WithStartFunctions())
	if err != nil {
		return nil, fmt.Errorf("starting the PDF engine: %w", err)
	}
	i := &instance{module}
	for _, name := range []string{"__wasm_call_ctors", "FPDF_InitLibrary"} {
		if _, err := i.call(ctx, name); err != nil {
			return nil, errors.Join(err, i.close(ctx))
		}
	}
	return i, nil
}

func (i *instance) close(ctx context.Context) error {
	// Its context may have ended; what it holds goes all the same.
	if err := i.module.Close(context.WithoutCancel(ctx)); err != nil {
		return fmt.Errorf("stopping the PDF engine: %w", err)
	}
	return nil
}

// call calls a function of the engine and returns its result, or 0 when it has none.
func (i *instance) call(ctx context.Context, name string, args ...uint64) (uint64, error) {
	f := i.module.ExportedFunction(name)
	if f == nil {
		return 0, fmt.Errorf("the PDF engine has no %s", name)
	}
	results, err := f.Call(ctx, args...)
	if err != nil {
		return 0, fmt.Errorf("in %s: %w", name, err)
	}
	if len(results) == 0 {
		return 0, nil
	}
	return results[0], nil
}
