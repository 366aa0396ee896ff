package imaging

import "bytes"

// Kind is what a file is, by its content.
type Kind string

// The kinds that are read, and those that are known to be refused.
const (
	JPEG Kind = "image/jpeg"
	PNG  Kind = "image/png"
	WebP Kind = "image/webp"
	PDF  Kind = "application/pdf"

	GIF     Kind = "image/gif"
	SVG     Kind = "image/svg+xml"
	HEIC    Kind = "image/heic"
	AVIF    Kind = "image/avif"
	TIFF    Kind = "image/tiff"
	BMP     Kind = "image/bmp"
	ZIP     Kind = "application/zip"
	Unknown Kind = ""
)

// Readable reports whether files of this kind are read.
func (k Kind) Readable() bool {
	switch k {
	case JPEG, PNG, WebP, PDF:
		return true
	}
	return false
}

var heads = []struct {
	kind Kind
	head string
}{
	{JPEG, "\xff\xd8\xff"}, {PNG, "\x89PNG\r\n\x1a\n"}, {PDF, "%PDF-"}, {GIF, "GIF8"}, {TIFF, "II*\x00"}, {TIFF, "MM\x00*"}, {BMP, "BM"},
	{ZIP, "PK\x03\x04"},
}

// Sniff tells what a file is by its first bytes. A file is what it begins as: readers that look for a beginning further
// inside are what polyglots live on.
func Sniff(data []byte) Kind {
	for _, h := range heads {
		if bytes.HasPrefix(data, []byte(h.head)) {
			return h.kind
		}
	}
	if len(data) >= 12 {
		switch {
		case string(data[:4]) == "RIFF" && string(data[8:12]) == "WEBP":
			return WebP
		case string(data[4:8]) == "ftyp":
			return brand(data)
		}
	}
	if text := bytes.TrimLeft(data[:min(len(data), 1024)], "\xef\xbb\xbf \t\r\n"); bytes.HasPrefix(text, []byte("<")) &&
		bytes.Contains(bytes.ToLower(text), []byte("<svg")) {
		return SVG
	}
	return Unknown
}

// brand tells HEIC from AVIF, and both from films, by the brands of an ISO base media file (ISO/IEC 14496-12).
func brand(data []byte) Kind {
	size := int(data[0])<<24 | int(data[1])<<16 | int(data[2])<<8 | int(data[3])
	for at := 8; at+4 <= min(len(data), max(size, 12), 64); at += 4 {
		switch string(data[at : at+4]) {
		case "avif", "avis":
			return AVIF
		case "heic", "heix", "heim", "heis", "hevc", "mif1", "msf1":
			return HEIC
		}
	}
	return Unknown
}
