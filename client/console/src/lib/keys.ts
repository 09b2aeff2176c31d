/** Idempotency keys: one deed keeps its key until it has an answer, so that trying again never does it twice. */

export function newKey(
  random: (bytes: Uint8Array) => Uint8Array = (bytes) => crypto.getRandomValues(bytes),
): string {
  // crypto.randomUUID is missing on plain-HTTP hosts inside a closed network; getRandomValues is everywhere.
  const bytes = random(new Uint8Array(16))
  bytes[6] = (bytes[6]! & 0x0f) | 0x40
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

export class KeyRing {
  private readonly held = new Map<string, string>()

  constructor(private readonly make: () => string = newKey) {}

  /** The key of this deed: the same as long as nobody knows how it ended. */
  take(deed: string): string {
    const key = this.held.get(deed) ?? this.make()
    this.held.set(deed, key)
    return key
  }

  /** An answer came: the next time is another deed, even with the same words. */
  settle(deed: string): void {
    this.held.delete(deed)
  }
}
