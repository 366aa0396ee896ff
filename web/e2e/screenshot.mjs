// Takes the picture of the README: the demo's cart with the verified widget and the discount. Usage: node
// e2e/screenshot.mjs FILE
import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { startDemo } from './demo.mjs'
import { shopper } from './shopper.mjs'
import { launch, watched } from './watch.mjs'

const [file] = process.argv.slice(2)
if (!file) throw new Error('usage: node e2e/screenshot.mjs FILE')

const demo = await startDemo()
const browser = await launch()
try {
  const seen = await watched(browser, 'wide', { origins: [demo.origin] })
  const ada = shopper(seen.page, demo)
  await ada.fill((await ada.products()).slice(0, 2))
  await ada.choose('Student')
  await ada.consent()
  await ada.widget.getByRole('button', { name: /With an eligible e-mail address/ }).click()
  const since = Date.now()
  await ada.askForCode('ada@mit.edu')
  const { code } = await demo.mailTo('ada@mit.edu', since)
  await ada.widget.getByRole('textbox', { name: 'Six-digit code' }).fill(code)
  await ada.widget.getByRole('heading', { name: 'You are verified' }).waitFor()
  await ada.discounted()
  await seen.page.evaluate(() => document.activeElement?.blur())
  await seen.page.mouse.move(0, 0)
  await mkdir(dirname(file), { recursive: true })
  await seen.page.screenshot({ path: file })
  await seen.done()
} finally {
  await browser.close()
  await demo.stop()
}
