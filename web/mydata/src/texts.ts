const en = {
  title: 'Your data at {store}',
  page: 'My data',
  intro: 'What {store} keeps about you here, in plain words. This page works for 15 minutes.',
  introGuest: 'What came of one verification, which you made without an account. This page works for 15 minutes.',
  loading: 'One moment …',
  proved: 'What you proved',
  provedNone: 'You have proved nothing here that still holds.',
  validUntil: 'valid until {date}',
  endedAt: 'ended on {date}',
  attempts: 'Your verifications',
  attemptsNone: 'There are none.',
  begun: 'begun on {date}',
  agreed: 'You agreed to version {version} of the text.',
  readText: 'Read the text',
  object: 'Object to the refusal',
  objectHelp: 'A person will look at it.',
  objected: 'You objected on {date}. A person will decide.',
  objectedDone: 'You objected on {date}. Decision: {outcome}.',
  kept: 'What is stored',
  keptHelp: 'Your mail address, numbers and birth date are not stored, but a keyed hash that tells whether the same person came before. What a person has to check is kept encrypted, for a short time.',
  keptNone: 'Nothing is stored about you.',
  since: 'since {date}',
  marketing: 'Offers and news',
  marketingNone: 'This is never needed for a discount.',
  marketingLabel: '{store} may send me offers and news',
  on: 'On',
  off: 'Off',
  saved: 'Saved.',
  take: 'Take it along',
  takeHelp: 'Everything that is stored about you, as a file that programs can read (JSON).',
  export: 'Download my data',
  exporting: 'Gathering … {count}',
  exported: 'Your file is ready: {count} records.',
  erase: 'Be forgotten',
  eraseHelp: 'What was collected is deleted, what you proved ends, and your name in orders is replaced by a random one. Orders stay with the store for its accounts. Discounts that you had cannot be had again.',
  eraseButton: 'Erase my data',
  eraseAsk: 'Erase everything now?',
  eraseWarn: 'There is no way back. You will lose your proof and your points.',
  eraseYes: 'Yes, erase',
  cancel: 'Cancel',
  erasing: 'Your data is being erased. Leave this page open to get the receipt.',
  erased: 'You are forgotten',
  erasedHelp: 'Keep the receipt: it is signed, says what was removed and does not name you.',
  receipt: 'Download the receipt',
  removed: 'Removed or stripped of everything that leads to you:',
  gone: 'This link is no longer valid',
  goneHelp: 'Links to this page work for 15 minutes. Go back to the store and ask for a new one.',
  failed: 'That did not work. Please try again.',
  privacy: 'About privacy at {store}',
}

export type Key = keyof typeof en
export type Texts = Record<Key, string>

const de: Texts = {
  title: 'Ihre Daten bei {store}',
  page: 'Meine Daten',
  intro: 'Was {store} hier über Sie speichert, in einfachen Worten. Diese Seite gilt 15 Minuten.',
  introGuest: 'Was aus einer Prüfung wurde, die Sie ohne Konto gemacht haben. Diese Seite gilt 15 Minuten.',
  loading: 'Einen Moment …',
  proved: 'Was Sie nachgewiesen haben',
  provedNone: 'Sie haben hier nichts nachgewiesen, das noch gilt.',
  validUntil: 'gültig bis {date}',
  endedAt: 'beendet am {date}',
  attempts: 'Ihre Prüfungen',
  attemptsNone: 'Es gibt keine.',
  begun: 'begonnen am {date}',
  agreed: 'Sie haben Version {version} des Textes zugestimmt.',
  readText: 'Text lesen',
  object: 'Der Ablehnung widersprechen',
  objectHelp: 'Ein Mensch sieht es sich an.',
  objected: 'Sie haben am {date} widersprochen. Ein Mensch wird entscheiden.',
  objectedDone: 'Sie haben am {date} widersprochen. Entscheidung: {outcome}.',
  kept: 'Was gespeichert ist',
  keptHelp: 'Ihre Mailadresse, Nummern und Ihr Geburtsdatum sind nicht gespeichert, sondern ein verschlüsselter Prüfwert, an dem dieselbe Person wiedererkannt wird. Was ein Mensch prüfen muss, bleibt für kurze Zeit verschlüsselt gespeichert.',
  keptNone: 'Über Sie ist nichts gespeichert.',
  since: 'seit {date}',
  marketing: 'Angebote und Neuigkeiten',
  marketingNone: 'Für einen Rabatt ist das nie nötig.',
  marketingLabel: '{store} darf mir Angebote und Neuigkeiten schicken',
  on: 'An',
  off: 'Aus',
  saved: 'Gespeichert.',
  take: 'Mitnehmen',
  takeHelp: 'Alles, was über Sie gespeichert ist, als Datei, die Programme lesen können (JSON).',
  export: 'Meine Daten herunterladen',
  exporting: 'Wird gesammelt … {count}',
  exported: 'Ihre Datei ist fertig: {count} Einträge.',
  erase: 'Vergessen werden',
  eraseHelp: 'Was erhoben wurde, wird gelöscht, Ihr Nachweis endet, und Ihr Name in Bestellungen wird durch einen zufälligen ersetzt. Bestellungen bleiben für die Buchhaltung des Shops. Rabatte, die Sie hatten, gibt es nicht noch einmal.',
  eraseButton: 'Meine Daten löschen',
  eraseAsk: 'Jetzt alles löschen?',
  eraseWarn: 'Das lässt sich nicht rückgängig machen. Sie verlieren Ihren Nachweis und Ihre Punkte.',
  eraseYes: 'Ja, löschen',
  cancel: 'Abbrechen',
  erasing: 'Ihre Daten werden gelöscht. Lassen Sie die Seite offen, um die Quittung zu bekommen.',
  erased: 'Sie sind vergessen',
  erasedHelp: 'Heben Sie die Quittung auf: Sie ist signiert, sagt, was entfernt wurde, und nennt Sie nicht.',
  receipt: 'Quittung herunterladen',
  removed: 'Gelöscht oder von allem befreit, was zu Ihnen führt:',
  gone: 'Dieser Link gilt nicht mehr',
  goneHelp: 'Links zu dieser Seite gelten 15 Minuten. Gehen Sie zurück zum Shop und fordern Sie einen neuen an.',
  failed: 'Das hat nicht geklappt. Bitte versuchen Sie es noch einmal.',
  privacy: 'Datenschutz bei {store}',
}

