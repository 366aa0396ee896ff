import { html } from 'lit/html.js'
import type { Form } from '../contract'
import { choices, field, primary, wayOut, written, type Manner } from '../controls'
import type { Step, View } from '../view'
import { remote as words } from '../words/remote'

type Field = Form['fields'][number]

/** The store's own verifier asks for what it needs: the fields that the store declared. */
export const remote: Step = {
  words,
  title: (view) => formOf(view)?.name ?? view.t('remoteWhich'),
  body: (view) => {
    const form = formOf(view)
    return form ? ask(view, form) : which(view)
  },
}

/** The forms that may be answered next. */
function forms({ state }: View): Form[] {
  const next = state.verification?.next.filter((each) => each.startsWith('remote:')) ?? []
  return state.storefront?.forms.filter((each) => next.includes(each.requirement)) ?? []
}

function formOf(view: View): Form | undefined {
  const all = forms(view)
  return all.length === 1 ? all[0] : all.find((each) => each.id === view.state.instance)
}

function which(view: View) {
  return html`${choices(forms(view).map((form) => ({ label: form.name, press: () => view.flow.chooseWay({ kind: 'remote', instance: form.id }) })))}
  ${wayOut(view)}`
}

function ask(view: View, form: Form) {
  const { t } = view
  return html`<form novalidate @submit=${(event: Event) => send(event, view, form)}>
    <p class="hint" id="hint">${t('remoteHint', { name: form.name })}</p>
    ${form.fields.map((each) => field(view, each.name, view.text(each.label), manner(each)))} ${primary(view, t('continue'))}
    ${wayOut(view)}
  </form>`
}

/** manner is how a field that the store declares is written into. Digits are no number: a number field would drop zeros at the front. */
function manner({ type, required, max_length }: Field): Manner {
  return { optional: !required, longest: max_length, ...manners[type] }
}

const manners: Record<Field['type'], Manner> = {
  text: {},
  email: { type: 'email', autocomplete: 'email', autocapitalize: 'none' },
  date: { type: 'date' },
  number: { inputmode: 'numeric' },
}

function send(event: Event, view: View, form: Form): void {
  const fields = Object.fromEntries(Object.entries(written(event)).filter(([, value]) => value))
  const wrong: Record<string, string> = {}
  for (const each of form.fields) {
    const fault = faultOf(each, fields[each.name] ?? '', view)
    if (fault) wrong[each.name] = fault
  }
  if (Object.keys(wrong).length) return view.refuse(view.t('remoteMissing'), wrong)
  void view.flow.answer('remote', { verifier: form.id, fields })
}

/** faultOf finds what the server would refuse, in the shopper's language. */
function faultOf({ type, required }: Field, value: string, { t }: View): string {
  if (!value) return required ? t('required') : ''
  if (type === 'email' && !/^\S+@\S+$/.test(value)) return t('remoteEmail')
  if (type === 'number' && /\D/.test(value)) return t('remoteNumber')
  return ''
}
