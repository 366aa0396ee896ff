// Package config reads the gateway's configuration: built-in defaults, then one YAML file, then the environment.
//
// Everything is checked before anything starts, and every problem is listed at once. The tags of [Config] are the
// only list of settings: reading, checking and docs/configuration.md follow them.
package config

import (
	"net/netip"
	"time"
)

//go:generate go run ./describe ../../docs/configuration.md

// Config is a checked configuration. Each leaf is one setting: `key` is its name in the file (nested by section),
// `default` its value when nobody sets it, `min` and `max` (numbers, durations and sizes) and `oneof` its bounds, `doc`
// its meaning.
type Config struct {
	Listen    string `key:"listen" default:"127.0.0.1:8080" doc:"Address that the gateway listens on, as host:port."`
	PublicURL string `key:"public_url" default:"http://localhost:8080" doc:"Address that browsers and other systems use; the issuer of every token. https, unless the host is this machine."`
	DataDir   string `key:"data_dir" default:"laurel-data" doc:"Directory for what lives in files: the embedded database, generated keys, documents."`

	Database  Database  `key:"database"`
	Redis     Redis     `key:"redis"`
	SMTP      SMTP      `key:"smtp"`
	Keys      Keys      `key:"keys"`
	HTTP      HTTP      `key:"http"`
	Commit    Commit    `key:"commit"`
	Limits    Limits    `key:"limits"`
	Codes     Codes     `key:"codes"`
	Outgoing  Outgoing  `key:"outgoing"`
	Documents Documents `key:"documents"`
	Log       Log       `key:"log"`
	Metrics   Metrics   `key:"metrics"`
}

// Database says where the data lives.
type Database struct {
	URL         Secret        `key:"url" doc:"PostgreSQL 15+, as postgres://user:password@host/name. Empty: SQLite in data_dir, for one process."`
	MaxOpen     int           `key:"max_open" default:"20" min:"3" max:"1000" doc:"Most connections that one process opens to PostgreSQL."`
	LockTimeout time.Duration `key:"lock_timeout" default:"500ms" min:"10ms" max:"30s" doc:"How long a statement waits for another's lock before its transaction is tried again."`
}

// Redis says where the shared cache lives. It makes answers faster and is never needed for a right one.
type Redis struct {
	URL        Secret        `key:"url" doc:"Redis 7+, as redis://user:password@host:6379/0 or rediss://…; further nodes as host:port after commas. Empty: a cache in this process."`
	Cluster    bool          `key:"cluster" default:"false" doc:"The one address is that of a cluster. Several addresses are a cluster anyway, unless master_name is set."`
	MasterName string        `key:"master_name" doc:"Name of the master that the sentinels at the addresses watch. Empty: the addresses are Redis itself."`
	Budget     time.Duration `key:"budget" default:"15ms" min:"1ms" max:"5s" doc:"How long a request waits for Redis before the database answers alone."`
}

// SMTP says how mail leaves. Without a host, no mail can be sent and the email verifier is off.
type SMTP struct {
	Host     string        `key:"host" doc:"Mail server. Empty: no mail is sent, so nobody can be verified by email."`
	Port     int           `key:"port" default:"587" min:"1" max:"65535" doc:"Port of the mail server: 587 for starttls, 465 for implicit."`
	Username string        `key:"username" doc:"Account at the mail server. Empty: no sign-in."`
	Password Secret        `key:"password" doc:"Password of the account."`
	From     string        `key:"from" doc:"Sender, as address or \"Name <address>\". Needed with a host."`
	TLS      string        `key:"tls" default:"starttls" oneof:"starttls,opportunistic,implicit,none" doc:"starttls: encrypted or not at all; opportunistic: encrypted if the server can; implicit: TLS from the first byte; none: only for a relay on this machine."`
	Timeout  time.Duration `key:"timeout" default:"15s" min:"1s" max:"2m" doc:"How long one mail may take."`

	Reports MailReports `key:"reports"`
}

// MailReports are the secrets by which mail providers prove their reports of bounces and complaints. A source without one
// is refused.
type MailReports struct {
	Secret           Secret `key:"secret" doc:"Signs reports in the standard form: a Standard Webhooks secret, whsec_ and base64 of 24 to 64 bytes."`
	PostmarkPassword Secret `key:"postmark_password" doc:"Password of the basic authentication in the address of Postmark's webhooks; at least 16 characters."`
	MailgunKey       Secret `key:"mailgun_key" doc:"Mailgun's HTTP webhook signing key."`
	SendGridKey      string `key:"sendgrid_key" doc:"Verification key of SendGrid's signed event webhook: a public key, in base64."`
}

// Keys says where the master key is, which guards everything sealed in the database.
type Keys struct {
	MasterFile string `key:"master_file" doc:"File with the master key, the same for all replicas. Empty: master.key in data_dir, made at the first start. Without it sealed data is lost: back it up."`
}