export const languages: Record<string, Texts> = { en, de }

/** kinds are the names of what is stored, and of what was removed, in words. */
const kinds: Record<string, Record<string, string>> = {
  en: {
    verification: 'Verifications', verifications: 'Verifications', collected: 'What you typed for a person to check (encrypted)', evidence: 'Findings of verifications',
    document: 'Documents: particulars', documents: 'Documents', review: 'Decisions by people', reviews: 'Open reviews', receipt: 'Receipts of decisions', attestation: 'Proofs',
    attestations: 'Proofs', fraud_label: 'Labels about misuse', consent: 'What you said about marketing', consents: 'What you said about marketing', offer_token: 'Discount tokens',
    offer_tokens: 'Discount tokens', reservation: 'Baskets on hold', reservations: 'Baskets on hold', redemption: 'Orders with a discount', redemptions: 'Orders with a discount',
    order: 'Orders', orders: 'Orders', refund: 'Refunds', member: 'Points account', members: 'Points account', ledger_entry: 'Movements of points', request: 'Requests about your data',
    requests: 'Requests about your data', events: 'Notices to the store', webhook_deliveries: 'Notices on their way', audit: 'Entries of the log', limits: 'Counters of discounts',
    sign_ins: 'Sign-ins under way', sent_mails: 'Notes about mails', customer_sessions: 'Sessions',
  },
  de: {
    verification: 'Prüfungen', verifications: 'Prüfungen', collected: 'Was Sie für eine Prüfung durch Menschen eingegeben haben (verschlüsselt)', evidence: 'Ergebnisse von Prüfungen',
    document: 'Dokumente: Angaben', documents: 'Dokumente', review: 'Entscheidungen von Menschen', reviews: 'Offene Entscheidungen', receipt: 'Quittungen von Entscheidungen', attestation: 'Nachweise',
    attestations: 'Nachweise', fraud_label: 'Vermerke über Missbrauch', consent: 'Was Sie zu Werbung gesagt haben', consents: 'Was Sie zu Werbung gesagt haben', offer_token: 'Rabattmarken',
    offer_tokens: 'Rabattmarken', reservation: 'Vorgemerkte Warenkörbe', reservations: 'Vorgemerkte Warenkörbe', redemption: 'Bestellungen mit Rabatt', redemptions: 'Bestellungen mit Rabatt',
    order: 'Bestellungen', orders: 'Bestellungen', refund: 'Erstattungen', member: 'Punktekonto', members: 'Punktekonto', ledger_entry: 'Bewegungen von Punkten', request: 'Anfragen zu Ihren Daten',
    requests: 'Anfragen zu Ihren Daten', events: 'Mitteilungen an den Shop', webhook_deliveries: 'Mitteilungen unterwegs', audit: 'Einträge im Protokoll', limits: 'Zähler von Rabatten',
    sign_ins: 'Laufende Anmeldungen', sent_mails: 'Vermerke über Mails', customer_sessions: 'Sitzungen',
  },
}

/** words names a kind in a language; a kind that it does not know keeps its own name. */
export function words(language: string, kind: string): string {
  return kinds[language]?.[kind] ?? kind
}

/** languageOf chooses the first wish that the page speaks. */
export function languageOf(wishes: readonly string[]): string {
  for (const wish of wishes) {
    const short = wish.slice(0, 2).toLowerCase()
    if (short in languages) return short
  }
  return 'en'
}

/** fill puts values into a text. */
export function fill(text: string, values: Record<string, string | number> = {}): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))
}
