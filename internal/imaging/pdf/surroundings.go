package pdf

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental/table"
)

var (
	errJump  = errors.New("a long jump")
	errAbort = errors.New("the PDF engine gave up")
)

// noSystem is what every call to a system answers: there is none (ENOSYS of WASI, and of Linux, negative).
const (
	noWASI  = 52
	noLinux = 38
)

// surroundings give the engine what it was compiled to expect, which is next to nothing: memory that grows within its
// bound, the long jumps of its JPEG decoder, and a system in which there is nothing to open.
func surroundings(ctx context.Context, runtime wazero.Runtime, compiled wazero.CompiledModule) error {
	modules := map[string]wazero.HostModuleBuilder{}
	for _, f := range compiled.ImportedFunctions() {
		module, name, _ := f.Import()
		if modules[module] == nil {
			modules[module] = runtime.NewHostModuleBuilder(module)
		}
		work := hostFunction(module, name, f.ParamTypes(), f.ResultTypes())
		modules[module].NewFunctionBuilder().WithGoModuleFunction(work, f.ParamTypes(), f.ResultTypes()).Export(name)
	}
	for name, m := range modules {
		if _, err := m.Instantiate(ctx); err != nil {
			return fmt.Errorf("making %s: %w", name, err)
		}
	}
	return nil
}

func hostFunction(module, name string, params, results []api.ValueType) api.GoModuleFunc {
	switch {
	case strings.HasPrefix(name, "invoke_"):
		return invoke(params[1:], results)
	case name == "emscripten_resize_heap":
		return resize
	case name == "_emscripten_throw_longjmp":
		return func(context.Context, api.Module, []uint64) { panic(errJump) }
	case name == "_abort_js", name == "__assert_fail":
		return func(context.Context, api.Module, []uint64) { panic(errAbort) }
	case name == "environ_sizes_get":
		return noEnvironment
	case name == "environ_get":
		return func(_ context.Context, _ api.Module, stack []uint64) { stack[0] = 0 }
	}
	answer := uint64(0)
	switch {
	case module == "wasi_snapshot_preview1":
		answer = noWASI
	case strings.HasPrefix(name, "__syscall_"):
		answer = uint64(^uint32(noLinux - 1)) // -ENOSYS
	}
	return func(_ context.Context, _ api.Module, stack []uint64) {
		if len(results) > 0 {
			stack[0] = answer // the clock stands at 0 too
		}
	}
}

// invoke calls a function of the engine's table and turns a long jump out of it into the flag that its code looks at.
func invoke(params, results []api.ValueType) api.GoModuleFunc {
	return func(ctx context.Context, m api.Module, stack []uint64) {
		height, err := m.ExportedFunction("emscripten_stack_get_current").Call(ctx)
		if err != nil {
			panic(err)
		}
		f := table.LookupFunction(m, 0, uint32(stack[0]), params, results)
		got, err := f.Call(ctx, stack[1:1+len(params)]...)
		if err == nil {
			copy(stack, got)
			return
		}
		if !errors.Is(err, errJump) {
			panic(err)
		}
		if _, err := m.ExportedFunction("_emscripten_stack_restore").Call(ctx, height[0]); err != nil {
			panic(err)
		}
		if _, err := m.ExportedFunction("setThrew").Call(ctx, 1, 0); err != nil {
			panic(err)
		}
		if len(results) > 0 {
			stack[0] = 0
		}
	}
}

// resize grows the memory to a size in bytes; 0 when there is no room.
func resize(_ context.Context, m api.Module, stack []uint64) {
	const page = 1 << 16
	want, have := stack[0]&0xffffffff, uint64(m.Memory().Size())
	stack[0] = 1
	if want > have {
		if _, ok := m.Memory().Grow(uint32((want - have + page - 1) / page)); !ok {
			stack[0] = 0
		}
	}
}

func noEnvironment(_ context.Context, m api.Module, stack []uint64) {
	m.Memory().WriteUint32Le(uint32(stack[0]), 0)
	m.Memory().WriteUint32Le(uint32(stack[1]), 0)
	stack[0] = 0
}
