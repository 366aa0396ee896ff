package redteam

import (
	"bytes"
	"compress/zlib"
	"context"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"net/url"

	"github.com/laurel-gateway/laurel/cmd/laurel/outside"
)

func uploadAttacks() []attack {
	return []attack{{"hostile-upload", "files that are not what they seem, that grow when they are opened, and that are too large", uploads}}
}

func uploads(ctx context.Context, p *play) error {
	g, ok := p.with("document")
	if !ok {
		return p.skip("no group has a path that begins with a document")
	}
	photo, err := photograph(0)
	if err != nil {
		return err
	}
	const tooLarge = 11 << 20
	for what, file := range map[string][]byte{
		"an SVG":                           []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`),
		"a page":                           []byte(`<!doctype html><script>alert(1)</script>`),
		"a page that begins like a GIF":    []byte("GIF89a/*" + "<script>alert(1)</script>*/"),
		"a program":                        append([]byte("MZ\x90\x00"), make([]byte, 512)...),
		"a ZIP":                            append([]byte("PK\x03\x04"), make([]byte, 512)...),
		"half a photograph":                photo[:len(photo)/2],
		"an image of four billion pixels":  bomb(1<<16-1, 1<<16-1),
		"an image without a height":        bomb(1, 0),
		"a PDF with a program":             []byte("%PDF-1.7\n1 0 obj<</Type/Catalog/OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"),
		"a PDF that is cut short":          []byte("%PDF-1.7\n1 0 obj<<"),
		"nothing":                          {},
		"more bytes than a file may have":  append(bytes.Clone(photo), make([]byte, tooLarge)...),
		"a text that calls itself a photo": []byte("\xff\xd8\xff this is no photograph"),
	} {
		id, _, err := p.begin(ctx, g.name)
		if err != nil {
			return err
		}
		a, err := p.upload(id, file).Try(ctx)
		if err != nil && len(file) < tooLarge {
			return err
		}
		if err != nil {
			p.tries++ // the connection was cut before all was sent: that is a refusal too
			continue
		}
		p.refused(what, a)
	}
	return p.tooMany(ctx, g)
}

// tooMany uploads more files than a verification takes.
func (p *play) tooMany(ctx context.Context, g group) error {
	id, _, err := p.begin(ctx, g.name)
	if err != nil {
		return err
	}
	for i := range 5 {
		photo, err := photograph(uint8(60 * i))
		if err != nil {
			return err
		}
		a, err := p.upload(id, photo).Try(ctx)
		if err != nil {
			return err
		}
		if i >= 3 {
			p.refused(fmt.Sprintf("file %d", i+1), a)
		}
	}
	return p.unproven(ctx, id)
}

func (p *play) upload(id string, file []byte) outside.Question {
	q := p.secret().With("Content-Type", "application/octet-stream").Post("/v1/verifications/"+url.PathEscape(id)+"/documents", nil)
	q.Raw = file
	return q
}

// photograph returns a small JPEG, another one for each shade.
func photograph(shade uint8) ([]byte, error) {
	picture := image.NewRGBA(image.Rect(0, 0, 640, 480))
	for y := range 480 {
		for x := range 640 {
			picture.Set(x, y, color.RGBA{uint8(x), uint8(y), uint8(x^y) + shade, 255})
		}
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, picture, nil); err != nil {
		return nil, fmt.Errorf("make a photograph: %w", err)
	}
	return out.Bytes(), nil
}

// bomb returns a PNG (RFC 2083) that says to have a size that its few bytes have not.
func bomb(width, height uint32) []byte {
	var out bytes.Buffer
	out.WriteString("\x89PNG\r\n\x1a\n")
	chunk := func(kind string, data []byte) {
		_ = binary.Write(&out, binary.BigEndian, uint32(len(data)))
		out.WriteString(kind)
		out.Write(data)
		_ = binary.Write(&out, binary.BigEndian, crc32.ChecksumIEEE(append([]byte(kind), data...)))
	}
	head := binary.BigEndian.AppendUint32(nil, width)
	head = binary.BigEndian.AppendUint32(head, height)
	chunk("IHDR", append(head, 8, 2, 0, 0, 0))
	var packed bytes.Buffer
	w := zlib.NewWriter(&packed)
	_, _ = w.Write(make([]byte, 1<<16))
	_ = w.Close()
	chunk("IDAT", packed.Bytes())
	chunk("IEND", nil)
	return out.Bytes()
}
