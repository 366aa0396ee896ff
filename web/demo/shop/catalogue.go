package shop

import "net/http"

const (
	currency = "USD"
	// shippingAmount is what every order pays, in minor units.
	shippingAmount = 490
)

// product is one thing on sale; unitAmount is in minor units of currency. The art is drawn by the browser part.
type product struct {
	SKU        string   `json:"sku"`
	Name       text     `json:"name"`
	Blurb      text     `json:"blurb"`
	UnitAmount int64    `json:"unit_amount"`
	Categories []string `json:"categories"`
}

// text is one sentence in the shop's languages.
type text struct {
	English string `json:"en"`
	German  string `json:"de"`
}

var products = []product{
	{"notebook", text{"Field notebook", "Notizbuch"}, text{"Dotted, 180 pages, lies flat.", "Gepunktet, 180 Seiten, liegt flach."}, 1400, []string{"stationery"}},
	{"backpack", text{"Campus backpack", "Campus-Rucksack"}, text{"22 litres, fits a 16-inch laptop.", "22 Liter, für Laptops bis 16 Zoll."}, 8900, []string{"gear"}},
	{"textbook", text{"Linear Algebra, 4th ed.", "Lineare Algebra, 4. Aufl."}, text{"The one with the worked examples.", "Das mit den gelösten Beispielen."}, 6400, []string{"books"}},
	{"bottle", text{"Steel bottle", "Stahlflasche"}, text{"Keeps tea hot through a lecture.", "Hält Tee eine Vorlesung lang heiß."}, 2600, []string{"gear"}},
	{"lamp", text{"Desk lamp", "Schreibtischlampe"}, text{"Warm, dimmable, small foot.", "Warm, dimmbar, kleiner Fuß."}, 4500, []string{"gear"}},
	{"hoodie", text{"Northside hoodie", "Northside-Hoodie"}, text{"Heavy organic cotton.", "Schwere Bio-Baumwolle."}, 5200, []string{"apparel"}},
}

func productBySKU(sku string) (product, bool) {
	for _, each := range products {
		if each.SKU == sku {
			return each, true
		}
	}
	return product{}, false
}

func (s *Shop) listProducts(w http.ResponseWriter, _ *http.Request) {
	s.answer(w, http.StatusOK, map[string]any{"currency": currency, "shipping_amount": shippingAmount, "products": products})
}
