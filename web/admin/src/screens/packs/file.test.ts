import { expect, it } from 'vitest'
import { base64, readFile } from './file'

it('reads lists as text and archives as base64', async () => {
  expect(await readFile(new File(['a.edu'], 'a.txt'))).toEqual({ name: 'a.txt', size: 5, text: 'a.edu' })
  expect(await readFile(new File([new Uint8Array([0, 255, 16])], 'swot.tar.gz'))).toEqual({ name: 'swot.tar.gz', size: 3, archive: 'AP8Q' })
})

it('writes any bytes, large ones too', () => {
  const bytes = Uint8Array.from({ length: 100_000 }, (_, i) => (i * 31) % 256)
  expect([...atob(base64(bytes))].map((c) => c.charCodeAt(0))).toEqual([...bytes])
})
