/** What the phone keeps over restarts. A full or forbidden storage never breaks a page. */
const PREFIX = 'gongyun:'

export function keep(key: string, value: unknown): boolean {
  try {
    uni.setStorageSync(PREFIX + key, JSON.stringify(value))
    return true
  } catch {
    return false
  }
}

export function recall<T>(key: string): T | null {
  try {
    const text: unknown = uni.getStorageSync(PREFIX + key)
    return typeof text === 'string' && text ? (JSON.parse(text) as T) : null
  } catch {
    return null
  }
}

export function drop(key: string): void {
  try {
    uni.removeStorageSync(PREFIX + key)
  } catch {
    // There was nothing to drop.
  }
}

/** The keys of ours that begin so, without what is before all of them. */
export function keysOf(beginning: string): string[] {
  try {
    const found: string[] = uni.getStorageInfoSync().keys
    return found.filter((key) => key.startsWith(PREFIX + beginning)).map((key) => key.slice(PREFIX.length))
  } catch {
    return []
  }
}

/** Drop whatever begins so; `''` drops all that is ours. */
export function dropAll(beginning: string): void {
  try {
    for (const key of uni.getStorageInfoSync().keys)
      if (key.startsWith(PREFIX + beginning)) uni.removeStorageSync(key)
  } catch {
    // There was nothing to drop.
  }
}

/** Told when another tab of the same browser writes or drops this key. A mini-program is open once. */
export function onChangeElsewhere(
  key: string,
  listener: (isThere: boolean, wasThere: boolean) => void,
): void {
  // #ifdef H5
  window.addEventListener('storage', (event) => {
    if (event.key === PREFIX + key) listener(event.newValue !== null, event.oldValue !== null)
  })
  // #endif
}
