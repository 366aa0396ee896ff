// Package egress makes the HTTP clients that the gateway uses to reach addresses which an admin typed in: webhook
// endpoints, OpenID providers. They refuse the machine's own network after names are resolved, so that a name which
// points inwards, or changes its mind between check and use, gains nothing.
package egress
