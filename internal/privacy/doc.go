// Package privacy is what shoppers can ask of a store about themselves: to see what is kept, to agree to marketing and
// take that back, and to be forgotten; and the clocks after which a store forgets by itself.
//
// Erasing takes away what leads to a person and keeps what limits them: the customer reference becomes a pseudonym that
// nothing leads back from, person tags and counters stay.
package privacy
