// Package imaging turns what a shopper uploads into pictures that are safe to keep and to look at.
//
// Whatever comes in, JPEG, PNG, WebP or PDF, told apart by content and never by name, is decoded within bounds and drawn
// anew: what goes out are JPEG files that this package wrote, without metadata, scripts, attachments or anything that was
// behind the picture. Each has a perceptual hash by which look-alikes are found.
package imaging
