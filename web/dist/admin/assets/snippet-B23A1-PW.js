function e(e,t,n){return[`<script type="module" src="${e}/widget.js"><\/script>`,`<laurel-verify publishable-key="${t}" offer="${n}"></laurel-verify>`].join(`
`)}export{e as t};