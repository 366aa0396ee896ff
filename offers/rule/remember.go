package rule

import "sync"

// remembered bounds how many compiled rules are kept, twice.
const remembered = 2_048

// memory keeps compiled rules by their text. A rule means the same to everybody, so one memory serves all stores. It has
// two ages: what is used moves to the young one, and when that is full the old one is forgotten.
type memory struct {
	mu         sync.RWMutex
	young, old map[string]*Program
}

var compiled memory

// Compile makes a rule ready. What does not compile is refused with a fault.Invalid that names, at "#/rule", each place
// that is wrong: line and column count from 1, a column being a character. Compiling the same text again costs nothing.
func Compile(src string) (*Program, error) {
	if p := compiled.get(src); p != nil {
		return p, nil
	}
	p, err := compile(src)
	if err != nil {
		return nil, err
	}
	compiled.put(src, p)
	return p, nil
}

func (m *memory) get(src string) *Program {
	m.mu.RLock()
	p, kept := m.young[src], true
	if p == nil {
		p, kept = m.old[src], false
	}
	m.mu.RUnlock()
	if p != nil && !kept {
		m.put(src, p)
	}
	return p
}

func (m *memory) put(src string, p *Program) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.young == nil || len(m.young) >= remembered {
		m.old, m.young = m.young, make(map[string]*Program, 64)
	}
	m.young[src] = p
}
