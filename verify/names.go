package verify

import "regexp"

// instanceName is what an admin may call an instance of a verifier or a data pack: it stands in requirements and URLs.
var instanceName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,62}$`)

const instanceRule = "use 1 to 63 lower-case letters, digits and hyphens, beginning with a letter or digit"
