import { html, nothing } from 'lit/html.js'
import { ref } from 'lit/directives/ref.js'
import type { View } from '../view'
import type { Desk, Paper } from './desk'
import { rulesOf } from './form'
import { percent } from './measure'
import { preview } from './preview'

/** files is what was put forward, and the ways to add more: camera, files, drag and drop. */
export function files(view: View, desk: Desk) {
  const { t } = view
  const drop = (event: DragEvent) => {
    event.preventDefault()
    desk.over = false
    desk.add(event.dataTransfer?.files ?? [])
  }
  return html`<div
    class=${desk.over ? 'drop over' : 'drop'}
    role="group"
    aria-label=${t('docFiles')}
    @dragover=${(event: DragEvent) => over(event, view, desk, true)}
    @dragleave=${(event: DragEvent) => over(event, view, desk, false)}
    @drop=${drop}
  >
    ${desk.papers.length
      ? html`<ul class="papers">
          ${desk.papers.map((each) => paper(each, view, desk))}
        </ul>`
      : nothing}
    ${desk.leftOut ? html`<p class="wrong" role="alert">${desk.leftOut}</p>` : nothing} ${add(view, desk)}
    <p class="said" role="status">${desk.said}</p>
  </div>`
}

function over(event: DragEvent, view: View, desk: Desk, on: boolean): void {
  event.preventDefault()
  if (desk.over === on) return
  desk.over = on
  view.draw()
}

/** The fields for files are never shown themselves: they look different in every browser, and say little. */
function add(view: View, desk: Desk) {
  const { t, wrong } = view
  if (desk.full) return html`<p class="hint">${t('docFull')}</p>`
  const { media_types, max_files } = rulesOf(view)
  const images = media_types.filter((each) => each.startsWith('image/')).join()
  const took = (event: Event) => {
    const field = event.currentTarget as HTMLInputElement
    desk.add([...(field.files ?? [])])
    // So that the same file can be chosen once more.
    field.value = ''
  }
  const open = (event: Event) => (event.currentTarget as HTMLElement).parentElement?.querySelector('input')?.click()
  const needed = 'files' in wrong
  return html`<div class="row">
    <span class="photo">
      <input hidden type="file" capture="environment" accept=${images} @change=${took} />
      <button class="second" type="button" @click=${open}>${t('docPhoto')}</button>
    </span>
    <span>
      <input hidden type="file" ?multiple=${max_files > 1} accept=${media_types.join()} @change=${took} />
      <button class="second" type="button" ?data-wrong=${needed} aria-describedby=${needed ? 'error' : nothing} @click=${open}>
        ${t('docChoose')}
      </button>
    </span>
    <small class="aside">${t('docDrop')}</small>
  </div>`
}

function paper(each: Paper, view: View, desk: Desk) {
  const { t } = view
  const moving = each.state === 'sending' || each.state === 'waiting'
  const named = (what: string) => t('docOf', { what, name: each.name })
  return html`<li>
    <canvas width="48" height="48" aria-hidden="true" ${ref((canvas) => preview(canvas, each.file))}></canvas>
    <div>
      <strong>${each.name}</strong>
      ${progress(each, view)} ${each.fault ? html`<p class="wrong" role="alert">${each.fault}</p>` : nothing}
      <div class="row start">
        ${each.again && each.state === 'failed'
          ? html`<button class="quiet" type="button" aria-label=${named(t('again'))} @click=${() => desk.retry(each)}>${t('again')}</button>`
          : nothing}
        <button class="quiet" type="button" aria-label=${named(t(moving ? 'docStop' : 'docRemove'))} @click=${() => void desk.remove(each)}>
          ${t(moving ? 'docStop' : 'docRemove')}
        </button>
      </div>
    </div>
  </li>`
}

function progress({ state, share, name }: Paper, { t, locale }: View) {
  switch (state) {
    case 'waiting':
      return html`<small>${t('docWaiting')}</small>`
    case 'sending':
      return html`<progress max="1" value=${share} aria-label=${t('docSending', { name, percent: percent(share, locale) })}></progress>
        <small>${share < 1 ? percent(share, locale) : t('docReading')}</small>`
    case 'kept':
      return html`<small>✓ ${t('docKept')}</small>`
    default:
      return nothing
  }
}
