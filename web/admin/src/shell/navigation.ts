import type { IconName } from '../parts/Icon'
import type { MessageKey } from '../messages'

interface Entry {
  to: StorePath
  icon: IconName
  title: MessageKey
}

/** StorePath is a screen of a store that the navigation leads to. */
export type StorePath =
  | '/s/$store'
  | '/s/$store/verifications'
  | '/s/$store/groups'
  | '/s/$store/providers'
  | '/s/$store/domain-lists'
  | '/s/$store/offers'
  | '/s/$store/redemptions'
  | '/s/$store/members'
  | '/s/$store/program'
  | '/s/$store/keys'
  | '/s/$store/webhooks'
  | '/s/$store/settings'
  | '/s/$store/people'
  | '/s/$store/audit'

/** navigation is the console's menu, in sections. */
export const navigation: readonly { title: MessageKey | null; entries: readonly Entry[] }[] = [
  { title: null, entries: [{ to: '/s/$store', icon: 'home', title: 'nav.start' }] },
  {
    title: 'nav.section.verify',
    entries: [
      { to: '/s/$store/verifications', icon: 'shield', title: 'nav.verifications' },
      { to: '/s/$store/groups', icon: 'path', title: 'nav.groups' },
      { to: '/s/$store/providers', icon: 'door', title: 'nav.providers' },
      { to: '/s/$store/domain-lists', icon: 'list', title: 'nav.domainLists' },
    ],
  },
  {
    title: 'nav.section.offers',
    entries: [
      { to: '/s/$store/offers', icon: 'tag', title: 'nav.offers' },
      { to: '/s/$store/redemptions', icon: 'receipt', title: 'nav.redemptions' },
    ],
  },
  {
    title: 'nav.section.loyalty',
    entries: [
      { to: '/s/$store/members', icon: 'people', title: 'nav.members' },
      { to: '/s/$store/program', icon: 'star', title: 'nav.program' },
    ],
  },
  {
    title: 'nav.section.developers',
    entries: [
      { to: '/s/$store/keys', icon: 'key', title: 'nav.keys' },
      { to: '/s/$store/webhooks', icon: 'hook', title: 'nav.webhooks' },
    ],
  },
  {
    title: 'nav.section.store',
    entries: [
      { to: '/s/$store/settings', icon: 'gear', title: 'nav.settings' },
      { to: '/s/$store/people', icon: 'person', title: 'nav.people' },
      { to: '/s/$store/audit', icon: 'clock', title: 'nav.audit' },
    ],
  },
]
