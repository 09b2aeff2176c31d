/** A certificate's number, as it is typed from the paper. */

const LEVEL_AT = 15
const FULL = /^[A-Z][0-9A-Z]{21}$/

/** Half-width, capitals, no spaces: what the server makes of it. */
export function normalNumber(typed: string): string {
  const half = typed.replace(/[\uff01-\uff5e]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))
  return half.replace(/\s/g, '').toUpperCase()
}

/** The level a number of 22 characters tells at its 16th place; null where it tells none. */
export function levelIn(typed: string): number | null {
  const number = normalNumber(typed)
  if (!FULL.test(number)) return null
  const level = Number(number[LEVEL_AT])
  return level >= 1 && level <= 5 ? level : null
}
