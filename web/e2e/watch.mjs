// Opens pages that are watched: errors, what a content security policy stops, and requests to strangers fail the test.
import assert from 'node:assert/strict'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))
const pictures = here('output')
const axe = await readFile(here('../node_modules/axe-core/axe.min.js'), 'utf8')

/** looks are the screens that the journeys run on. */
export const looks = {
  wide: { viewport: { width: 1280, height: 800 } },
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
}

/** launch starts Chromium, with everything off by which it would call home. */
export async function launch() {
  await mkdir(pictures, { recursive: true })
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'],
  })
}

/**
 * watched opens a context whose pages are watched. origins are those that may be asked. expected are patterns of console
 * errors that belong to the test: a browser writes one for each answer of 400 and above.
 */
export async function watched(browser, look, { origins, expected = [], locale = 'en', ...more }) {
  const context = await browser.newContext({ ...looks[look], locale, reducedMotion: 'reduce', ...more })
  context.setDefaultTimeout(15_000)
  const findings = []
  const note = (what) => expected.some((pattern) => pattern.test(what)) || findings.push(what)
  await context.addInitScript(() => {
    addEventListener('securitypolicyviolation', (event) => console.error(`CSP: ${event.violatedDirective} stops ${event.blockedURI}`))
  })
  context.on('console', (message) => message.type() === 'error' && note(`${message.page()?.url()}: ${message.text()}`))
  context.on('weberror', (error) => note(`${error.page()?.url()}: ${error.error().stack}`))
  context.on('request', (request) => {
    const { protocol, origin } = new URL(request.url())
    if (protocol.startsWith('http') && !origins.includes(origin)) note(`a request to ${request.url()}`)
  })

  /** check looks at a screen: axe, the width, a picture. */
  const check = async (page, name) => {
    await page.screenshot({ path: join(pictures, `${name}-${look}.png`), fullPage: true })
    const width = await page.evaluate(() => document.documentElement.scrollWidth)
    if (width > looks[look].viewport.width) findings.push(`${name}: the page is ${width} wide`)
    await page.evaluate(axe)
    const { violations } = await page.evaluate(() =>
      window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }),
    )
    for (const { id, nodes } of violations) {
      for (const node of nodes.slice(0, 3)) findings.push(`${name}: axe ${id}: ${node.target} ${node.failureSummary}`)
    }
  }

  /** done ends the watch; whatever was found fails the test. */
  const done = async () => {
    await context.close()
    assert.deepEqual(findings, [])
  }
  return { context, page: await context.newPage(), check, done }
}
