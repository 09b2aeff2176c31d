/** Where the phone is, or null: no leave, no signal, or not in time. Asked only of who has consented. */
import type { Place } from '@/stores/check-in'

const LONGEST_MS = 4000

export function whereabouts(): Promise<Place | null> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(null), LONGEST_MS)
    const found = (given: { latitude: number; longitude: number; accuracy: number }): void => {
      clearTimeout(timer)
      resolve({ lat: given.latitude, lng: given.longitude, accuracy: Math.max(0, given.accuracy || 0) })
    }
    const nowhere = (): void => {
      clearTimeout(timer)
      resolve(null)
    }
    // #ifdef H5
    // Not by uni: its way brings the scripts of three map services along.
    if (!navigator.geolocation) nowhere()
    else
      navigator.geolocation.getCurrentPosition(({ coords }) => found(coords), nowhere, {
        timeout: LONGEST_MS,
      })
    // #endif
    // #ifndef H5
    uni.getLocation({ type: 'wgs84', success: found, fail: nowhere })
    // #endif
  })
}
