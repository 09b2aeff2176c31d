/** From page to page. */
const TABS = new Set([
  '/pages/index/index',
  '/pages/classes/index',
  '/pages/bookings/index',
  '/pages/me/index',
])

export function go(page: string, query: Record<string, string | number> = {}): void {
  const [path] = page.split('?')
  if (TABS.has(path)) {
    uni.switchTab({ url: path })
    return
  }
  const asked = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`)
  const url = asked.length ? `${page}${page.includes('?') ? '&' : '?'}${asked.join('&')}` : page
  // WeChat keeps ten pages at most; the eleventh takes the place of the last.
  if (getCurrentPages().length >= 9) uni.redirectTo({ url })
  else uni.navigateTo({ url })
}

/** Back to where one came from; home where the page was opened by a link. */
export function goBack(): void {
  if (getCurrentPages().length > 1) uni.navigateBack()
  else uni.switchTab({ url: '/pages/index/index' })
}

/** Instead of the present page. */
export function goInstead(page: string): void {
  const [path] = page.split('?')
  if (TABS.has(path)) uni.switchTab({ url: path })
  else uni.redirectTo({ url: page })
}
