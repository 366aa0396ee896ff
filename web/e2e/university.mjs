import assert from 'node:assert/strict'
import { test } from 'node:test'
import { shopper, twentyPercentOff } from './shopper.mjs'
import { watched } from './watch.mjs'

/** A student signs in at the university, comes back, pays less. An alumna comes back with a refusal. */
export function atTheUniversity(world, look) {
  test(`a student at Demo University, ${look}`, async () => {
    const { demo, browser } = world
    const seen = await watched(browser, look, { origins: [demo.origin] })
    const { page, check } = seen
    const ada = shopper(page, demo)
    await leave(ada, page, check, await ada.products())
    // A person is one person: whoever has proven it for one customer cannot do so for another.
    await page.getByLabel('Name').fill(`Student on a ${look} screen`)
    await page.getByRole('button', { name: 'Sign in with this name' }).click()
    await page.waitForURL(/\/demo\//)
    await ada.widget.getByRole('heading', { name: 'You are verified' }).waitFor()
    const discount = await ada.discounted()
    await check(page, 'back-from-university')
    assert.ok(!page.url().includes('laurel_verification'), 'the address is tidied')
    twentyPercentOff(discount, await ada.total('Subtotal'))
    const promised = await ada.pay()
    await ada.hasPoints(promised)
    await seen.done()
  })

  test(`an alumna is no student, ${look}`, async () => {
    const { demo, browser } = world
    const seen = await watched(browser, look, { origins: [demo.origin] })
    const { page, check } = seen
    const wren = shopper(page, demo)
    await leave(wren, page, undefined, await wren.products())
    await page.getByRole('button', { name: /Wren Castellanos/ }).click()
    await page.waitForURL(/\/demo\//)
    await wren.widget.getByRole('alert').filter({ hasText: /did not confirm|does not confirm/ }).waitFor()
    await check(page, 'refused-by-university')
    assert.equal(await page.getByText('Applied:').count(), 0)
    await seen.done()
  })
}

async function leave(somebody, page, check, names) {
  await somebody.fill(names.slice(0, 1))
  await somebody.choose('Student')
  await somebody.consent()
  await somebody.widget.getByRole('button', { name: /Sign in with Demo University/ }).click()
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  await check?.(page, 'university')
}
