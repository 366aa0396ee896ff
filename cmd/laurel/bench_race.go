package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/laurel-gateway/laurel/cmd/laurel/race"
)

type benchRaceCommand struct {
	URL     string `help:"Address of the deployment, through whatever stands before it." required:"" placeholder:"URL"`
	Races   []int  `help:"Which races to run: 1, 3, 6, 11. All by default." placeholder:"N,…"`
	Workers int    `help:"How many requests to send at once." default:"64"`

	Email         string `help:"Operator of the console. With it a test store is made for the purpose." group:"either"`
	PasswordStdin bool   `help:"Read the operator's password from standard input. Otherwise it is read from RACE_PASSWORD." group:"either"`

	Key            string   `help:"Secret key of a prepared test store (docs/races.md). RACE_KEY names one too." env:"RACE_KEY" group:"or" placeholder:"sk_test_…"`
	Limited        string   `help:"Offer for everybody with limits.total, fresh. Races 1 and 6." group:"or" placeholder:"off_…"`
	Limit          int      `help:"Its limits.total." group:"or" default:"10"`
	PerPerson      string   `help:"Offer for everybody with limits.per_person 1. Races 3 and 11." group:"or" placeholder:"off_…"`
	PublishableKey string   `help:"Publishable key of the store. Races 3 and 11." group:"or" placeholder:"pk_test_…"`
	Origin         string   `help:"Origin that the store allows. Races 3 and 11." group:"or" placeholder:"https://…"`
	Groups         []string `help:"Two groups whose policies take the mock verifier." group:"or" default:"student,teacher"`
	Currency       string   `help:"Currency of the carts." group:"or" default:"USD"`
	LiveStore      bool     `help:"Take the key of a live store: real offers are used up." name:"live-store-i-mean-it" group:"or"`
}

// errRacesLost says that the deployment can be raced.
var errRacesLost = errors.New("the deployment lost a race")

// Run races a deployment. The exit status is 0 when every race was passed, 1 when one was lost, 2 when they could not be run.
func (c benchRaceCommand) Run(ctx context.Context, t terminal) error {
	password := os.Getenv("RACE_PASSWORD")
	if c.PasswordStdin {
		line, err := bufio.NewReader(io.LimitReader(os.Stdin, 4096)).ReadString('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return errCouldNot{fmt.Errorf("read the password: %w", err)}
		}
		password = strings.TrimRight(line, "\r\n")
	}
	transport := &http.Transport{Proxy: http.ProxyFromEnvironment, MaxIdleConns: c.Workers, MaxIdleConnsPerHost: c.Workers, IdleConnTimeout: time.Minute}
	defer transport.CloseIdleConnections()
	verdicts, err := race.Run(ctx, race.Options{
		URL: c.URL, Email: c.Email, Password: password, Key: c.Key, Live: c.LiveStore, Races: c.Races, Workers: c.Workers,
		Shop: race.Shop{Limited: c.Limited, Limit: c.Limit, PerPerson: c.PerPerson, Publishable: c.PublishableKey, Origin: c.Origin,
			Groups: c.Groups, Currency: c.Currency},
		Out: t.out, Progress: t.errors, Client: &http.Client{Transport: transport}, Now: time.Now, NewID: rand.Text,
	})
	if err != nil {
		return errCouldNot{err}
	}
	for _, v := range verdicts {
		if !v.Passed() {
			return errRacesLost
		}
	}
	return nil
}
