import type { Messages } from './en'

/** The German texts, loaded when a shopper reads German. */
export const de: Messages = {
  open: 'Nachweisen und sparen',
  close: 'Schließen',
  loading: 'Einen Moment …',
  test: 'Testshop',
  back: 'Zurück',
  continue: 'Weiter',
  again: 'Erneut versuchen',
  otherWay: 'Anderen Weg wählen',
  startOver: 'Neu beginnen',

  groupTitle: 'Was trifft auf Sie zu?',

  consentTitle: 'Bevor es losgeht',
  consentAgree: 'Zustimmen und weiter',
  consentPrivacy: 'Datenschutzerklärung',
  optional: 'freiwillig',

  pathTitle: 'Wie möchten Sie es nachweisen?',
  pathEmail: 'Mit einer berechtigten E-Mail-Adresse',
  pathEmailHint: 'Wir senden Ihnen einen sechsstelligen Code.',
  pathSso: 'Anmelden bei {name}',
  pathSsoHint: 'Danach kommen Sie hierher zurück.',
  pathRegistry: 'Mit einer Berufsnummer',
  pathRegistryHint: 'Wir vergleichen sie und Ihren Namen mit einem Register.',
  pathMock: 'Mit einem Testnamen',

  emailTitle: 'Ihre E-Mail-Adresse',
  emailHint:
    'Nehmen Sie die Adresse Ihrer Schule, Ihres Arbeitgebers oder Ihrer Dienststelle. Wir senden einen sechsstelligen Code dorthin.',
  emailLabel: 'E-Mail-Adresse',
  emailSend: 'Code senden',

  codeTitle: 'Code eingeben',
  codeHint: 'Wir haben sechs Ziffern an {email} gesendet.',
  codeHintUnknown: 'Wir haben sechs Ziffern an Ihre E-Mail-Adresse gesendet.',
  codeLabel: 'Sechsstelliger Code',
  codeShort: 'Bitte geben Sie alle sechs Ziffern ein.',
  codeTries: 'Verbleibende Versuche: {n}.',
  resend: 'Neuen Code senden',
  resendIn: 'Neuer Code in {n} s',
  resent: 'Ein neuer Code ist unterwegs.',
  otherAddress: 'Andere Adresse verwenden',

  ssoTitle: 'Zum Nachweis anmelden',
  ssoHint: 'Sie verlassen diese Seite zum Anmelden und kommen danach hierher zurück. Ihr Passwort sehen wir nie.',
  ssoGo: 'Weiter zu {name}',

  registryTitle: 'Ihr Eintrag im Register',
  registryHint: 'Nennen Sie Ihre Nummer und Ihren Namen, wie sie auf der Liste stehen. Wir vergleichen beides und behalten nichts davon in lesbarer Form.',
  registryHintNpi: 'Nennen Sie Ihre NPI und Ihren Namen, wie sie im nationalen Register (NPPES) stehen. Wir vergleichen beides und behalten nichts davon in lesbarer Form.',
  registryNumber: 'Ihre Nummer',
  registryNpi: 'NPI-Nummer',
  registryFirst: 'Vorname',
  registryLast: 'Nachname',
  registryState: 'Bundesstaat',
  registryMissing: 'Bitte geben Sie Nummer, Vornamen und Nachnamen an.',
  registryNoNpi: 'Das ist keine NPI: Sie hat zehn Ziffern, und die letzte prüft die anderen.',

  mockTitle: 'Testnachweis',
  mockHint: 'Der Vorname entscheidet, was geschieht: VERIFIED, REJECTED, REVIEW, EMAILCODE, SSO oder ERROR.',
  mockLabel: 'Vorname',

  pendingTitle: 'Wir prüfen',
  pendingHint: 'Diese Seite aktualisiert sich von selbst. Sie können in diesem Tab auch später wiederkommen.',

  successTitle: 'Nachweis erbracht',
  successHint: 'Geben Sie diesen Code an der Kasse ein.',
  successPlain: 'Das war alles: Ihre Gruppe ist bestätigt.',
  codeQr: 'Dieser Code als QR-Code',
  codeExpires: 'Gültig bis {time}',
  codeOver: 'Dieser Code ist abgelaufen.',
  codeNew: 'Neuen Code holen',
  copy: 'Code kopieren',
  copied: 'Kopiert',
  copySelected: 'Der Code ist markiert: Kopieren Sie ihn mit der Tastatur.',

  refusedTitle: 'Der Nachweis ist nicht gelungen',
  refusedNext:
    'Sie können neu beginnen, auch mit einem anderen Weg. Wenn Sie das für einen Irrtum halten, wenden Sie sich bitte an {store}.',

  unavailableTitle: 'Das ist gerade nicht verfügbar',

  percentOff: '{value} Rabatt',
  percentOffLines: '{value} Rabatt auf ausgewählte Artikel',
  percentOffShipping: '{value} Rabatt auf den Versand',
  amountOff: '{value} Rabatt auf Ihre Bestellung',
  amountOffLines: '{value} Rabatt auf ausgewählte Artikel',
  amountOffShipping: '{value} Rabatt auf den Versand',
  price: 'Ihre Bestellung für {value}',
  priceLines: 'Ausgewählte Artikel für {value}',
  priceShipping: 'Versand für {value}',
  freeShipping: 'Kostenloser Versand',
  gift: 'Ein Geschenk gratis',
  gifts: '{value} Geschenke gratis',
  pointsTimes: '{value}-fache Punkte',
  pointsExtra: '{value} Zusatzpunkte',
  anOffer: 'Ein Angebot für Sie',

  'e.network': 'Keine Verbindung. Bitte prüfen Sie Ihr Netz und versuchen Sie es erneut.',
  'e.internal': 'Bei uns ist etwas schiefgegangen. Bitte versuchen Sie es erneut.',
  'e.busy': 'Der Dienst ist ausgelastet. Bitte warten Sie einen Moment und versuchen Sie es erneut.',
  'e.setup': 'Diese Seite ist nicht richtig eingerichtet. Bitte sagen Sie dem Shop Bescheid.',
  'e.over': 'Dieser Nachweis ist beendet. Bitte beginnen Sie neu.',
  'e.email_invalid': 'Bitte geben Sie eine gültige E-Mail-Adresse ein, zum Beispiel name@schule.edu.',
  'e.email_not_eligible':
    'Diese Adresse ist nicht berechtigt. Bitte nehmen Sie die Ihrer Schule, Ihres Arbeitgebers oder Ihrer Dienststelle.',
  'e.email_limit':
    'An diese Adresse wurden zu viele Codes gesendet. Bitte versuchen Sie es morgen wieder oder nehmen Sie eine andere.',
  'e.code_invalid': 'Dieser Code stimmt nicht. Bitte prüfen Sie die sechs Ziffern.',
  'e.code_expired': 'Dieser Code ist abgelaufen. Bitte fordern Sie einen neuen an.',
  'e.tries_exhausted': 'Zu viele falsche Codes. Bitte beginnen Sie neu.',
  'e.provider_unavailable':
    'Die Anmeldung oder das Register ist gerade nicht verfügbar. Bitte versuchen Sie es erneut oder wählen Sie einen anderen Weg.',
  'e.provider_refused': 'Die Anmeldung wurde nicht abgeschlossen oder hat Ihre Gruppe nicht bestätigt.',
  'e.not_eligible': 'Das Gesendete bestätigt Ihre Gruppe nicht.',
  'e.already_verified':
    'Dieser Nachweis gehört schon zu einem anderen Konto. Bitte melden Sie sich mit jenem Konto an oder wenden Sie sich an den Shop.',
  'e.invalid_step': 'Dieser Schritt ist schon beantwortet. So geht es weiter.',
  'e.offer_not_live': 'Dieses Angebot ist für Sie gerade nicht verfügbar.',
  'e.limit_reached': 'Sie haben dieses Angebot schon genutzt, oder es ist aufgebraucht.',
}
