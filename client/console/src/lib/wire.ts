/** How things stand in addresses and headers. */

/** `state=open,full`, without what is empty. */
export function writeParameters(query: Record<string, unknown>): string {
  const found = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    const said = Array.isArray(value) ? value.join(',') : value
    if (said !== undefined && said !== null && said !== '') found.append(name, String(said))
  }
  return found.toString()
}

/** The name of a file, by its Content-Disposition; empty where it has none. */
export function fileName(disposition: string | null): string {
  const star = /filename\*=UTF-8''([^;]+)/i.exec(disposition ?? '')
  if (star) return decodeURIComponent(star[1]!)
  return /filename="?([^";]+)"?/i.exec(disposition ?? '')?.[1] ?? ''
}
