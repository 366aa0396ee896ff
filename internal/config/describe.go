package config

import (
	"fmt"
	"strings"
)

// String lists every setting with its value, one per line, secrets redacted.
func (c Config) String() string {
	var text strings.Builder
	for _, setting := range c.settings() {
		fmt.Fprintf(&text, "%s: %v\n", setting.key, setting.value.Interface())
	}
	return text.String()
}

// Describe returns the reference of all settings in Markdown: the content of docs/configuration.md.
func Describe() string {
	var text strings.Builder
	text.WriteString(`<!-- Generated from internal/config by make generate. Do not edit. -->
# Configuration

Settings come from three places, each winning over the one before: the defaults below, one YAML file (` + "`--config`" + `
or ` + "`LAUREL_CONFIG`" + `), and the environment. In the file, sections nest:

` + "```yaml" + `
public_url: https://offers.example.com
database:
  url: postgres://laurel@db.internal/laurel
http:
  trusted_proxies: [10.0.0.0/8]
` + "```" + `

An unknown setting, in the file or as a ` + "`LAUREL_…`" + ` variable, is refused at start, and every problem is listed at once.
` + "`laurel config check`" + ` does the same without starting. Durations are written as 500ms, 30s or 5m; sizes as 512KiB or
1MiB; lists in the environment with commas. A secret (marked *) may also be read from a file: add ` + "`_file`" + ` to its key, or
` + "`_FILE`" + ` to its variable, and give the path. Secrets are never printed or logged.

| key | environment | default | bounds | meaning |
|---|---|---|---|---|
`)
	for _, setting := range new(Config).settings() {
		mark := ""
		if setting.secret() {
			mark = " *"
		}
		fmt.Fprintf(&text, "| `%s`%s | `%s` | %s | %s | %s |\n", setting.key, mark, variable(setting.key),
			code(setting.tag.Get("default")), setting.bounds(), strings.ReplaceAll(setting.tag.Get("doc"), "|", `\|`))
	}
	return text.String()
}

func (s setting) bounds() string {
	if choices, ok := s.tag.Lookup("oneof"); ok {
		return strings.ReplaceAll(choices, ",", ", ")
	}
	least, most := s.tag.Get("min"), s.tag.Get("max")
	if least == "" && most == "" {
		return ""
	}
	return least + " to " + most
}

func code(text string) string {
	if text == "" {
		return ""
	}
	return "`" + text + "`"
}
