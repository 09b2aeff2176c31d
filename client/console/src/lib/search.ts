/** What somebody typed to find a person: an ID number, a phone or a name. */

export interface SearchOrder {
  id_number?: string
  phone?: string
  name?: string
}

export function searchOrder(typed: string): SearchOrder {
  const text = typed.trim()
  const digits = text.replace(/[\s-]/g, '')
  if (/^\d{17}[\dXx]$/.test(digits)) return { id_number: digits.toUpperCase() }
  if (/^(\+?86)?1\d{10}$/.test(digits)) return { phone: digits.slice(-11) }
  return { name: text }
}
