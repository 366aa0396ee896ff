/** lines reads one value a line, without empty ones and blanks around. */
export function lines(text: string): string[] {
  return text.split('\n').map((line) => line.trim()).filter(Boolean)
}

/** listed reads values that are separated by commas or blanks, each once. */
export function listed(text: string): string[] {
  return [...new Set(text.split(/[\s,;]+/).filter(Boolean))]
}
