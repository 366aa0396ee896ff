// Checks and sorts the messages of a webhook. It needs no framework: give it the headers and the bytes of the body as they
// came. Parsed and printed again, a body has another signature.

/** Receiver believes a message that one of its secrets signed, and handles each message once. */
export class Receiver {
  #Webhook
  #secrets
  #handled
  #handle

  /**
   * @param Webhook  the class of that name from the package standardwebhooks
   * @param secrets  returns the secrets that are good: two while one replaces the other
   * @param handled  remembers ids: `has(id)` and `add(id)`. Keep them for 30 days, in the database that the work is
   *                 written to, in one transaction with it
   * @param handle   does the work: called once for each event
   */
  constructor({ Webhook, secrets, handled, handle }) {
    this.#Webhook = Webhook
    this.#secrets = secrets
    this.#handled = handled
    this.#handle = handle
  }

  /** Returns the status to answer with: 2xx ends the delivery, anything else is tried again. */
  async receive(headers, body) {
    const event = this.#verified(headers, body, await this.#secrets())
    if (!event) return 401
    const id = headers['webhook-id']
    if (await this.#handled.has(id)) return 200
    await this.#handle(id, event)
    await this.#handled.add(id)
    return 200
  }

  #verified(headers, body, secrets) {
    for (const secret of secrets) {
      try {
        // It compares in constant time, and refuses a timestamp more than five minutes away: no old message again.
        return new this.#Webhook(secret).verify(body, headers)
      } catch {
        // Signed by another secret, or by nobody.
      }
    }
    return undefined
  }
}
