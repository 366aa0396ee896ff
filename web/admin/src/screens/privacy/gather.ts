import type { RecordPage } from '../../api/types'

/** gather reads everything that is kept about a shopper, part by part. */
export async function gather(part: (cursor?: string) => Promise<RecordPage>): Promise<RecordPage['data']> {
  const all: RecordPage['data'] = []
  let cursor: string | undefined
  do {
    const next = await part(cursor)
    all.push(...next.data)
    cursor = next.next_cursor ?? undefined
  } while (cursor)
  return all
}

/** download hands a JSON file to the browser. */
export function download(name: string, content: unknown): void {
  const url = URL.createObjectURL(new Blob([JSON.stringify(content, null, 2)], { type: 'application/json' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  URL.revokeObjectURL(url)
}
