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
  | '/s/$store/reviews'
  | '/s/$store/groups'
  | '/s/$store/providers'
  | '/s/$store/data-packs'
  | '/s/$store/rosters'
  | '/s/$store/remote-verifiers'
  | '/s/$store/document-settings'
  | '/s/$store/frauds'
  | '/s/$store/privacy'
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
      { to: '/s/$store/reviews', icon: 'eye', title: 'nav.reviews' },
      { to: '/s/$store/frauds', icon: 'warn', title: 'nav.fraud' },
      { to: '/s/$store/groups', icon: 'path', title: 'nav.groups' },
      { to: '/s/$store/providers', icon: 'door', title: 'nav.providers' },
      { to: '/s/$store/data-packs', icon: 'list', title: 'nav.packs' },
      { to: '/s/$store/rosters', icon: 'people', title: 'nav.rosters' },
      { to: '/s/$store/document-settings', icon: 'document', title: 'nav.documents' },
      { to: '/s/$store/remote-verifiers', icon: 'hook', title: 'nav.remotes' },
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
      { to: '/s/$store/privacy', icon: 'lock', title: 'nav.privacy' },
      { to: '/s/$store/audit', icon: 'clock', title: 'nav.audit' },
    ],
  },
]
