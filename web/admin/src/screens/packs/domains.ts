/** Reading is what a pasted text or file holds. */
export interface Reading {
  /** domains in lower case, each once, in their order. */
  domains: string[]
  duplicates: number
  /** strange are lines that do not look like domains. */
  strange: string[]
}

const domain = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$|^[a-z]{2,63}$/

/** readDomains reads one domain a line, or several with commas; comments after # are left out, "@" and "*." too. */
export function readDomains(text: string): Reading {
  const seen = new Set<string>()
  const strange: string[] = []
  let duplicates = 0
  for (const line of text.split(/\r?\n/)) {
    for (const part of line.replace(/#.*/, '').split(/[,;\s]+/)) {
      const name = part.toLowerCase().replace(/^(@|\*\.|\.)/, '')
      if (name === '') continue
      if (seen.has(name)) duplicates++
      else if (isDomain(name)) seen.add(name)
      else strange.push(part)
    }
  }
  return { domains: [...seen], duplicates, strange }
}

/** isDomain takes names with letters of any language; the server turns them into their ASCII form. */
function isDomain(name: string): boolean {
  return domain.test(name.replace(/[\u0080-\uffff]/g, 'x'))
}
