// Package pdf turns the pages of a PDF into pixels.
//
// The work is done by PDFium, the engine of Chromium, compiled to WebAssembly and run inside this process by wazero, which
// is pure Go. Each file gets a fresh instance with a memory of its own: it sees no file, no network, no clock and no other
// shopper's document, its memory is bounded, and it stops when its context ends. What breaks it breaks that instance only.
//
// pdfium.wasm.gz is dist/pdfium.wasm of the npm package @hyzyla/pdfium 2.1.13 (MIT), compressed with gzip -9 -n; PDFium
// itself stands under the licence in LICENSE.pdfium. The digest is checked when it is unpacked.
package pdf
