import { html, nothing } from 'lit/html.js'
import type { Form } from '../contract'
import { described, fault, field, invalid, primary, wayOut, written, type Manner } from '../controls'
import { Desk } from '../documents/desk'
import { files } from '../documents/files'
import { formOf, rulesOf } from '../documents/form'
import { bytes, kinds } from '../documents/measure'
import text from '../looks/documents.css?inline'
import { sheetOf } from '../styles'
import type { Step, View } from '../view'
import { document as words } from '../words/document'

type Field = Form['fields'][number]

const sheet = sheetOf(text)

/** The shopper uploads what a person is to look at, and says whose it is. */
export const document: Step = {
  words,
  sheet,
  title: ({ t }) => t('docTitle'),
  body: (view) => {
    const { t } = view
    const desk = Desk.of(view)
    return html`<form novalidate @submit=${(event: Event) => send(event, view, desk)}>
      <p class="hint" id="hint">${t('docHint')}</p>
      ${accepted(view)} ${files(view, desk)} ${formOf(view)?.fields.map((each) => ask(view, each))} ${primary(view, t('docSend'))}
      ${wayOut(view)}
    </form>`
  },
}

function accepted(view: View) {
  const { t } = view
  const { accepted, media_types, max_files, max_bytes } = rulesOf(view)
  const takes = { types: kinds(media_types), n: max_files, size: bytes(max_bytes, view.locale) }
  return html`${accepted.length
      ? html`<div>
          <p>${t('docAccepted')}</p>
          <ul class="plain">
            ${accepted.map((each) => html`<li>${view.text(each)}</li>`)}
          </ul>
        </div>`
      : nothing}
    <p class="hint">${t(max_files > 1 ? 'docTakes' : 'docTakesOne', takes)}</p>`
}

function ask(view: View, declared: Field) {
  const label = view.text(declared.label)
  const { organisations } = rulesOf(view)
  if (declared.name === 'organisation' && organisations.length) return pick(view, declared.name, label, organisations)
  const manner = { optional: !declared.required, longest: declared.max_length, ...manners[declared.name] }
  return field(view, declared.name, manner.type === 'date' ? label : view.t('docOn', { label }), manner)
}

/** What the browser can fill in. */
const manners: Record<string, Manner | undefined> = {
  first_name: { autocomplete: 'given-name', autocapitalize: 'words' },
  last_name: { autocomplete: 'family-name', autocapitalize: 'words' },
  birth_date: { autocomplete: 'bday', type: 'date' },
  organisation: { autocomplete: 'organization', autocapitalize: 'words' },
}

/** A store may say which organisations there are. */
function pick(view: View, name: string, label: string, options: readonly string[]) {
  return html`<label for=${name}>${label}</label>
    <select id=${name} name=${name} required aria-invalid=${invalid(view, name)} aria-describedby=${described(view, name)}>
      <option value="">${view.t('docPick')}</option>
      ${options.map((each) => html`<option>${each}</option>`)}
    </select>
    ${fault(view, name)}`
}

function send(event: Event, view: View, desk: Desk): void {
  const { t } = view
  const said = written(event)
  const missing = formOf(view)?.fields.filter(({ name, required }) => required && !said[name]) ?? []
  const wrong = Object.fromEntries(missing.map(({ name }) => [name, t('required')]))
  const documents = desk.kept.map(({ id }) => id)
  if (desk.busy) return view.refuse(t('docNotYet'), { files: '' })
  if (!documents.length) return view.refuse(t('docNoFile'), { ...wrong, files: '' })
  if (Object.keys(wrong).length) return view.refuse(t('docMissing'), wrong)
  void view.flow.answer('document', { documents, ...said })
}
