import type { Language } from './texts'

const en = {
  title: 'Inbox',
  hint: 'Every mail that this demo sends lands here. The page updates by itself.',
  filter: 'Only mails to this address',
  back: 'Back to the shop',
  empty: 'No mail yet. Start a verification with an e-mail address in the shop.',
  failed: 'The inbox does not answer; trying again.',
  to: 'To',
  copy: 'Copy code',
  copied: 'Code {code} is copied.',
}

const de: typeof en = {
  title: 'Postfach',
  hint: 'Jede E-Mail dieser Vorführung landet hier. Die Seite aktualisiert sich von selbst.',
  filter: 'Nur E-Mails an diese Adresse',
  back: 'Zurück zum Laden',
  empty: 'Noch keine E-Mail. Beginnen Sie im Laden einen Nachweis mit einer E-Mail-Adresse.',
  failed: 'Das Postfach antwortet nicht; es wird erneut versucht.',
  to: 'An',
  copy: 'Code kopieren',
  copied: 'Der Code {code} ist kopiert.',
}

export const inboxTexts: Record<Language, typeof en> = { en, de }
