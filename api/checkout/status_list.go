package checkout

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/laurel-gateway/laurel/api"
	core "github.com/laurel-gateway/laurel/internal/checkout"
	"github.com/laurel-gateway/laurel/offers/token"
)

// StatusLists has the signed status lists (internal/checkout.StatusLists).
type StatusLists interface {
	Get(ctx context.Context, id string) (core.StatusList, error)
}

type statusListInput struct {
	ID          string `path:"id" maxLength:"60" doc:"The list." example:"stl_01920000-0000-7000-8000-000000000007"`
	IfNoneMatch string `header:"If-None-Match" doc:"The ETag that you have: 304 when it is still the same." example:"\"kX2…\""`
}

type statusListReply struct {
	Status       int
	ContentType  string `header:"Content-Type" hidden:"true"`
	CacheControl string `header:"Cache-Control" doc:"How long to keep the list: a minute from when it was made." example:"public, max-age=60"`
	ETag         string `header:"ETag" doc:"Names this state of the list." example:"\"kX2…\""`
	AnyOrigin    string `header:"Access-Control-Allow-Origin" doc:"Any page may read a list." example:"*"`
	Body         []byte
}

const statusListType = "application/" + token.StatusListTyp

func getStatusList(a *api.API, d Deps) {
	api.Register(a, api.Operation{
		ID: "get-status-list", Method: http.MethodGet, Path: "/v1/status-lists/{id}", Tag: "Gateway",
		Summary: "Which proofs have been ended",
		Description: "A Token Status List (draft-ietf-oauth-status-list): a JWT of the type `statuslist+jwt`, one bit for each proof. An offer token names list and " +
			"index in its claim `status`; a set bit says that its proof was ended, and the token with it. Made anew at most once a minute.",
		Allow: api.Allow(api.Anyone), Unlimited: true, AnswerType: statusListType,
		Example: "eyJhbGciOiJFUzI1NiIsImtpZCI6IjEiLCJ0eXAiOiJzdGF0dXNsaXN0K2p3dCJ9.e30.c2ln",
	}, func(ctx context.Context, in *statusListInput) (*statusListReply, error) {
		list, err := d.StatusLists.Get(ctx, in.ID)
		if err != nil {
			return nil, err
		}
		left := min(max(token.StatusListTTL-time.Since(list.BuiltAt), 0), token.StatusListTTL)
		r := &statusListReply{Status: http.StatusOK, ContentType: statusListType, ETag: api.ETag([]byte(list.JWT)), AnyOrigin: "*", Body: []byte(list.JWT),
			CacheControl: fmt.Sprintf("public, max-age=%d", int64(left/time.Second))}
		if api.Matches(in.IfNoneMatch, r.ETag) {
			r.Status, r.Body = http.StatusNotModified, nil
		}
		return r, nil
	})
}
