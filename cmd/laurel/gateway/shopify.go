package gateway

import (
	"context"
	"time"

	"github.com/laurel-gateway/laurel/internal/database"
	"github.com/laurel-gateway/laurel/internal/shopify"
)

// shopifyCodesKept is how long a code is known after it ended: an order may be paid long after it was placed.
const shopifyCodesKept = 90 * 24 * time.Hour

func (g *Gateway) shopify(o Options) *shopify.Service {
	return shopify.NewService(shopify.Config{Storage: database.NewShopify(g.DB), Checkout: g.Checkout, Client: g.outgoing(),
		Endpoint: o.ShopifyEndpoint, Now: time.Now, Logger: g.log})
}

func (g *Gateway) sweepShopify(ctx context.Context) error {
	_, err := database.NewShopify(g.DB).Sweep(ctx, shopifyCodesKept)
	return err
}
