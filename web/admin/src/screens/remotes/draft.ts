import type { RemoteField, RemoteInput } from '../../api/types'

/** RemoteDraft is a store's own verifier as it is typed: reasons as one text, numbers as texts. */
export interface RemoteDraft {
  id: string
  name: string
  url: string
  fields: RemoteField[]
  classes: string[]
  timeout: string
  retries: string
  tries: string
  reasons: string
}

/** draftOf shows a verifier in the form. */
export function draftOf(input: RemoteInput): RemoteDraft {
  const text = (n: number | undefined) => (n ? String(n) : '')
  return {
    id: input.id,
    name: input.name,
    url: input.url,
    fields: input.fields,
    classes: input.classes ?? [],
    timeout: text(input.timeout_seconds),
    retries: text(input.retries),
    tries: text(input.max_tries),
    reasons: Object.entries(input.reasons ?? {})
      .map(([code, sentence]) => `${code}: ${sentence}`)
      .join('\n'),
  }
}

/** inputOf is what goes to the gateway. Empty numbers are left out: the gateway has its own. */
export function inputOf(draft: RemoteDraft): RemoteInput {
  const whole = (name: string, text: string) => (/^\d+$/.test(text.trim()) ? { [name]: Number(text) } : {})
  const reasons = Object.fromEntries(
    draft.reasons.split('\n').flatMap((line) => {
      const at = line.indexOf(':')
      return at > 0 ? [[line.slice(0, at).trim(), line.slice(at + 1).trim()]] : []
    }),
  )
  return {
    id: draft.id,
    name: draft.name,
    url: draft.url,
    fields: draft.fields,
    ...(draft.classes.length ? { classes: draft.classes } : {}),
    ...whole('timeout_seconds', draft.timeout),
    ...whole('retries', draft.retries),
    ...whole('max_tries', draft.tries),
    ...(Object.keys(reasons).length ? { reasons } : {}),
  }
}