// HTTP bounds what one client can take.
type HTTP struct {
	TrustedProxies []netip.Prefix `key:"trusted_proxies" doc:"Networks of the proxies in front, as 10.0.0.0/8; only their X-Forwarded-For is believed."`
	BodyLimit      Size           `key:"body_limit" default:"1MiB" min:"1KiB" max:"64MiB" doc:"Largest request body."`
	MaxHeaderBytes Size           `key:"max_header_bytes" default:"32KiB" min:"4KiB" max:"1MiB" doc:"Largest request header."`
	HeaderTimeout  time.Duration  `key:"header_timeout" default:"5s" min:"100ms" max:"1m" doc:"How long a client may take to send its header."`
	ReadTimeout    time.Duration  `key:"read_timeout" default:"15s" min:"100ms" max:"10m" doc:"How long a client may take to send its request."`
	WriteTimeout   time.Duration  `key:"write_timeout" default:"30s" min:"1s" max:"10m" doc:"How long an answer may take, work included."`
	IdleTimeout    time.Duration  `key:"idle_timeout" default:"1m" min:"1s" max:"1h" doc:"How long an idle connection is kept."`
	DrainDelay     time.Duration  `key:"drain_delay" default:"0s" min:"0s" max:"5m" doc:"How long a shutdown serves on while /readyz answers 503, so that a proxy stops sending first: longer than the proxy takes to notice. 0s with one process."`
	DrainTimeout   time.Duration  `key:"drain_timeout" default:"20s" min:"0s" max:"10m" doc:"How long a shutdown waits for requests and jobs that run."`
}

// Commit bounds the committer, which gathers concurrent commands into one transaction.
type Commit struct {
	MaxBatch   int           `key:"max_batch" default:"256" min:"1" max:"1000" doc:"Most commands in one transaction."`
	MaxBytes   Size          `key:"max_bytes" default:"4MiB" min:"64KiB" max:"64MiB" doc:"Most bytes of commands in one transaction."`
	MaxWaiting int           `key:"max_waiting" default:"1024" min:"1" max:"100000" doc:"Most commands that wait; more are answered 503."`
	MaxAge     time.Duration `key:"max_age" default:"2s" min:"50ms" max:"1m" doc:"How long a command may wait before it is answered 503."`
	InFlight   int           `key:"in_flight" default:"2" min:"1" max:"64" doc:"Most transactions at once; a further one starts only while the running ones are late. SQLite always has one."`
}

// Limits bounds how often a caller may ask.
type Limits struct {
	KeyPerSecond      int `key:"key_per_second" default:"5000" min:"1" max:"1000000" doc:"Requests per second with one key."`
	KeyBurst          int `key:"key_burst" default:"10000" min:"1" max:"1000000" doc:"Requests that one key may send at once after a pause."`
	AddressPerMinute  int `key:"address_per_minute" default:"6000" min:"1" max:"1000000" doc:"Requests per minute from one network address without a secret key. A campus shares one: be generous."`
	FailuresPerMinute int `key:"failures_per_minute" default:"600" min:"1" max:"1000000" doc:"Refused credentials per minute from one network address."`
}

// Codes bounds the guessing of offer codes.
type Codes struct {
	GuessesPerHour int           `key:"guesses_per_hour" default:"20" min:"1" max:"100000" doc:"Wrong offer codes per hour from one shopper's address (IPv6: /64), and from one customer. Then all their codes are refused for a while, good ones too."`
	AlertAfter     int           `key:"alert_after" default:"100" min:"1" max:"1000000" doc:"Wrong offer codes of one store in alert_window that are told of: by the event codes.guessing, a log line and a metric."`
	AlertWindow    time.Duration `key:"alert_window" default:"10m" min:"1m" max:"24h" doc:"Stretch of time in which alert_after counts. There is one alert at most in each."`
}

// Documents says where the documents of shoppers are kept, encrypted before they leave the process.
type Documents struct {
	URL       string `key:"url" doc:"file:///directory, or s3://bucket/prefix?region=…&endpoint=… for any service that speaks S3; without endpoint it is Amazon's. Empty: documents in data_dir. A directory must be shared by all replicas."`
	AccessKey string `key:"access_key" doc:"Access key of the bucket. Empty: as AWS finds it, in the environment or by the machine's role."`
	SecretKey Secret `key:"secret_key" doc:"Secret key of the bucket."`
}

// Outgoing bounds the requests that the gateway itself sends: discovery, webhooks, remote verifiers.
type Outgoing struct {
	AllowPrivate bool          `key:"allow_private" default:"false" doc:"Allow requests to private, loopback and link-local addresses. Only where every admin is trusted with the internal network."`
	Timeout      time.Duration `key:"timeout" default:"10s" min:"100ms" max:"2m" doc:"How long one outgoing request may take."`
	MaxBytes     Size          `key:"max_bytes" default:"1MiB" min:"1KiB" max:"64MiB" doc:"Largest answer that is read."`
}

// Log says what is logged and how.
type Log struct {
	Level  string `key:"level" default:"info" oneof:"debug,info,warn,error" doc:"Least level that is logged."`
	Format string `key:"format" default:"json" oneof:"json,text" doc:"One JSON object, or key=value pairs, per line."`
}

// Metrics says where Prometheus reads.
type Metrics struct {
	Enabled bool   `key:"enabled" default:"true" doc:"Serve /metrics."`
	Listen  string `key:"listen" doc:"Separate address for /metrics, as host:port. Empty: beside the API."`
}
