// Package shopify is the adapter between a store and its Shopify shop. It does what every adapter does: it gives the
// shop one discount code for one offer token (Admin GraphQL API, discountCodeBasicCreate and
// discountCodeFreeShippingCreate), and it takes note of what the shop tells by webhook: paid orders, refunds and
// cancellations. It decides nothing about offers: that is package checkout's.
package shopify
