package verify

// What is sealed opens with its own associated data only. Whoever seals it anew, under another master key, needs the same.

// CollectedContext is the associated data of what a shopper typed.
func CollectedContext(verification string, r Requirement) []byte { return collectedOf(verification, r) }

// ChallengeContext is the associated data of a challenge's private state.
func ChallengeContext(verification string, r Requirement) []byte { return challengeOf(verification, r) }

// SettingContext is the associated data of the secret of a verifier's instance.
func SettingContext(store, verifier, instance string) []byte {
	return secretFor(store, Setting{Verifier: verifier, Instance: instance})
}

// SSOContext is the associated data of a way to a provider and back.
func SSOContext(s SSO) []byte { return wayOf(s) }
