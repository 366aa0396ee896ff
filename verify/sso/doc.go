// Package sso is the way of a browser to a sign-in provider and back, over the gateway's own addresses.
//
// The widget sends the browser to Start. There it gets a cookie with a secret that is bound to this one way, and goes
// on to the provider. Only a browser with that cookie may come back through Callback. Nobody can hand his own way to
// somebody else, to be verified by another person's sign-in: a browser that does not come from the page that it will
// return to is asked whether its user began this.
package sso
