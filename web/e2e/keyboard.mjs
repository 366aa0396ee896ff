import assert from 'node:assert/strict'
import { test } from 'node:test'
import { shopper } from './shopper.mjs'
import { watched } from './watch.mjs'

/** The whole widget with the keyboard alone: no click, no script that moves the focus. */
export function byKeyboard(world) {
  test('a teacher with the keyboard alone', async () => {
    const { demo, browser } = world
    const seen = await watched(browser, 'wide', { origins: [demo.origin] })
    const { page } = seen
    const somebody = shopper(page, demo)
    await somebody.products()
    await reach(page, /^Add to cart: /)
    await page.keyboard.press('Enter')
    await reach(page, /^Cart/)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'Cart' }).waitFor()
    await reach(page, /^Student$/)
    await page.keyboard.press('ArrowRight')
    await somebody.widget.getByRole('heading', { name: 'Before we begin' }).waitFor()
    await press(page, somebody, 'Agree and continue', 'How would you like to prove it?')
    await press(page, somebody, /With an eligible e-mail address/, 'Your e-mail address')
    await reach(page, /^E-mail address$/)
    const since = Date.now()
    await page.keyboard.type('grace@lincoln-district.example')
    await page.keyboard.press('Enter')
    await somebody.widget.getByRole('heading', { name: 'Enter the code' }).waitFor()
    const { code } = await demo.mailTo('grace@lincoln-district.example', since)
    await reach(page, /^Six-digit code$/)
    await page.keyboard.type(code)
    await somebody.widget.getByRole('heading', { name: 'You are verified' }).waitFor()
    const subtotal = await somebody.total('Subtotal')
    assert.equal(await somebody.discounted(), Math.round(subtotal * 0.15))
    await reach(page, /^Pay /)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'Orders' }).waitFor()
    await seen.done()
  })
}

async function press(page, { widget }, name, next) {
  await reach(page, name)
  await page.keyboard.press('Enter')
  await widget.getByRole('heading', { name: next }).waitFor()
}

/** reach presses Tab until what has the focus has a name. Everything on the way must show that it has the focus. */
async function reach(page, name) {
  const passed = []
  for (let i = 0; i < 80; i++) {
    const { text, visible } = await page.evaluate(focused)
    if (typeof name === 'string' ? text === name : name.test(text)) {
      assert.ok(visible, `${text} does not show the focus`)
      return
    }
    passed.push(text)
    await page.keyboard.press('Tab')
  }
  assert.fail(`Tab does not lead to ${name}, but to: ${passed.join(', ')}`)
}

/** focused names what has the focus, also inside of a custom element, and whether an outline or a shadow shows it. */
function focused() {
  let element = document.activeElement
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement
  const label = element?.labels?.[0]?.innerText
  const text = (element?.getAttribute('aria-label') ?? label ?? element?.innerText ?? '').trim()
  const shows = (each) => {
    const style = each && getComputedStyle(each)
    return style && ((style.outlineStyle !== 'none' && style.outlineWidth !== '0px') || style.boxShadow !== 'none')
  }
  return { text, visible: Boolean(shows(element) || shows(element?.closest('label'))) }
}
