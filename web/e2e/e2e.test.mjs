// The demo in a real browser. One demo serves all journeys; each has a browser context of its own.
import { after, before } from 'node:test'
import { inTheConsole, theReference } from './console.mjs'
import { startDemo } from './demo.mjs'
import { rightToLeft } from './direction.mjs'
import { embedded } from './embedded.mjs'
import { inGerman } from './german.mjs'
import { amongMany, withoutAPart } from './institutions.mjs'
import { byKeyboard } from './keyboard.mjs'
import { byMail } from './mail.mjs'
import { myData } from './my-data.mjs'
import { offering } from './offering.mjs'
import { reviewing } from './reviewing.mjs'
import { otherProofs } from './proofs.mjs'
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
  otherProofs(world, look)
  amongMany(world, look)
  myData(world, look)
}
byKeyboard(world)
inGerman(world)
embedded(world)
withoutAPart(world)
rightToLeft(world)
for (const look of ['wide', 'phone']) {
  inTheConsole(world, look)
  offering(world, look)
  reviewing(world, look)
  theReference(world, look)
}
