import assert from 'node:assert/strict'
import { test } from 'node:test'
import { operator } from './operator.mjs'
import { photo } from './photo.mjs'
import { shopper } from './shopper.mjs'
import { allow, stand, students } from './stand.mjs'
import { watched } from './watch.mjs'

const ticket = /^[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{2}$/

/** The other kinds of proof, each from the widget to the code; by mail and by sign-in there are journeys of their own. */
export function otherProofs(world, look) {
  byRoster(world, look)
  byTwoSources(world, look)
  byDocument(world, look)
  byOwnVerifier(world, look)
  byTestName(world, look)
}

/** begin puts something into the cart and comes to the ways of a group; what has one way only is there at once. */
async function begin({ demo, browser }, look, group, expected = []) {
  const seen = await watched(browser, look, { origins: [demo.origin], expected })
  const somebody = shopper(seen.page, demo)
  await somebody.fill((await somebody.products()).slice(0, 2))
  await somebody.choose(group)
  await somebody.consent()
  return { ...seen, somebody, widget: somebody.widget }
}

async function won({ somebody, widget, page, check }, name) {
  await widget.getByRole('heading', { name: 'You are verified' }).waitFor()
  await widget.getByText(ticket).waitFor()
  assert.ok((await somebody.discounted()) > 0)
  await check(page, name)
}

function byRoster(world, look) {
  test(`a teacher on a roster, ${look}`, async () => {
    const here = await begin(world, look, 'Teacher', [/status of 409/])
    const { widget, page, check } = here
    await widget.getByRole('button', { name: /With a professional number/ }).click()
    await widget.getByRole('heading', { name: 'Your entry in the register' }).waitFor()
    await widget.getByRole('button', { name: 'Continue' }).click()
    await widget.getByText('Please fill this in.').first().waitFor()
    await check(page, 'widget-roster-missing')
    const teachers = { wide: ['T-1001', 'Grace', 'Okonkwo'], phone: ['T-1002', 'Jose', 'Munoz Rivera'] }
    const [number, first, last] = teachers[look]
    await entry(widget, number, first, 'Somebody')
    await widget.getByRole('alert').filter({ hasText: 'does not confirm your group' }).waitFor()
    await check(page, 'widget-roster-refused')
    await entry(widget, number, first, last)
    await won(here, 'widget-roster-verified')
    await here.done()
  })
}

async function entry(widget, number, first, last) {
  await widget.getByLabel('Your number').fill(number)
  await widget.getByLabel('First name').fill(first)
  await widget.getByLabel('Last name').fill(last)
  await widget.getByRole('button', { name: 'Continue' }).click()
}

/** A path of two: the number that others can look up, and the mailbox that they cannot read. */
function byTwoSources(world, look) {
  test(`a nurse by register and mail, ${look}`, async () => {
    const here = await begin(world, look, 'Healthcare')
    const { widget, page, check } = here
    const nurses = { wide: ['RN-2001', 'Flora', 'Adeyemi'], phone: ['RN-2003', 'Łucja', 'Zielińska'] }
    const [number, first, last] = nurses[look]
    await widget.getByRole('button', { name: /With a professional number/ }).click()
    await entry(widget, number, first, last)
    await widget.getByRole('heading', { name: 'Your e-mail address' }).waitFor()
    await check(page, 'widget-second-source')
    const address = `${look}.nurse@st-brigid-clinic.example`
    const since = Date.now()
    await here.somebody.askForCode(address)
    await widget.getByRole('heading', { name: 'Enter the code' }).waitFor()
    const { code } = await world.demo.mailTo(address, since)
    await widget.getByRole('textbox', { name: 'Six-digit code' }).fill(code)
    await won(here, 'widget-two-sources')
    await here.done()
  })
}

/** A photo, taken back, put anew, handed in; the page closed and opened; approved by a person while it stands open. */
function byDocument(world, look) {
  test(`a student with a document, ${look}`, async (t) => {
    const here = await begin(world, look, 'Student', [/status of 422/])
    const { widget, page, check } = here
    await widget.getByRole('button', { name: /With a document/ }).click()
    await widget.getByRole('heading', { name: 'Show a document' }).waitFor()
    await check(page, 'widget-document')
    await widget.getByRole('button', { name: 'Hand in' }).click()
    await widget.getByRole('alert').filter({ hasText: 'add a document' }).waitFor()
    await check(page, 'widget-document-missing')

    const files = widget.locator('input[type=file]').last()
    await files.setInputFiles([
      { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('no picture') },
      { name: 'broken.png', mimeType: 'image/png', buffer: Buffer.from('no picture either') },
      { name: 'card.jpg', mimeType: 'image/jpeg', buffer: await photo(page, `A student, ${look}`, 'image/jpeg') },
    ])
    await widget.getByText('This kind of file cannot be read').first().waitFor()
    await widget.getByText('✓ Uploaded').waitFor()
    await page.getByText(/^\/v1\/verifications\/ver_.+\/documents$/).first().waitFor({ state: 'attached' })
    await check(page, 'widget-document-files')
    for (const name of ['notes.txt', 'broken.png', 'card.jpg']) {
      await widget.getByRole('button', { name: `Remove: ${name}` }).click()
      await widget.getByText(name, { exact: true }).waitFor({ state: 'detached' })
    }
    await files.setInputFiles({ name: 'certificate.png', mimeType: 'image/png', buffer: await photo(page, `Enrolled: ${look}`, 'image/png') })
    await widget.getByText('✓ Uploaded').waitFor()

    // A reload keeps what is uploaded.
    await page.reload()
    await widget.getByText('✓ Uploaded').waitFor()
    await widget.getByLabel('First name').fill('Ada')
    await widget.getByLabel('Last name').fill(`Vantongeren ${look}`)
    await widget.getByLabel('Date of birth').fill('2004-05-17')
    await widget.getByLabel('Institution').fill('Brackenridge College')
    await check(page, 'widget-document-filled')
    await widget.getByRole('button', { name: 'Hand in' }).click()
    await widget.getByRole('heading', { name: 'We are checking' }).waitFor()
    await check(page, 'widget-pending')

    await elsewhere(world, t, page, look)
    await approve(world.demo)
    await won(here, 'widget-document-verified')
    await here.done()
  })
}

/** elsewhere opens the link of a waiting verification in a browser that knows nothing of it, under a strict policy. */
async function elsewhere({ demo, browser }, t, page, look) {
  const link = await page.locator('laurel-verify').locator('input.link').inputValue()
  assert.match(new URL(link).hash, /^#laurel=/)
  const origin = await stand(demo, t, students(demo))
  await allow(demo, demo.config.store_id, origin)
  const other = await watched(browser, look, { origins: [demo.origin, origin] })
  await other.page.goto(`${origin}/${new URL(link).hash}`)
  await other.page.locator('laurel-verify').getByRole('heading', { name: 'We are checking' }).waitFor()
  assert.equal(new URL(other.page.url()).hash, '')
  await other.check(other.page, 'widget-pending-elsewhere')
  await other.done()
}

/** approve decides about the document that waits. */
async function approve(demo) {
  const desk = await operator(demo)
  const store = `/stores/${demo.config.store_id}`
  const { data } = await desk('GET', `${store}/reviews?state=open&group=student`)
  const documents = data.filter((each) => each.requirement === 'document')
  assert.equal(documents.length, 1)
  const [{ id }] = documents
  await desk('POST', `${store}/reviews/${id}/claim`)
  await desk('POST', `${store}/reviews/${id}/decision`, { approve: true })
}

function byOwnVerifier(world, look) {
  test(`one of the shop's own people, ${look}`, async () => {
    const here = await begin(world, look, 'Our staff', [/status of 4\d\d/])
    const { widget, page, check } = here
    await widget.getByRole('button', { name: /With Staff directory/ }).click()
    await widget.getByRole('heading', { name: 'Staff directory' }).waitFor()
    const [number, name] = { wide: ['4001', 'Okafor'], phone: ['4002', 'Lindqvist'] }[look]
    await widget.getByLabel('Employee number').fill('E-4001')
    await widget.getByRole('button', { name: 'Continue' }).click()
    await widget.getByText('Digits only, please.').waitFor()
    await check(page, 'widget-remote-refused')
    await widget.getByLabel('Employee number').fill(number)
    await widget.getByLabel('Last name').fill('Nobody')
    await widget.getByRole('button', { name: 'Continue' }).click()
    await widget.getByRole('alert').filter({ hasText: 'does not confirm your group' }).waitFor()
    await widget.getByLabel('Last name').fill(name)
    await widget.getByRole('button', { name: 'Continue' }).click()
    await won(here, 'widget-remote-verified')
    await here.done()
  })
}

/** The mock, over a refusal and a second try. */
function byTestName(world, look) {
  test(`a test name, refused and tried again, ${look}`, async () => {
    const here = await begin(world, look, 'Military')
    const { widget, page, check } = here
    await widget.getByRole('button', { name: /With a test name/ }).click()
    await testName(widget, 'REJECTED')
    await widget.getByRole('heading', { name: 'We could not verify you' }).waitFor()
    await check(page, 'widget-refused')
    await widget.getByText('Is this wrong?').click()
    await widget.getByRole('button', { name: 'Ask a person to look at it' }).click()
    await widget.getByRole('heading', { name: 'We are checking' }).waitFor()
    await widget.getByText('Cancel', { exact: true }).click()
    await check(page, 'widget-cancel')
    await widget.getByRole('button', { name: 'Yes, cancel' }).click()
    await widget.getByRole('heading', { name: 'You cancelled this' }).waitFor()
    await check(page, 'widget-cancelled')
    await widget.getByRole('button', { name: 'Start over' }).click()
    await somebodyElse(here)
    await won(here, 'widget-mock-verified')
    await here.done()
  })
}

async function somebodyElse({ somebody, widget }) {
  await somebody.consent()
  await widget.getByRole('button', { name: /With a test name/ }).click()
  await testName(widget, 'REJECTED')
  await widget.getByRole('button', { name: 'Try again' }).click()
  await widget.getByRole('button', { name: /With a test name/ }).click()
  await testName(widget, 'VERIFIED')
}

async function testName(widget, name) {
  await widget.getByLabel('First name').fill(name)
  await widget.getByRole('button', { name: 'Continue' }).click()
}
