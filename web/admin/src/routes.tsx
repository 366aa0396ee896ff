import { Outlet, createRootRoute, createRoute, createRouter, lazyRouteComponent, type RouterHistory } from '@tanstack/react-router'
import { Broken } from './shell/Broken'
import { Missing } from './shell/Missing'
import { SignedIn } from './shell/SignedIn'
import { StoreFrame } from './shell/StoreFrame'
import { Home } from './shell/Home'

/** Search is what may stand behind the question mark of any screen: texts by name. */
type Search = Record<string, string | undefined>

const validateSearch = (search: Record<string, unknown>): Search =>
  Object.fromEntries(Object.entries(search).map(([name, value]) => [name, String(value)]))

const root = createRootRoute({ component: Outlet, notFoundComponent: Missing })

const frame = createRoute({ getParentRoute: () => root, id: 'frame', component: SignedIn })
const store = createRoute({ getParentRoute: () => frame, path: '/s/$store', component: StoreFrame })

const home = createRoute({ getParentRoute: () => frame, path: '/', component: Home })
const stores = createRoute({ getParentRoute: () => frame, path: '/stores', component: lazyRouteComponent(() => import('./screens/stores/Stores'), 'Stores') })
const account = createRoute({ getParentRoute: () => frame, path: '/account', component: lazyRouteComponent(() => import('./screens/account/Account'), 'Account') })

