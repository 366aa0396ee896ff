import { svg, type SVGTemplateResult, html } from 'lit'

/** The product pictures, drawn with the page's own colours (see .art in shop.css). */
const drawings: Record<string, SVGTemplateResult> = {
  notebook: svg`
    <rect class="c1" x="46" y="26" width="78" height="100" rx="6" />
    <rect class="c2" x="46" y="26" width="16" height="100" rx="6" />
    <rect class="c4" x="74" y="48" width="38" height="22" rx="3" />
    <path class="line" d="M40 44h12M40 64h12M40 84h12M40 104h12" />`,
  backpack: svg`
    <path class="line" d="M64 36c0-20 40-20 40 0" />
    <path class="c1" d="M44 64c0-22 16-32 40-32s40 10 40 32v54c0 6-4 10-10 10H54c-6 0-10-4-10-10z" />
    <rect class="c2" x="56" y="82" width="56" height="34" rx="8" />
    <path class="line" d="M56 94h56M84 94v8" />
    <rect class="c4" x="66" y="52" width="36" height="8" rx="4" />`,
  textbook: svg`
    <rect class="c2" x="40" y="94" width="90" height="26" rx="4" />
    <rect class="c4" x="48" y="100" width="82" height="14" />
    <rect class="c1" x="48" y="66" width="82" height="26" rx="4" />
    <rect class="c4" x="48" y="72" width="74" height="14" />
    <rect class="c3" x="42" y="38" width="84" height="26" rx="4" />
    <path class="thin" d="M54 51h34M98 51h14" />`,
  bottle: svg`
    <rect class="c2" x="72" y="18" width="24" height="16" rx="4" />
    <path class="c1" d="M66 40c0-4 3-6 6-6h24c3 0 6 2 6 6v82c0 5-4 8-8 8H74c-4 0-8-3-8-8z" />
    <rect class="c3" x="66" y="66" width="36" height="26" />
    <path class="thin" d="M76 84V73l12 11V73" />`,
  lamp: svg`
    <rect class="c2" x="44" y="120" width="52" height="10" rx="5" />
    <path class="line" d="M70 120V84l28-34" />
    <path class="c1" d="M86 26l42 30c-10 14-24 18-36 10s-14-24-6-40z" />
    <circle class="c3" cx="108" cy="68" r="9" />
    <circle class="c4" cx="70" cy="84" r="6" />`,
  hoodie: svg`
    <path class="c1" d="M62 34l-26 16-6 56 16 4 4-26v44h68V84l4 26 16-4-6-56-26-16z" />
    <path class="c2" d="M62 34c4 20 40 20 44 0-4-14-40-14-44 0z" />
    <path class="c4" d="M64 96h40l6 18H58z" />
    <path class="thin" d="M78 48v16M90 48v16" />`,
}

/** art is the picture of a product, or an empty frame. */
export function art(sku: string) {
  return html`<svg viewBox="0 0 168 148" aria-hidden="true" focusable="false">${drawings[sku]}</svg>`
}
