import { useMemo, useState } from 'react'
import type { PackContent, Purpose } from '../../api/types'
import { type Reading, readDomains } from './domains'
import { type Chosen, largest, readFile } from './file'

/** Content is what an admin puts together for a version of a pack. */
export interface Content {
  purpose: Purpose
  text: string
  file: Chosen | null
  tooLarge: boolean
  source: string
  expect: string
  reading: Reading
  /** input is what goes to the gateway; null while there is nothing to send. */
  input: PackContent | null
  set: (change: Partial<Pick<Content, 'purpose' | 'text' | 'source' | 'expect'>>) => void
  choose: (file: File | null) => Promise<void>
}

/** useContent holds pasted domains, or a file instead of them. */
export function useContent(purpose: Purpose, domains: readonly string[]): Content {
  const [typed, setTyped] = useState({ purpose, text: domains.join('\n'), source: '', expect: '' })
  const [file, setFile] = useState<Chosen | null>(null)
  const [tooLarge, setTooLarge] = useState(false)
  const reading = useMemo(() => readDomains(typed.text), [typed.text])
  const input = useMemo<PackContent | null>(() => {
    const about = { ...(typed.source ? { source: typed.source } : {}), ...(typed.expect ? { expect_digest: typed.expect } : {}) }
    if (file?.archive) return { archive: file.archive, purpose: typed.purpose, ...about }
    if (file?.text) return { text: file.text, purpose: typed.purpose, ...about }
    return reading.domains.length ? { domains: reading.domains, format: 'plain', purpose: typed.purpose, ...about } : null
  }, [typed, file, reading])
  const choose = async (next: File | null) => {
    setTooLarge((next?.size ?? 0) > largest)
    if (!next || next.size > largest) return setFile(null)
    const read = await readFile(next)
    // A plain list is shown, so that it can be looked at and changed.
    if (read.text !== undefined && /\.(txt|csv)$/i.test(read.name)) {
      setFile(null)
      setTyped((old) => ({ ...old, text: read.text ?? '', source: old.source || read.name }))
      return
    }
    setFile(read)
    setTyped((old) => ({ ...old, source: old.source || read.name }))
  }
  return { ...typed, file, tooLarge, reading, input, set: (change) => setTyped((old) => ({ ...old, ...change })), choose }
}