const overview = createRoute({ getParentRoute: () => store, path: '/', validateSearch, component: lazyRouteComponent(() => import('./screens/overview/Overview'), 'Overview') })
const verifications = createRoute({ getParentRoute: () => store, path: '/verifications', validateSearch, component: lazyRouteComponent(() => import('./screens/verifications/Verifications'), 'Verifications') })
const verification = createRoute({ getParentRoute: () => store, path: '/verifications/$id', component: lazyRouteComponent(() => import('./screens/verifications/VerificationScreen'), 'VerificationScreen') })
const reviews = createRoute({ getParentRoute: () => store, path: '/reviews', validateSearch, component: lazyRouteComponent(() => import('./screens/reviews/Reviews'), 'Reviews') })
const review = createRoute({ getParentRoute: () => store, path: '/reviews/$id', validateSearch, component: lazyRouteComponent(() => import('./screens/reviews/ReviewScreen'), 'ReviewScreen') })
const groups = createRoute({ getParentRoute: () => store, path: '/groups', component: lazyRouteComponent(() => import('./screens/groups/Groups'), 'Groups') })
const newPolicy = createRoute({ getParentRoute: () => store, path: '/policies/new', component: lazyRouteComponent(() => import('./screens/policies/NewPolicy'), 'NewPolicy') })
const policy = createRoute({ getParentRoute: () => store, path: '/policies/$id', component: lazyRouteComponent(() => import('./screens/policies/EditPolicy'), 'EditPolicy') })
const providers = createRoute({ getParentRoute: () => store, path: '/providers', component: lazyRouteComponent(() => import('./screens/providers/Providers'), 'Providers') })
const newProvider = createRoute({ getParentRoute: () => store, path: '/providers/new', component: lazyRouteComponent(() => import('./screens/providers/NewProvider'), 'NewProvider') })
const provider = createRoute({ getParentRoute: () => store, path: '/providers/$id', component: lazyRouteComponent(() => import('./screens/providers/EditProvider'), 'EditProvider') })
const packs = createRoute({ getParentRoute: () => store, path: '/data-packs', component: lazyRouteComponent(() => import('./screens/packs/Packs'), 'Packs') })
const newPack = createRoute({ getParentRoute: () => store, path: '/data-packs/new', component: lazyRouteComponent(() => import('./screens/packs/NewPack'), 'NewPack') })
const pack = createRoute({ getParentRoute: () => store, path: '/data-packs/$id', component: lazyRouteComponent(() => import('./screens/packs/PackScreen'), 'PackScreen') })
const rosters = createRoute({ getParentRoute: () => store, path: '/rosters', component: lazyRouteComponent(() => import('./screens/rosters/Rosters'), 'Rosters') })
const newRoster = createRoute({ getParentRoute: () => store, path: '/rosters/new', component: lazyRouteComponent(() => import('./screens/rosters/NewRoster'), 'NewRoster') })
const roster = createRoute({ getParentRoute: () => store, path: '/rosters/$id', component: lazyRouteComponent(() => import('./screens/rosters/RosterScreen'), 'RosterScreen') })
const remotes = createRoute({ getParentRoute: () => store, path: '/remote-verifiers', component: lazyRouteComponent(() => import('./screens/remotes/Remotes'), 'Remotes') })
const newRemote = createRoute({ getParentRoute: () => store, path: '/remote-verifiers/new', component: lazyRouteComponent(() => import('./screens/remotes/NewRemote'), 'NewRemote') })
const remote = createRoute({ getParentRoute: () => store, path: '/remote-verifiers/$id', component: lazyRouteComponent(() => import('./screens/remotes/EditRemote'), 'EditRemote') })
const documentSettings = createRoute({ getParentRoute: () => store, path: '/document-settings', component: lazyRouteComponent(() => import('./screens/documents/DocumentSettings'), 'DocumentSettings') })
const frauds = createRoute({ getParentRoute: () => store, path: '/frauds', validateSearch, component: lazyRouteComponent(() => import('./screens/fraud/Frauds'), 'Frauds') })
const fraud = createRoute({ getParentRoute: () => store, path: '/frauds/$id', component: lazyRouteComponent(() => import('./screens/fraud/FraudScreen'), 'FraudScreen') })
const privacy = createRoute({ getParentRoute: () => store, path: '/privacy', validateSearch, component: lazyRouteComponent(() => import('./screens/privacy/Privacy'), 'Privacy') })
const privacyRequest = createRoute({ getParentRoute: () => store, path: '/privacy/$id', component: lazyRouteComponent(() => import('./screens/privacy/RequestScreen'), 'RequestScreen') })
const offers = createRoute({ getParentRoute: () => store, path: '/offers', component: lazyRouteComponent(() => import('./screens/offers/Offers'), 'Offers') })
const newOffer = createRoute({ getParentRoute: () => store, path: '/offers/new', component: lazyRouteComponent(() => import('./screens/offers/NewOffer'), 'NewOffer') })
const offer = createRoute({ getParentRoute: () => store, path: '/offers/$id', validateSearch, component: lazyRouteComponent(() => import('./screens/offers/OfferScreen'), 'OfferScreen') })
const redemptions = createRoute({ getParentRoute: () => store, path: '/redemptions', validateSearch, component: lazyRouteComponent(() => import('./screens/redemptions/Redemptions'), 'Redemptions') })
const redemption = createRoute({ getParentRoute: () => store, path: '/redemptions/$id', component: lazyRouteComponent(() => import('./screens/redemptions/RedemptionScreen'), 'RedemptionScreen') })
const members = createRoute({ getParentRoute: () => store, path: '/members', validateSearch, component: lazyRouteComponent(() => import('./screens/members/Members'), 'Members') })
const member = createRoute({ getParentRoute: () => store, path: '/members/$customer', component: lazyRouteComponent(() => import('./screens/members/MemberScreen'), 'MemberScreen') })
const program = createRoute({ getParentRoute: () => store, path: '/program', component: lazyRouteComponent(() => import('./screens/program/ProgramScreen'), 'ProgramScreen') })
const keys = createRoute({ getParentRoute: () => store, path: '/keys', component: lazyRouteComponent(() => import('./screens/keys/KeysScreen'), 'KeysScreen') })
const webhooks = createRoute({ getParentRoute: () => store, path: '/webhooks', component: lazyRouteComponent(() => import('./screens/webhooks/Webhooks'), 'Webhooks') })
const webhook = createRoute({ getParentRoute: () => store, path: '/webhooks/$id', component: lazyRouteComponent(() => import('./screens/webhooks/WebhookScreen'), 'WebhookScreen') })
const settings = createRoute({ getParentRoute: () => store, path: '/settings', component: lazyRouteComponent(() => import('./screens/settings/Settings'), 'Settings') })
const people = createRoute({ getParentRoute: () => store, path: '/people', component: lazyRouteComponent(() => import('./screens/people/People'), 'People') })
const audit = createRoute({ getParentRoute: () => store, path: '/audit', validateSearch, component: lazyRouteComponent(() => import('./screens/audit/Audit'), 'Audit') })

const tree = root.addChildren([
  frame.addChildren([
    home,
    stores,
    account,
    store.addChildren([
      overview,
      verifications,
      verification,
      reviews,
      review,
      groups,
      newPolicy,
      policy,
      providers,
      newProvider,
      provider,
      packs,
      newPack,
      pack,
      rosters,
      newRoster,
      roster,
      remotes,
      newRemote,
      remote,
      documentSettings,
      frauds,
      fraud,
      privacy,
      privacyRequest,
      offers,
      newOffer,
      offer,
      redemptions,
      redemption,
      members,
      member,
      program,
      keys,
      webhooks,
      webhook,
      settings,
      people,
      audit,
    ]),
  ]),
])

/** newRouter builds the console's router; tests hand in a history of their own. Filters are plain texts in the address. */
export function newRouter(history?: RouterHistory) {
  return createRouter({
    routeTree: tree,
    basepath: '/admin',
    defaultErrorComponent: Broken,
    ...(history ? { history } : {}),
    parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
    stringifySearch: (search) => {
      const params = new URLSearchParams(
        Object.entries(search).flatMap(([name, value]) => (value === undefined || value === '' ? [] : [[name, String(value)]])),
      ).toString()
      return params && `?${params}`
    },
  })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof newRouter>
  }
}
