/** snippet is what a storefront pastes into its page: the widget's script and its element. */
export function snippet(gateway: string, publishableKey: string, offer: string): string {
  return [
    `<script type="module" src="${gateway}/widget.js"></script>`,
    `<laurel-verify publishable-key="${publishableKey}" offer="${offer}"></laurel-verify>`,
  ].join('\n')
}
