// Package web holds the built front ends: the widget, the console and the demo shop. The files under dist are built by
// `npm run build` and committed, so that building the gateway needs no Node.
package web

import (
	"embed"
	"fmt"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// Widget is the shopper's widget. Its names are the addresses below the gateway's root: widget.js is the ES module that
// pages load, widget/NAME-HASH.js are the steps and languages that it loads on demand from its own origin.
func Widget() fs.FS { return tree("widget") }

// Admin is the console, built for the base path /admin/. Every path that is no file is the console's own route and is
// answered with index.html, in which __CSP_NONCE__ stands for the nonce of the response's style policy.
func Admin() fs.FS { return tree("admin") }

// Demo is the demo shop's browser part, built for the base path /demo/: index.html is the shop, inbox.html the mails.
func Demo() fs.FS { return tree("demo") }

// MyData is the page on which a shopper sees what is kept, built for the base path /my-data/.
func MyData() fs.FS { return tree("mydata") }

func tree(name string) fs.FS {
	files, err := fs.Sub(dist, "dist/"+name)
	if err != nil {
		// The names above are constants and valid paths: only a programming error gets here.
		panic(fmt.Sprintf("web: embedded tree %q: %v", name, err))
	}
	return files
}
