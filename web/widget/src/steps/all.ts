import type { Screen } from '../state'
import type { Step } from '../view'
import { choose } from './choose'
import { consent } from './consent'
import { email } from './email'
import { emailCode } from './email-code'
import { group } from './group'
import { loading } from './loading'
import { mock } from './mock'
import { pending } from './pending'
import { refused } from './refused'
import { registry } from './registry'
import { sso } from './sso'
import { success } from './success'
import { unavailable } from './unavailable'

/** steps has the drawing of every screen. */
export const steps: Record<Screen, Step> = {
  loading,
  group,
  consent,
  choose,
  email,
  email_code: emailCode,
  sso,
  mock,
  registry,
  pending,
  success,
  refused,
  unavailable,
}
