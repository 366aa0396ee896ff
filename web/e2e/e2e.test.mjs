// The demo in a real browser. One demo serves all journeys; each has a browser context of its own.
import { after, before } from 'node:test'
import { startDemo } from './demo.mjs'
import { byMail } from './mail.mjs'
import { atTheUniversity } from './university.mjs'
import { launch } from './watch.mjs'

const world = {}

before(async () => {
  world.demo = await startDemo()
  world.browser = await launch()
})

after(async () => {
  await world.browser?.close()
  await world.demo?.stop()
})

for (const look of ['wide', 'phone']) {
  byMail(world, look)
  atTheUniversity(world, look)
}
