function e(e){return e.split(`
`).map(e=>e.trim()).filter(Boolean)}function t(e){return[...new Set(e.split(/[\s,;]+/).filter(Boolean))]}export{t as n,e as t};