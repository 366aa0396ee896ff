package imaging

import (
	"bytes"
	"encoding/binary"
)

// orientation returns how a camera held a JPEG (Exif 2.3, tag 0x0112): 1 to 8, and 1 for all that cannot be read.
func orientation(data []byte) int {
	const startOfScan, application1 = 0xda, 0xe1
	for at := 2; at+4 <= len(data) && data[at] == 0xff; {
		marker, size := data[at+1], int(binary.BigEndian.Uint16(data[at+2:]))
		if marker == startOfScan || size < 2 || at+2+size > len(data) {
			return 1
		}
		if body := data[at+4 : at+2+size]; marker == application1 && bytes.HasPrefix(body, []byte("Exif\x00\x00")) {
			return tiffOrientation(body[6:])
		}
		at += 2 + size
	}
	return 1
}

// tiffOrientation looks into the first directory of a TIFF structure.
func tiffOrientation(b []byte) int {
	const tag = 0x0112
	if len(b) < 8 {
		return 1
	}
	var order binary.ByteOrder = binary.LittleEndian
	if b[0] == 'M' {
		order = binary.BigEndian
	}
	first := uint64(order.Uint32(b[4:]))
	if first+2 > uint64(len(b)) {
		return 1
	}
	entries := b[first+2:]
	for range order.Uint16(b[first:]) {
		if len(entries) < 12 {
			return 1
		}
		if order.Uint16(entries) == tag {
			if o := int(order.Uint16(entries[8:])); o >= 1 && o <= 8 {
				return o
			}
			return 1
		}
		entries = entries[12:]
	}
	return 1
}
