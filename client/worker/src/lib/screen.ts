/** The phone as a screen for others: awake, and as bright as it goes. */

let lock: { release: () => Promise<void> } | null = null
// #ifdef MP-WEIXIN
let before = -1
// #endif

/** Keep the screen awake and, where the phone lets us, at full brightness, until `dim`. */
export function brighten(): void {
  // #ifdef MP-WEIXIN
  uni.setKeepScreenOn({ keepScreenOn: true })
  uni.getScreenBrightness({ success: ({ value }) => (before = value) })
  uni.setScreenBrightness({ value: 1 })
  // #endif
  // #ifdef H5
  // Not in every browser, and only over https.
  const wakeLock = (navigator as { wakeLock?: { request: (kind: string) => Promise<typeof lock> } }).wakeLock
  wakeLock?.request('screen').then(
    (held) => (lock = held),
    () => undefined,
  )
  // #endif
}

export function dim(): void {
  // #ifdef MP-WEIXIN
  uni.setKeepScreenOn({ keepScreenOn: false })
  if (before >= 0) uni.setScreenBrightness({ value: before })
  // #endif
  // #ifdef H5
  void lock?.release()
  lock = null
  // #endif
}
