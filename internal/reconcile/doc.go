// Package reconcile compares what a storefront says of its orders with what the gateway knows of them, and names every
// difference. It changes nothing. Orders come as a stream, in any order; the gateway's side is asked for in chunks, so
// that memory stays small: 16 bytes an order, and the differences go out as they are found.
package reconcile
