/** Where the phone is, or null: no leave, no signal, or not in time. Asked only of who has consented. */
import type { Place } from '@/stores/check-in'

const LONGEST_MS = 4000

export function whereabouts(): Promise<Place | null> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(null), LONGEST_MS)
    uni.getLocation({
      type: 'wgs84',
      success: ({ latitude, longitude, accuracy }) => {
        clearTimeout(timer)
        resolve({ lat: latitude, lng: longitude, accuracy: Math.max(0, accuracy || 0) })
      },
      fail: () => {
        clearTimeout(timer)
        resolve(null)
      },
    })
  })
}
