/** The English texts of a sign-in elsewhere, and of the search for the place. */
export const sso = {
  ssoTitle: 'Sign in to prove it',
  ssoHint: 'You leave this page to sign in and come back here afterwards. We never see your password.',
  ssoGo: 'Continue to {name}',

  searchTitle: 'Where do you study or work?',
  searchHint: 'Type the beginning of its name, choose it from the list, then sign in there. You come back here afterwards.',
  searchLabel: 'Name of your school or organisation',
  searchList: 'Places found',
  searchNone: 'No place of that name. Check the spelling, try a shorter part of the name, or choose another way.',
  searchOne: 'One place found.',
  searchSome: '{n} places found.',
  searchMore: 'The first {n} places. Type more of the name to find yours.',
  searchBusy: 'Searching …',
  searchPick: 'Please choose a place from the list first.',
}
