/** Time left, in words and in digits. */

/** `2天3小时`, `3小时5分`, `5分08秒`, `8秒`; nothing is left at zero and below: `0秒`. */
export function leftText(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000))
  const [days, hours, minutes] = [
    Math.floor(seconds / 86_400),
    Math.floor(seconds / 3600) % 24,
    Math.floor(seconds / 60) % 60,
  ]
  if (days) return `${days}天${hours}小时`
  if (hours) return `${hours}小时${minutes}分`
  if (minutes) return `${minutes}分${String(seconds % 60).padStart(2, '0')}秒`
  return `${seconds}秒`
}

/** `01:23:45` for a display that ticks; days are told apart in front. */
export function digits(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000))
  const days = Math.floor(seconds / 86_400)
  const parts = [Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, seconds % 60]
  return (days ? `${days}天 ` : '') + parts.map((part) => String(part).padStart(2, '0')).join(':')
}

/** A countdown spoken now and then, not each second: at whole minutes, then 30, 10 and 5 to 1. */
export function isWorthSaying(ms: number): boolean {
  const seconds = Math.max(0, Math.ceil(ms / 1000))
  return (seconds > 0 && seconds % 60 === 0) || seconds === 30 || seconds === 10
}
