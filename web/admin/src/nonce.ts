/** styleNonce reads the nonce that the server wrote into this response's page; Mantine puts it on the styles that it injects. */
export function styleNonce(): string {
  return document.querySelector('meta[name="csp-nonce"]')?.getAttribute('content') ?? ''
}

/** shareNonce also gives the nonce to the library that locks scrolling behind dialogs: it reads this global name. */
export function shareNonce(): void {
  Object.assign(globalThis, { __webpack_nonce__: styleNonce() })
}
