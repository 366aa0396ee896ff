import { expect, it } from 'vitest'
import { readDomains } from './domains'

it('reads what people paste', () => {
  const text = '# schools\nMIT.edu\n@stanford.edu, *.ox.ac.uk\r\nmit.edu\n\nmil\nnot a/domain\nhochschule-münchen.de # ours'
  expect(readDomains(text)).toEqual({
    domains: ['mit.edu', 'stanford.edu', 'ox.ac.uk', 'mil', 'not', 'hochschule-münchen.de'],
    duplicates: 1,
    strange: ['a/domain'],
  })
})

it('reads a large list in no time', () => {
  const text = Array.from({ length: 20_000 }, (_, i) => `school${i}.k12.us`).join('\n')
  expect(readDomains(text).domains).toHaveLength(20_000)
})
