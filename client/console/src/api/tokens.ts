/**
 * Where this browser keeps a sign-in. One record for all tabs (localStorage), so that a rotated refresh token is never
 * used twice by two of them; on a shared computer one record for this tab alone (sessionStorage), gone when it closes.
 */

export interface Tokens {
  access: string
  refresh: string
  /** Milliseconds, by this computer's clock. */
  expiresAt: number
  personId: number
}

export interface Store {
  getItem(key: string): string | null
  setItem(key: string, value: string): void
  removeItem(key: string): void
}

const KEY = 'gongyun.console.session'

export class TokenStore {
  constructor(
    private readonly shared: Store,
    private readonly own: Store,
  ) {}

  read(): Tokens | null {
    const text = this.own.getItem(KEY) ?? this.shared.getItem(KEY)
    if (!text) return null
    try {
      return JSON.parse(text) as Tokens
    } catch {
      return null
    }
  }

  /** Begin a sign-in: `tabOnly` on a computer that others use too. */
  begin(tokens: Tokens, tabOnly: boolean): void {
    this.clear()
    ;(tabOnly ? this.own : this.shared).setItem(KEY, JSON.stringify(tokens))
  }

  /** Put renewed tokens where the old ones lay. */
  renew(tokens: Tokens): void {
    const place = this.own.getItem(KEY) === null ? this.shared : this.own
    place.setItem(KEY, JSON.stringify(tokens))
  }

  clear(): void {
    this.own.removeItem(KEY)
    this.shared.removeItem(KEY)
  }

  /** Tell when another tab signs out, or signs in as somebody else. */
  watch(changed: () => void): void {
    let before = this.read()?.personId
    window.addEventListener('storage', (event) => {
      if (event.key !== KEY && event.key !== null) return
      const after = this.read()?.personId
      if (after !== before) changed()
      before = after
    })
  }
}

export function browserTokens(): TokenStore {
  return new TokenStore(window.localStorage, window.sessionStorage)
}
