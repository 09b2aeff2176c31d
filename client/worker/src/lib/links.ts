/** Where a message's link or a scanned code leads inside this client. */
const PLACES: Array<[RegExp, (found: RegExpExecArray) => string]> = [
  [/^\/classes\/(\d+)$/, ([, id]) => `/pages/class/index?id=${id}`],
  [/^\/announcements\/(\d+)$/, ([, id]) => `/pages/announcement/index?id=${id}`],
  [/^\/bookings$/, () => '/pages/bookings/index'],
  [/^\/legal-aid\/cases\/([\w-]+)$/, ([, id]) => `/pages/aid-case/index?case=${id}`],
  [/^\/legal-aid\/consultations\/([\w-]+)$/, ([, id]) => `/pages/consultations/index?consultation=${id}`],
  [/^\/labour-tips\/([\w-]+)$/, ([, id]) => `/pages/tips/tip?tip=${id}`],
  [/^\/inbox$/, () => '/pages/inbox/index'],
  [/^\/me$/, () => '/pages/me/index'],
]

/** The page of a link of ours; null where it leads to the console or is unknown. */
export function pageOf(link: string | null): string | null {
  if (!link) return null
  for (const [pattern, page] of PLACES) {
    const found = pattern.exec(link)
    if (found) return page(found)
  }
  return null
}
