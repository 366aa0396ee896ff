package database

import (
	"context"
	"crypto/rand"
	"fmt"

	"github.com/laurel-gateway/laurel/internal/crypt"
)

// GatewaySecret returns the secret of the gateway itself, which belongs to no store. The first replica that asks makes
// it.
func GatewaySecret(ctx context.Context, db *DB, sealer KeySealer) (secret []byte, err error) {
	fresh := make([]byte, crypt.StoreSecretSize)
	_, _ = rand.Read(fresh) // never fails (crypto/rand)
	associated := []byte("gateway secret")
	sealed, err := sealer.Seal(fresh, associated)
	if err != nil {
		return nil, fmt.Errorf("seal the gateway's secret: %w", err)
	}
	err = db.Run(ctx, func(ctx context.Context, tx *Tx) error {
		if _, err := tx.exec(ctx, "INSERT INTO gateway_secrets (name, sealed, created_at) VALUES ('gateway', ?, ?) ON CONFLICT DO NOTHING", sealed, tx.now); err != nil {
			return err
		}
		return tx.orm.WithContext(ctx).Raw("SELECT sealed FROM gateway_secrets WHERE name = 'gateway'").Row().Scan(&sealed)
	})
	if err != nil {
		return nil, fmt.Errorf("read the gateway's secret: %w", err)
	}
	if secret, err = sealer.Open(sealed, associated); err != nil {
		return nil, fmt.Errorf("open the gateway's secret: is the master key the one it was sealed with? %w", err)
	}
	return secret, nil
}
