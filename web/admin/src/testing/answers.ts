import type { ProblemBody } from '../api/problem'

/** Call is a request that reached the mock gateway. */
export interface Call {
  method: string
  /** path below /v1/admin, with what stands behind the question mark. */
  path: string
  body: unknown
  key: string | null
}

/** Answer is a status with a JSON body. */
export interface Answer {
  status: number
  body?: unknown
}

/** Rule answers one operation. id is the first part of the path that is not fixed. */
export type Rule = (call: Call, id: string) => Answer

/** page answers with a whole list. */
export const page = (rows: unknown[]): Answer => ({ status: 200, body: { data: rows, next_cursor: null } })

/** refuse makes a problem document. */
export function refuse(status: number, code: string, detail: string, errors: ProblemBody['errors'] = []): Answer {
  return { status, body: { type: `https://laurel.example/problems/${code}`, title: detail, status, code, detail, errors, request_id: 'req_1' } }
}

/** one answers with a thing, or that there is none. */
export const one = (row: unknown): Answer => (row === undefined ? refuse(404, 'not_found', 'There is no such thing in this store.') : { status: 200, body: row })

/** ruleFor finds the rule for a path in a table, whose parts with a colon stand for anything. Fixed parts win. */
export function ruleFor(table: Record<string, Rule>, method: string, parts: readonly string[]): { rule: Rule; id: string } | undefined {
  let best: { rule: Rule; id: string; open: number } | undefined
  for (const [name, rule] of Object.entries(table)) {
    const [verb, path = ''] = name.split(' ')
    const wanted = path.split('/')
    if (verb !== method || wanted.length !== parts.length) continue
    if (!wanted.every((part, i) => part.startsWith(':') || part === parts[i])) continue
    const first = wanted.findIndex((part) => part.startsWith(':'))
    const open = wanted.filter((part) => part.startsWith(':')).length
    if (!best || open < best.open) best = { rule, id: parts[first] ?? '', open }
  }
  return best
}
