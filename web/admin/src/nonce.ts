/** styleNonce reads the nonce that the server wrote into this response's page; Mantine puts it on the styles that it injects. */
export function styleNonce(): string {
  return document.querySelector('meta[name="csp-nonce"]')?.getAttribute('content') ?? ''
}
