package admin

// The examples of bodies whose fields exclude each other: made of every field's own example they would be refused.

func offerExample() AdminOfferFields {
	return AdminOfferFields{State: "live", Name: "Student discount", Names: map[string]string{"de": "Studierendenrabatt"}, Group: "student",
		Benefit:      AdminBenefit{Type: "percentage", Target: "order", BasisPoints: 2000, Maximum: 5000},
		MinimumOrder: 2500, Limits: AdminLimits{Total: 1000, Periods: []AdminPeriod{{By: "person", Uses: 1, Calendar: "month"}}},
		TokenSeconds: 600, Category: "welcome", Rule: `cart.lines.all(l, !("sale" in l.categories))`}
}

func offerChangeExample() any {
	return struct {
		Version int64 `json:"version"`
		AdminOfferFields
	}{3, offerExample()}
}

func storedOfferExample() any {
	return struct {
		ID        string `json:"id"`
		Version   int64  `json:"version"`
		CreatedAt string `json:"created_at"`
		UpdatedAt string `json:"updated_at"`
		AdminOfferFields
	}{"off_01920000-0000-7000-8000-000000000001", 3, "2026-01-15T10:30:00Z", "2026-01-16T08:00:00Z", offerExample()}
}

func trialExample() any {
	return map[string]any{
		"offer_id":    "off_01920000-0000-7000-8000-000000000001",
		"cart":        adminTryCart{Currency: "USD", ShippingAmount: 500, Lines: []adminTryLine{{LineID: "l1", SKU: "sku-1", Quantity: 2, UnitAmount: 2500, Categories: []string{"books"}}}},
		"customer":    "c-1",
		"attestation": adminTryProof{Group: "student", Subgroup: "university"},
		"member":      adminTryMember{Points: 1200},
		"now":         "2026-11-27T12:00:00Z",
	}
}

func groupExample() any {
	return map[string]any{"group": "union_member", "label": map[string]string{"en": "Union members", "de": "Gewerkschaftsmitglieder"},
		"subgroups": []adminSubgroup{{Subgroup: "retired", Label: map[string]string{"en": "Retired"}}}}
}

func keyExample() any {
	return map[string]any{"kind": "secret", "name": "Checkout server", "scopes": []string{"checkout:read", "checkout:write"}}
}

func dataPackExample() any {
	return map[string]any{"name": "districts", "purpose": "eligible", "domains": []string{"north.k12.example", "south.k12.example"}}
}

func dataPackChangeExample() any {
	return map[string]any{"version": 1, "purpose": "eligible", "text": "# 2026\nnorth.k12.example\nsouth.k12.example\n"}
}

// providerExample has plain claims: with a preset neither claims nor rules are needed. which is "id" or "version".
func providerExample(which string, value any) any {
	return map[string]any{which: value, "name": "Demo University", "issuer": "https://login.demo.example", "client_id": "laurel", "client_secret": "s3cr3t",
		"claims": []AdminProviderClaim{{Name: "affiliation", Claim: "eduperson_affiliation", Type: "strings"}},
		"rules":  []AdminProviderRule{{When: "'student' in affiliation", Group: "student", Subgroup: "university"}}}
}
