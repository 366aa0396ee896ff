/** largest is how large a file may be, in bytes. */
export const largest = 8_000_000

/** Chosen is a file as it goes to the gateway: text, or an archive in base64. */
export interface Chosen {
  name: string
  size: number
  text?: string
  archive?: string
}

/** readFile reads a list, the JSON of universities, or an archive. */
export async function readFile(file: File): Promise<Chosen> {
  const chosen = { name: file.name, size: file.size }
  if (!/\.(tar|tgz|gz)$/i.test(file.name)) return { ...chosen, text: await file.text() }
  return { ...chosen, archive: base64(new Uint8Array(await file.arrayBuffer())) }
}

/** base64 writes bytes as text, in portions: a call takes only so many arguments. */
export function base64(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000))
  return btoa(text)
}
