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
  // Digits of another length: the server says what is wrong with the number they most look like.
  if (/^\d{6,}[Xx]?$/.test(digits)) return digits.length > 13 ? { id_number: digits } : { phone: digits }
  return { name: text.slice(0, 30) }
}

/** What was looked for, without standing there whole for everybody behind one's back. */
export function saySearch({ id_number, phone, name }: SearchOrder): string {
  if (id_number) return `身份证号尾号 ${id_number.slice(-4)}`
  if (phone) return `手机号尾号 ${phone.slice(-4)}`
  return `姓名“${name ?? ''}”`
}
