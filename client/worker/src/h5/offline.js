/**
 * The service worker of the H5 pages: opened without a signal, the page that was last seen stands all the same, and with it
 * what the phone keeps (marks of a lesson, drafts). The network always goes first, so that a release is never held back.
 *
 * Files under `assets/` never change and lie in the browser's own cache; the API's answers are none of its business.
 */
const KEPT = 'gongyun-pages'
const PAGES = new URL('./', self.location.href).pathname
const TABS = ['home', 'classes', 'bookings', 'me'].flatMap((tab) => [tab, `${tab}-on`])
const FIRST = [PAGES, ...TABS.map((tab) => `${PAGES}static/tabs/${tab}.png`)]

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(KEPT).then((cache) => cache.addAll(FIRST)))
  self.skipWaiting()
})

self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))

self.addEventListener('fetch', (event) => {
  const { method, url } = event.request
  const { origin, pathname } = new URL(url)
  const isOurs = origin === self.location.origin && pathname.startsWith(PAGES)
  if (method !== 'GET' || !isOurs || pathname.startsWith(`${PAGES}assets/`)) return
  event.respondWith(networkFirst(event))
})

async function networkFirst(event) {
  const cache = await caches.open(KEPT)
  try {
    const answer = await fetch(event.request)
    if (answer.status === 200) event.waitUntil(cache.put(event.request, answer.clone()))
    return answer
  } catch (lost) {
    const kept = await cache.match(event.request, { ignoreSearch: true })
    if (kept) return kept
    throw lost
  }
}
