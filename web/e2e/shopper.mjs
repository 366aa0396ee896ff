// What a shopper does in the demo shop and its widget.
import assert from 'node:assert/strict'

/** amount reads money as minor units: "$1,234.50" and "1.234,50 $" are 123450. */
export const amount = (text) => Number(text.replace(/\D/g, ''))

export function shopper(page, demo) {
  const widget = page.locator('laurel-verify')
  const total = async (name) => {
    const row = page.locator('.totals div').filter({ has: page.getByText(name, { exact: true }) })
    return amount(await row.locator('dd').innerText())
  }

  return {
    widget,
    total,

    /** fill puts the first products into the cart and goes there. */
    async fill(names) {
      await page.goto(`${demo.origin}/demo/`)
      for (const name of names) await page.getByRole('button', { name: `Add to cart: ${name}` }).click()
      await page.getByRole('link', { name: /^Cart/ }).click()
      await page.getByRole('heading', { level: 1, name: 'Cart' }).waitFor()
    },

    /** products are the names of what the shop sells. */
    async products() {
      await page.goto(`${demo.origin}/demo/`)
      await page.getByRole('heading', { level: 2 }).first().waitFor()
      return page.locator('.product h2').allInnerTexts()
    },

    async choose(group) {
      await page.getByRole('radio', { name: group }).check()
      await widget.getByRole('heading', { name: 'Before we begin' }).waitFor()
    },

    async consent() {
      await widget.getByRole('button', { name: 'Agree and continue' }).click()
      await widget.getByRole('heading', { name: 'How would you like to prove it?' }).waitFor()
    },

    async askForCode(address) {
      await widget.getByRole('textbox', { name: 'E-mail address' }).fill(address)
      await widget.getByRole('button', { name: 'Send code' }).click()
    },

    /** discounted waits until the offer is applied, and returns what it takes off. */
    async discounted() {
      await page.getByText('Applied:').waitFor()
      await page.locator('.totals .saved').waitFor()
      return total('Discount')
    },

    /** pay places the order and returns the points that were promised. */
    async pay() {
      const promised = Number(/\d+/.exec(await page.getByText(/^You earn \d+ points/).innerText())[0])
      await page.getByRole('button', { name: /^Pay / }).click()
      await page.getByRole('heading', { level: 1, name: 'Orders' }).waitFor()
      await page.locator('.order').first().waitFor()
      return promised
    },

    /** hasPoints goes to the points and waits until there are so many. */
    async hasPoints(wanted) {
      await page.getByRole('link', { name: 'Points' }).click()
      await page.getByRole('heading', { level: 1, name: 'Points' }).waitFor()
      await page.locator('.figure').first().filter({ hasText: new RegExp(`^${wanted}$`) }).waitFor()
    },
  }
}

/** twentyPercentOff holds a discount to the students' offer. */
export function twentyPercentOff(discount, subtotal) {
  assert.equal(discount, Math.round(subtotal / 5))
}
