package admin

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/laurel-gateway/laurel/offers"
)

// An offer with every field set goes through the console's shapes and comes back as it was: no field is forgotten.
func TestAnOfferKeepsEveryField(t *testing.T) {
	at := time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)
	whole := offers.Offer{
		State: offers.Live, Name: "Name", Names: map[string]string{"de": "Name"}, Description: map[string]string{"de": "Text"}, Group: "student", Subgroup: "university", Tier: "gold",
		Benefit: offers.Benefit{Type: offers.FixedPrice, Target: offers.OnLines, Categories: []string{"books"}, SKUs: []string{"sku"}, Method: offers.Each, BasisPoints: 1,
			Amount: 2, Currency: "USD", Maximum: 3, Points: 4, Gift: &offers.Gift{SKU: "gift", Quantity: 5}},
		MinimumOrder: 6, StartsAt: &at, EndsAt: &at, TimeZone: "UTC", Campaign: &offers.Campaign{Event: "nurses_week", DaysBefore: 7, DaysAfter: 8},
		Limits: offers.Limits{Total: 9, PerPerson: 10, PerCustomer: 11, PerOrder: 12, Periods: []offers.PeriodLimit{{By: offers.ScopeTotal, Uses: 13, Days: 14, Calendar: "day"}},
			Budget: &offers.Budget{Amount: 15, Currency: "USD", Restore: true}},
		TokenSeconds: 600, Priority: 16, Exclusive: true, Category: "welcome", Rule: "true", CodePool: true,
	}
	everyFieldSet(t, "Offer", reflect.ValueOf(whole))
	if got := offerFields(whole).offer(); !reflect.DeepEqual(got, whole) {
		t.Errorf("%+v", got)
	}
}

func everyFieldSet(t *testing.T, path string, v reflect.Value) {
	t.Helper()
	for v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	if v.Kind() == reflect.Slice && v.Len() > 0 {
		v = v.Index(0)
	}
	if v.Kind() != reflect.Struct || v.Type() == reflect.TypeFor[time.Time]() {
		return
	}
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if !f.IsExported() || f.Tag.Get("json") == "-" {
			continue
		}
		if v.Field(i).IsZero() {
			t.Errorf("%s.%s is not set in this test", path, f.Name)
		}
		everyFieldSet(t, path+"."+f.Name, v.Field(i))
	}
}

func TestTheContractNamesEveryEvent(t *testing.T) {
	field, _ := reflect.TypeFor[AdminCampaign]().FieldByName("Event")
	var names []string
	for _, e := range offers.Events {
		names = append(names, e.Name)
	}
	if want := strings.Join(names, ","); field.Tag.Get("enum") != want {
		t.Errorf("the enum should be %s", want)
	}
}
