import assert from 'node:assert/strict'
import { test } from 'node:test'
import { operator } from './operator.mjs'
import { allow, stand, students } from './stand.mjs'
import { watched } from './watch.mjs'

const names = [
  'Universität München', 'Universidad de Málaga', 'Université de Genève', 'University of Northern Plains', 'University of the Lakes',
  'Lakeside Technical College', 'Uniwersytet Łódzki', 'St. Brendan’s College', 'Polytechnic of the Coast', 'Institute of Applied Arts',
]

/** manyPlaces gives the demo's other store more places to sign in at than fit on buttons. */
async function manyPlaces(demo) {
  const desk = await operator(demo)
  const store = `/stores/${demo.config.other_store.store_id}`
  const { data: providers } = await desk('GET', `${store}/providers`)
  if (providers.length <= 1) {
    const { id: _, version, has_secret, ...like } = await desk('GET', `${store}/providers/demo-university`)
    for (const [i, name] of names.entries()) {
      await desk('POST', `${store}/providers`, { ...like, id: `place-${i}`, name, client_secret: 'nobody signs in there' })
    }
  }
  const { data: policies } = await desk('GET', `${store}/policies`)
  const { id, version, group } = policies.find((each) => each.group === 'student')
  const paths = [['oidc:demo-university'], ...names.map((_, i) => [`oidc:place-${i}`]), ['email']]
  await desk('PUT', `${store}/policies/${id}`, { version, group, paths, validity_days: 365 })
  const { publishable_key: key } = demo.config.other_store
  const front = await (await fetch(`${demo.origin}/v1/storefront`, { headers: { Authorization: `Bearer ${key}` } })).json()
  return { key, offer: front.offers.find((each) => each.group === 'student').id }
}

/** A student finds the university among many by typing, signs in there, and comes back; with the keyboard alone on wide. */
export function amongMany(world, look) {
  test(`a student finds the university among many, ${look}`, async (t) => {
    const { demo, browser } = world
    const { key, offer } = await manyPlaces(demo)
    const origin = await stand(demo, t, { 'publishable-key': key, offer, customer: `searcher-${look}` })
    await allow(demo, demo.config.other_store.store_id, origin)
    const seen = await watched(browser, look, { origins: [demo.origin, origin] })
    const { page, check } = seen
    await page.goto(origin)
    const widget = page.locator('laurel-verify')
    await widget.getByRole('button', { name: 'Agree and continue' }).click()
    await widget.getByRole('button', { name: /Sign in at your school or organisation/ }).click()
    await widget.getByRole('heading', { name: 'Where do you study or work?' }).waitFor()
    await check(page, 'widget-search')

    const box = widget.getByRole('combobox', { name: 'Name of your school or organisation' })
    await box.fill('universitat mun')
    await widget.getByRole('option', { name: 'Universität München' }).waitFor()
    await widget.getByText('One place found.').waitFor()
    await check(page, 'widget-search-accents')
    await box.fill('nowhere')
    await widget.getByText('No place of that name.').waitFor()
    await check(page, 'widget-search-nothing')
    await widget.getByRole('button', { name: 'Continue' }).click()
    await widget.getByRole('alert').filter({ hasText: 'choose a place' }).waitFor()

    await box.fill('uni')
    await widget.getByText('7 places found.').waitFor()
    await check(page, 'widget-search-found')
    await box.fill('demo')
    await widget.getByText('One place found.').waitFor()
    if (look === 'wide') {
      await page.keyboard.press('ArrowDown')
      const active = await box.getAttribute('aria-activedescendant')
      assert.equal(await widget.locator(`#${active}`).innerText(), 'Demo University')
      await page.keyboard.press('Enter')
      await page.keyboard.press('Enter')
    } else {
      await widget.getByRole('option', { name: 'Demo University' }).click()
      await check(page, 'widget-search-chosen')
      await widget.getByRole('button', { name: 'Continue to Demo University' }).click()
    }
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    await page.getByLabel('Name', { exact: true }).fill(`Found on a ${look} screen`)
    await page.getByRole('button', { name: 'Sign in with this name' }).click()
    await page.waitForURL((url) => url.origin === origin)
    await widget.getByText(/^[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{2}$/).waitFor()
    await check(page, 'widget-search-verified')
    await seen.done()
  })
}

/** A part of the widget that does not come: it is tried again, said, and got later. */
export function withoutAPart(world) {
  test('a part of the widget does not come', async (t) => {
    const { demo, browser } = world
    const origin = await stand(demo, t, students(demo))
    await allow(demo, demo.config.store_id, origin)
    const seen = await watched(browser, 'phone', { origins: [demo.origin, origin], colorScheme: 'dark', expected: [/ERR_FAILED|Failed to load/] })
    const { page, check } = seen
    let asked = 0
    await page.route('**/widget/email-*.js*', (route) => (++asked <= 2 ? route.abort() : route.continue()))
    await page.goto(origin)
    const widget = page.locator('laurel-verify')
    await widget.getByRole('button', { name: 'Agree and continue' }).click()
    await widget.getByRole('button', { name: /With an eligible e-mail address/ }).click()
    await widget.getByRole('alert').filter({ hasText: 'could not be loaded' }).waitFor()
    assert.equal(asked, 2)
    await check(page, 'widget-part-missing')
    await widget.getByRole('button', { name: 'Try again' }).click()
    await widget.getByRole('heading', { name: 'Your e-mail address' }).waitFor()
    await check(page, 'widget-dark')
    await seen.done()
  })
}
