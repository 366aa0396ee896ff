import { coding } from './coding'
import { common } from './common'
import { customers } from './customers'
import { developers } from './developers'
import { judging } from './judging'
import { offering } from './offering'
import { packing } from './packing'
import { proving } from './proving'
import { reviewing } from './reviewing'
import { running } from './running'
import { trusting } from './trusting'
import { verifying } from './verifying'

/** messages is every text of the console. */
export const messages = { ...coding, ...common, ...customers, ...developers, ...judging, ...offering, ...packing, ...proving, ...reviewing, ...running, ...trusting, ...verifying }

/** MessageKey names a text; a name that does not exist does not compile. */
export type MessageKey = keyof typeof messages

/** isMessage tells whether a name that was put together at run time names a text. */
export function isMessage(name: string): name is MessageKey {
  return name in messages
}
