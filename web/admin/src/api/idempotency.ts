/**
 * Keys hands out Idempotency-Keys. A change keeps its key until an answer came for it, so that repeating an unanswered
 * change, by itself or by another press on the same button, cannot carry it out twice.
 */
export class Keys {
  private readonly open = new Map<string, string>()

  constructor(private readonly fresh: () => string = () => crypto.randomUUID()) {}

  /** of returns the key of a change, named by its method, path and body. */
  of(change: string): string {
    let key = this.open.get(change)
    if (key === undefined) {
      key = this.fresh()
      this.open.set(change, key)
    }
    return key
  }

  /** answered forgets a change: doing the same again is a new one. */
  answered(change: string): void {
    this.open.delete(change)
  }
}
