package testredis

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

const (
	clusterNodes = 3
	clusterSlots = 16384
)

// Cluster is a Redis Cluster of three masters without replicas.
type Cluster struct{ Nodes []*Server }

// StartCluster runs a cluster until the test ends.
func StartCluster(t testing.TB) *Cluster {
	t.Helper()
	c := &Cluster{}
	for range clusterNodes {
		c.Nodes = append(c.Nodes, Start(t, "--cluster-enabled", "yes", "--cluster-node-timeout", "2000"))
	}
	ctx, cancel := context.WithTimeout(context.Background(), startTimeout)
	defer cancel()
	if err := c.join(ctx); err != nil {
		t.Fatalf("join the redis cluster: %v", err)
	}
	return c
}

// URL is a list of all nodes' addresses.
func (c *Cluster) URL() string {
	var addrs []string
	for _, n := range c.Nodes {
		addrs = append(addrs, n.Addr())
	}
	return "redis://" + strings.Join(addrs, ",")
}

func (c *Cluster) join(ctx context.Context) error {
	share := clusterSlots / clusterNodes
	for i, n := range c.Nodes {
		last := (i+1)*share - 1
		if i == clusterNodes-1 {
			last = clusterSlots - 1
		}
		node := n.Client()
		if err := node.ClusterAddSlotsRange(ctx, i*share, last).Err(); err != nil {
			return err
		}
		if err := node.Do(ctx, "CLUSTER", "SET-CONFIG-EPOCH", i+1).Err(); err != nil {
			return err
		}
		if i > 0 {
			if err := c.Nodes[0].Client().ClusterMeet(ctx, "127.0.0.1", fmt.Sprint(n.port)).Err(); err != nil {
				return err
			}
		}
	}
	for _, n := range c.Nodes {
		if err := n.whole(ctx); err != nil {
			return err
		}
	}
	return nil
}

// whole waits until the node knows every other one and who holds each slot.
func (s *Server) whole(ctx context.Context) error {
	c := s.Client()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		info, err := c.ClusterInfo(ctx).Result()
		if err == nil && strings.Contains(info, "cluster_state:ok") &&
			strings.Contains(info, fmt.Sprintf("cluster_known_nodes:%d", clusterNodes)) &&
			strings.Contains(info, fmt.Sprintf("cluster_slots_ok:%d", clusterSlots)) {
			return nil
		}
		select {
		case <-ctx.Done():
			return errors.Join(ctx.Err(), err)
		case <-tick.C:
		}
	}
}
