/** Message is one text in each of the console's languages. {name} stands for a value. */
export type Message = readonly [en: string, de: string]

/** messagesOf keeps the names of a catalogue for the compiler, and holds every entry to all languages. */
export function messagesOf<const Catalogue extends Record<string, Message>>(catalogue: Catalogue): Catalogue {
  return catalogue
}
