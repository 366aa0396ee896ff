package verify

// BuiltIn returns the groups that every store has, with labels in English and German.
func BuiltIn() []Group {
	return []Group{
		group("student", "Students", "Studierende",
			sub("university", "University", "Hochschule"),
			sub("college_bound", "College-bound", "Vor dem Studium"),
			sub("high_school", "High school", "Schule"),
			sub("post_secondary", "Post-secondary", "Berufliche Weiterbildung")),
		group("teacher", "Teachers", "Lehrkräfte",
			sub("k12", "School (K-12)", "Schule"),
			sub("faculty", "University faculty", "Hochschule")),
		group("military", "Military", "Militär",
			sub("active_duty", "Active duty", "Aktiver Dienst"),
			sub("veteran", "Veterans", "Veteraninnen und Veteranen"),
			sub("retiree", "Retirees", "Im Ruhestand"),
			sub("reservist", "Reserve and National Guard", "Reserve"),
			sub("family", "Military family", "Angehörige"),
			sub("gold_star_family", "Gold Star family", "Hinterbliebene")),
		group("healthcare", "Healthcare workers", "Gesundheitsberufe",
			sub("nurse", "Nurses", "Pflegekräfte"),
			sub("doctor", "Doctors", "Ärztinnen und Ärzte"),
			sub("dentist", "Dentists", "Zahnärztinnen und Zahnärzte"),
			sub("pharmacist", "Pharmacists", "Apothekerinnen und Apotheker"),
			sub("other", "Other healthcare workers", "Weitere Gesundheitsberufe")),
		group("first_responder", "First responders", "Einsatzkräfte",
			sub("police", "Police", "Polizei"),
			sub("firefighter", "Firefighters", "Feuerwehr"),
			sub("emt", "Emergency medical services", "Rettungsdienst")),
		group("senior", "Seniors", "Seniorinnen und Senioren"),
		group("age", "Age", "Alter"),
		group("employee", "Employees", "Beschäftigte"),
		group("member", "Members", "Mitglieder"),
		group("licensed_professional", "Licensed professionals", "Zugelassene Berufe"),
		group("recent_mover", "Recent movers", "Kürzlich Umgezogene"),
	}
}

func group(name, en, de string, subgroups ...Subgroup) Group {
	return Group{Name: name, Label: Label{"en": en, "de": de}, Subgroups: subgroups}
}

func sub(name, en, de string) Subgroup {
	return Subgroup{Name: name, Label: Label{"en": en, "de": de}}
}
