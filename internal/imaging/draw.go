package imaging

import (
	"image"
	"image/color"
	"image/draw"
)

// shrunk draws a picture on white, no side longer than most. It takes the average of whole pixels, a band of rows at a
// time, so that a large picture needs little memory beside itself.
func shrunk(src image.Image, most int) *image.RGBA {
	from := src.Bounds()
	w, h := from.Dx(), from.Dy()
	if longer := max(w, h); longer > most {
		w, h = max(1, w*most/longer), max(1, h*most/longer)
	}
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	band := image.NewRGBA(image.Rect(0, 0, from.Dx(), (from.Dy()+h-1)/h+1))
	for y := range h {
		top, bottom := y*from.Dy()/h, (y+1)*from.Dy()/h
		strip := band.SubImage(image.Rect(0, 0, from.Dx(), bottom-top)).(*image.RGBA)
		draw.Draw(strip, strip.Rect, image.NewUniform(color.White), image.Point{}, draw.Src)
		draw.Draw(strip, strip.Rect, src, image.Pt(from.Min.X, from.Min.Y+top), draw.Over)
		for x := range w {
			average(strip, x*from.Dx()/w, (x+1)*from.Dx()/w, out.Pix[out.PixOffset(x, y):])
		}
	}
	return out
}

// average writes the mean of the columns from left to right into a pixel.
func average(strip *image.RGBA, left, right int, into []uint8) {
	var sum [3]int
	rows := strip.Rect.Dy()
	for y := range rows {
		row := strip.Pix[y*strip.Stride+left*4 : y*strip.Stride+right*4]
		for i := 0; i < len(row); i += 4 {
			sum[0] += int(row[i])
			sum[1] += int(row[i+1])
			sum[2] += int(row[i+2])
		}
	}
	n := rows * (right - left)
	into[0], into[1], into[2], into[3] = uint8(sum[0]/n), uint8(sum[1]/n), uint8(sum[2]/n), 0xff
}

// upright turns a picture as its orientation says (Exif 2.3, tag 0x0112).
func upright(src *image.RGBA, orientation int) *image.RGBA {
	if orientation <= 1 || orientation > 8 {
		return src
	}
	w, h := src.Rect.Dx(), src.Rect.Dy()
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	if orientation >= 5 {
		out = image.NewRGBA(image.Rect(0, 0, h, w))
	}
	for y := range h {
		for x := range w {
			tx, ty := x, y
			switch orientation {
			case 2:
				tx = w - 1 - x
			case 3:
				tx, ty = w-1-x, h-1-y
			case 4:
				ty = h - 1 - y
			case 5:
				tx, ty = y, x
			case 6:
				tx, ty = h-1-y, x
			case 7:
				tx, ty = h-1-y, w-1-x
			case 8:
				tx, ty = y, w-1-x
			}
			copy(out.Pix[out.PixOffset(tx, ty):][:4], src.Pix[src.PixOffset(x, y):][:4])
		}
	}
	return out
}
