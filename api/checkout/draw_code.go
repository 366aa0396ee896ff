package checkout

import (
	"context"
	"net/http"

	"github.com/laurel-gateway/laurel/api"
	"github.com/laurel-gateway/laurel/internal/fault"
	"github.com/laurel-gateway/laurel/internal/qr"
	"github.com/laurel-gateway/laurel/offers/token"
)

type drawCodeInput struct {
	Body drawCodeBody
}

type drawCodeBody struct {
	Code   string `json:"code" minLength:"1" maxLength:"64" doc:"A short code, as typed." example:"2345-6789-AG"`
	Format string `json:"format,omitempty" enum:"svg,png" default:"svg" doc:"svg is sharp at any size; png is for mails and printers." example:"svg"`
	Size   int    `json:"size,omitempty" minimum:"64" maximum:"2048" default:"256" doc:"Width and height: CSS pixels of an svg; of a png, the most pixels." example:"256"`
}

type drawing struct {
	Status       int
	ContentType  string `header:"Content-Type" hidden:"true"`
	CacheControl string `header:"Cache-Control" doc:"A code is a secret for as long as it is good: the picture is not kept." example:"no-store"`
	Body         []byte
}

func drawCode(a *api.API) {
	api.Register(a, api.Operation{
		ID: "draw-code", Method: http.MethodPost, Path: "/v1/offer-tokens/qr", Tag: "Offer tokens",
		Summary: "Draw a short code as a QR code",
		Description: "For tills that scan. The code travels in the body, never in an address, so that it is in no log. Nothing is looked up: any well-formed code " +
			"is drawn, whether or not somebody was given it. The picture holds the code in capital letters with its dashes.",
		Allow: api.Allow(api.Client, api.Customer, api.Secret), Scope: "offer_tokens:read", Refusals: []fault.Code{fault.CodeUnknown},
		Gives: map[string]string{"image/svg+xml": `<svg xmlns="http://www.w3.org/2000/svg" width="256" height="256">…</svg>`, "image/png": "(a picture)"},
	}, func(_ context.Context, in *drawCodeInput) (*drawing, error) {
		code, err := token.ParseCode(in.Body.Code)
		if err != nil {
			return nil, err
		}
		symbol, err := qr.Draw(code.String())
		if err != nil {
			return nil, err
		}
		out := &drawing{Status: http.StatusOK, ContentType: "image/svg+xml", CacheControl: "no-store"}
		if in.Body.Format == "png" {
			out.ContentType = "image/png"
			out.Body, err = symbol.PNG(in.Body.Size)
			return out, err
		}
		out.Body = symbol.SVG(in.Body.Size)
		return out, nil
	})
}
