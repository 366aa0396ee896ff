// The API reference: renders /openapi.json. Texts go into the page as text, never as markup.

const methods = ['get', 'post', 'put', 'patch', 'delete']

function el(name, attributes = {}, ...children) {
  const node = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value)
  node.append(...children.filter((child) => child !== null && child !== undefined))
  return node
}

/** Paragraphs, `code` and **bold** are all the markdown that the contract uses. */
function prose(text) {
  const out = document.createDocumentFragment()
  for (const paragraph of (text ?? '').split(/\n{2,}/)) {
    const p = el('p')
    for (const part of paragraph.split(/(`[^`]+`|\*\*[^*]+\*\*)/)) {
      if (part.startsWith('`')) p.append(el('code', {}, part.slice(1, -1)))
      else if (part.startsWith('**')) p.append(el('strong', {}, part.slice(2, -2)))
      else p.append(part)
    }
    if (p.childNodes.length > 0) out.append(p)
  }
  return out
}

class Reference {
  constructor(doc) {
    this.doc = doc
  }

  resolve(schema) {
    if (!schema?.$ref) return schema ?? {}
    return schema.$ref.slice(2).split('/').reduce((at, name) => at?.[name], this.doc) ?? {}
  }

  kindOf(schema) {
    const s = this.resolve(schema)
    const type = [s.type].flat().filter(Boolean)
    const name = type.map((t) => (t === 'array' ? `list of ${this.kindOf(s.items)}` : t)).join(' or ') || 'any'
    const bounds = []
    if (s.format) bounds.push(s.format)
    if (s.enum) bounds.push(s.enum.join(' | '))
    if (s.pattern) bounds.push(s.pattern)
    if (s.minimum !== undefined) bounds.push(`≥ ${s.minimum}`)
    if (s.maximum !== undefined) bounds.push(`≤ ${s.maximum}`)
    if (s.maxLength !== undefined) bounds.push(`up to ${s.maxLength} characters`)
    if (s.maxItems !== undefined) bounds.push(`up to ${s.maxItems} items`)
    return bounds.length ? `${name} (${bounds.join(', ')})` : name
  }

  /** The object whose fields a schema shows: its own, those of its items, or those of its values. */
  inner(schema) {
    const s = this.resolve(schema)
    if (s.properties) return s
    if (s.items) return this.inner(s.items)
    if (typeof s.additionalProperties === 'object') return this.inner(s.additionalProperties)
    return null
  }

  fields(schema, seen = []) {
    const s = this.inner(schema)
    if (!s || seen.includes(s)) return null
    const rows = Object.entries(s.properties).map(([name, property]) => {
      const must = s.required?.includes(name) ? el('span', { class: 'must' }, 'required') : null
      return el('div', {},
        el('dt', {}, name, el('span', { class: 'kind' }, this.kindOf(property)), must),
        el('dd', {}, property.description ?? this.resolve(property).description ?? '', this.fields(property, [...seen, s])))
    })
    return el('dl', {}, ...rows)
  }

  params(list) {
    if (!list?.length) return null
    const rows = list.map((p) => el('div', {},
      el('dt', {}, p.name, el('span', { class: 'kind' }, `${p.in}, ${this.kindOf(p.schema)}`),
        p.required ? el('span', { class: 'must' }, 'required') : null),
      el('dd', {}, p.description ?? '')))
    return el('div', {}, el('h3', {}, 'Parameters'), el('dl', {}, ...rows))
  }

  body(title, content) {
    const media = content && Object.values(content)[0]
    if (!media) return null
    const example = media.example === undefined ? null : el('pre', { tabindex: '0' }, JSON.stringify(media.example, null, 2))
    return el('div', {}, el('h3', {}, title), example,
      el('details', {}, el('summary', {}, `Fields: ${this.kindOf(media.schema)}`), this.fields(media.schema)))
  }

  callers(op) {
    if (!op.security) return null
    const names = op.security.map((need) => Object.keys(need).join(' with ') || 'anyone')
    return el('p', {}, 'Who may call: ', ...names.flatMap((name, i) => [i ? ', ' : '', el('code', {}, name)]))
  }

  operation(method, path, op) {
    const section = el('article', { id: op.operationId, 'aria-labelledby': `${op.operationId}-title` },
      el('h2', { id: `${op.operationId}-title` }, op.summary ?? op.operationId),
      el('p', { class: 'path' }, el('span', { class: `method ${method}` }, method.toUpperCase()), ' ', path),
      prose(op.description), this.callers(op), this.params(op.parameters), this.body('Request', op.requestBody?.content))
    const errors = []
    for (const [status, response] of Object.entries(op.responses ?? {})) {
      if (status.startsWith('2')) {
        section.append(this.body(`Answer ${status}`, response.content) ?? el('h3', {}, `Answer ${status}, without a body`))
      } else errors.push(status)
    }
    if (errors.length) section.append(el('p', {}, 'Problems with status ', errors.join(', '), '.'))
    return section
  }

  /** All operations by tag, in the order of the contract's tags. */
  groups() {
    const groups = new Map((this.doc.tags ?? []).map((tag) => [tag.name, []]))
    const add = (method, path, op) => {
      const tag = op.tags?.[0] ?? 'Other'
      if (!groups.has(tag)) groups.set(tag, [])
      groups.get(tag).push({ method, path, op })
    }
    for (const [path, item] of Object.entries(this.doc.paths ?? {})) {
      for (const method of methods) if (item[method]) add(method, path, item[method])
    }
    for (const [name, item] of Object.entries(this.doc.webhooks ?? {})) add('event', name, item.post)
    return [...groups].filter(([, operations]) => operations.length)
  }
}

function show(doc) {
  const reference = new Reference(doc)
  const main = document.getElementById('content')
  const toc = document.getElementById('toc')
  main.replaceChildren(el('h1', {}, `${doc.info.title} API`), el('p', {}, `Version ${doc.info.version}. `,
    el('a', { href: '/openapi.json' }, 'The contract'), ' (OpenAPI 3.1).'), prose(doc.info.description))
  for (const [tag, operations] of reference.groups()) {
    const list = el('ul')
    for (const { method, path, op } of operations) {
      const label = method === 'event' ? path : op.summary
      const link = el('a', { href: `#${op.operationId}` }, el('span', { class: `method ${method}` }, method.toUpperCase()), el('span', {}, label))
      const item = el('li', {}, link)
      item.dataset.text = `${method} ${path} ${op.summary}`.toLowerCase()
      list.append(item)
      main.append(reference.operation(method, path, op))
    }
    toc.append(el('div', {}, el('h2', {}, tag), list))
  }
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)))
  if (target) target.scrollIntoView()
}

function filter(text) {
  const words = text.toLowerCase().split(/\s+/)
  for (const group of document.getElementById('toc').children) {
    let visible = 0
    for (const item of group.querySelectorAll('li')) {
      item.hidden = !words.every((word) => item.dataset.text.includes(word))
      visible += item.hidden ? 0 : 1
    }
    group.hidden = visible === 0
  }
}

document.getElementById('filter').addEventListener('input', (event) => filter(event.target.value))

try {
  const response = await fetch('/openapi.json')
  if (!response.ok) throw new Error(`status ${response.status}`)
  show(await response.json())
} catch (error) {
  document.getElementById('content').replaceChildren(el('p', { role: 'alert' }, `The contract cannot be read: ${error.message}`))
}
