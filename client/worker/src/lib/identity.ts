/** Slips of the finger found before anything is sent; the server judges. */
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
const CHECKS = '10X98765432'

/** What is wrong with an ID number, '' where nothing is (GB 11643-1999). */
export function idNumberFault(typed: string): string {
  const number = typed.trim().toUpperCase()
  if (!/^\d{17}[\dX]$/.test(number)) return '须为18位，最后一位可以是X'
  const sum = WEIGHTS.reduce((total, weight, index) => total + weight * Number(number[index]), 0)
  return CHECKS[sum % 11] === number[17] ? '' : '号码有误，请逐位核对'
}

export function phoneFault(typed: string): string {
  return /^1[3-9]\d{9}$/.test(typed.trim()) ? '' : '须为11位，以1开头'
}
