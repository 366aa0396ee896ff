package imaging

import (
	"image"
	"math"
	"math/bits"
	"slices"
)

// Hash is a perceptual hash: pictures that look alike differ in few of its 64 bits. It says nothing about what is to be
// read on them and cannot be turned back.
type Hash uint64

// Distance is in how many bits two hashes differ.
func (h Hash) Distance(other Hash) int { return bits.OnesCount64(uint64(h ^ other)) }

const (
	// hashSide is the side of the small grey picture that is hashed, and hashWaves how many waves of it count in each
	// direction, from the slowest.
	hashSide  = 32
	hashWaves = 8
	// hashSpread is the least mean height of the waves that says something, in levels of grey (of 255); below it a picture
	// is as good as blank.
	hashSpread = 0.4
)

// cosines are those of the discrete cosine transform (DCT-II).
var cosines = func() (c [hashWaves][hashSide]float64) {
	for k := range c {
		for n := range c[k] {
			c[k][n] = math.Cos(math.Pi / hashSide * (float64(n) + 0.5) * float64(k))
		}
	}
	return c
}()

// hashOf hashes a picture by the signs of its slowest waves about their median (pHash: C. Zauner, Implementation and
// Benchmarking of Perceptual Image Hash Functions, 2010). ok is false for a picture that is as good as blank: all of
// them look alike.
func hashOf(p *image.RGBA) (h Hash, ok bool) {
	grey := greyOf(p)
	var rows [hashSide][hashWaves]float64
	for y := range rows {
		for k := range hashWaves {
			for x := range hashSide {
				rows[y][k] += grey[y][x] * cosines[k][x]
			}
		}
	}
	var waves [hashWaves * hashWaves]float64
	for ky := range hashWaves {
		for kx := range hashWaves {
			for y := range hashSide {
				waves[ky*hashWaves+kx] += rows[y][kx] * cosines[ky][y]
			}
		}
	}
	// The first is the mean brightness, which says nothing about the picture.
	sorted := slices.Clone(waves[1:])
	slices.Sort(sorted)
	median := sorted[len(sorted)/2]
	spread := 0.0
	for i, w := range waves[1:] {
		spread += math.Abs(w - median)
		if w > median {
			h |= 1 << (i + 1)
		}
	}
	return h, spread/float64(len(sorted))/(hashSide*hashSide/4) >= hashSpread
}

// greyOf shrinks a picture to hashSide by hashSide grey pixels, whatever its shape, each the mean of its part.
func greyOf(p *image.RGBA) (grey [hashSide][hashSide]float64) {
	w, h := p.Rect.Dx(), p.Rect.Dy()
	for gy := range hashSide {
		top := gy * h / hashSide
		bottom := max(top+1, (gy+1)*h/hashSide)
		for gx := range hashSide {
			left := gx * w / hashSide
			right := max(left+1, (gx+1)*w/hashSide)
			sum := 0
			for y := top; y < bottom; y++ {
				row := p.Pix[y*p.Stride+left*4 : y*p.Stride+right*4]
				for i := 0; i < len(row); i += 4 {
					sum += 299*int(row[i]) + 587*int(row[i+1]) + 114*int(row[i+2])
				}
			}
			grey[gy][gx] = float64(sum) / 1000 / float64((bottom-top)*(right-left))
		}
	}
	return grey
}
