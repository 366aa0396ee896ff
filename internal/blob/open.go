package blob

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	awsconfig "github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"gocloud.dev/blob"
	"gocloud.dev/blob/fileblob"
	"gocloud.dev/blob/s3blob"
)

// Target says where objects are kept.
type Target struct {
	// URL is file:///absolute/directory, or s3://bucket/prefix?region=…&endpoint=….
	URL string
	// AccessKey and SecretKey sign requests to a bucket. Without them the environment of AWS says how: its variables, its
	// files, or the role of the machine.
	AccessKey, SecretKey string
}

var bucketName = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`)

// place is a target that was read.
type place struct {
	directory string

	bucket, prefix, region, endpoint string
}

// Check returns what is wrong with a target's address, in words for whoever wrote it, or "".
func (t Target) Check() string {
	if _, err := t.parse(); err != nil {
		return err.Error()
	}
	if (t.AccessKey == "") != (t.SecretKey == "") {
		return "access key and secret key must be set together"
	}
	return ""
}

func (t Target) parse() (place, error) {
	u, err := url.Parse(t.URL)
	if err != nil || u.User != nil || u.Fragment != "" {
		return place{}, errors.New("must be an address such as file:///var/lib/laurel/documents or s3://bucket?region=eu-central-1")
	}
	switch u.Scheme {
	case "file":
		if u.Host != "" || !filepath.IsAbs(u.Path) || u.RawQuery != "" {
			return place{}, errors.New("must name a directory from the root, as file:///var/lib/laurel/documents")
		}
		return place{directory: filepath.Clean(u.Path)}, nil
	case "s3":
		return parseS3(u)
	}
	return place{}, errors.New("must begin with file:// or s3://")
}

func parseS3(u *url.URL) (place, error) {
	p := place{bucket: u.Host, prefix: strings.Trim(u.Path, "/"), region: "us-east-1"}
	if !bucketName.MatchString(p.bucket) {
		return p, errors.New("must name a bucket, as s3://bucket?region=eu-central-1")
	}
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return p, errors.New("has a query that cannot be read")
	}
	for key, values := range query {
		switch key {
		case "region":
			p.region = values[0]
		case "endpoint":
			p.endpoint = values[0]
		default:
			return p, fmt.Errorf("has the unknown parameter %q; known are region and endpoint", key)
		}
	}
	if p.endpoint == "" {
		return p, nil
	}
	if e, err := url.Parse(p.endpoint); err != nil || e.Host == "" || e.User != nil || e.Scheme != "https" && e.Scheme != "http" {
		return p, errors.New("has an endpoint that is no address such as https://storage.internal")
	}
	return p, nil
}

// Open opens a target. It asks no bucket yet.
func Open(ctx context.Context, t Target) (*Bucket, error) {
	if wrong := t.Check(); wrong != "" {
		return nil, errors.New("the address of the documents " + wrong)
	}
	p, err := t.parse()
	if err != nil {
		return nil, err
	}
	if p.directory != "" {
		b, err := fileblob.OpenBucket(p.directory, &fileblob.Options{CreateDir: true, DirFileMode: 0o700, NoTempDir: true, Metadata: fileblob.MetadataDontWrite})
		if err != nil {
			return nil, fmt.Errorf("opening the directory of the documents: %w", err)
		}
		return &Bucket{bucket: b, Local: true}, nil
	}
	return openS3(ctx, t, p)
}

// requestTimeout bounds one request to a bucket.
const requestTimeout = 30 * time.Second

func openS3(ctx context.Context, t Target, p place) (*Bucket, error) {
	client := awshttp.NewBuildableClient().WithTimeout(requestTimeout)
	options := []func(*awsconfig.LoadOptions) error{awsconfig.WithRegion(p.region), awsconfig.WithHTTPClient(client)}
	if t.AccessKey != "" {
		options = append(options, awsconfig.WithCredentialsProvider(credentials.NewStaticCredentialsProvider(t.AccessKey, t.SecretKey, "")))
	}
	config, err := awsconfig.LoadDefaultConfig(ctx, options...)
	if err != nil {
		return nil, fmt.Errorf("reading how to sign requests to the bucket: %w", err)
	}
	service := s3.NewFromConfig(config, func(o *s3.Options) {
		if p.endpoint != "" {
			o.BaseEndpoint, o.UsePathStyle = &p.endpoint, true
		}
		// Services other than Amazon's do not know the newer checksums.
		o.RequestChecksumCalculation = aws.RequestChecksumCalculationWhenRequired
		o.ResponseChecksumValidation = aws.ResponseChecksumValidationWhenRequired
	})
	b, err := s3blob.OpenBucket(ctx, service, p.bucket, nil)
	if err != nil {
		return nil, fmt.Errorf("opening the bucket of the documents: %w", err)
	}
	return &Bucket{bucket: prefixed(b, p.prefix)}, nil
}

// prefixed keeps what others keep in the same bucket apart.
func prefixed(b *blob.Bucket, prefix string) *blob.Bucket {
	if prefix == "" {
		return b
	}
	return blob.PrefixedBucket(b, prefix+"/")
}
