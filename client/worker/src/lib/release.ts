/** A release replaces the pages' files: who still has the old start, and opens a page that is gone, gets the new start. */
import { keep, recall } from './storage'

const PAUSE_MS = 60_000
const FILE = /\S+\/assets\/[\w.-]+/

/** In a mini-program WeChat brings the whole package at once. */
export function followReleases(): void {
  // #ifdef H5
  window.addEventListener('vite:preloadError', (event) => {
    const file = FILE.exec(String((event as Event & { payload?: unknown }).payload))?.[0]
    // A broken release is not loaded again and again.
    if (!file || Date.now() - (recall<number>('release:followed') ?? 0) < PAUSE_MS) return
    uni.request({
      url: file,
      // Without a signal nothing answers: the page is not gone, only out of reach.
      success: ({ statusCode }) => {
        if (statusCode !== 404) return
        keep('release:followed', Date.now())
        window.location.reload()
      },
    })
  })
  // #endif
}

/** In H5 the page opens without a signal, too. A mini-program's package lies on the phone anyway. */
export function openWithoutSignal(): void {
  // #ifdef H5
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return
  // A browser that does not let it opens with a signal only, as without it.
  window.addEventListener('load', () => {
    void navigator.serviceWorker.register(`${import.meta.env.BASE_URL}offline.js`).catch(() => undefined)
  })
  // #endif
}
