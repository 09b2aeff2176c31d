/** What the two targets do differently: WeChat's own abilities, and what stands in for them in a browser. */
import { ApiError } from '@/api/errors'

/** The code of wx.login. Throws ApiError where WeChat gives none. */
export function wechatCode(): Promise<string> {
  return new Promise((resolve, reject) => {
    uni.login({
      provider: 'weixin',
      success: ({ code }) => resolve(code),
      fail: () => reject(new ApiError({ code: 'client.no_wechat', detail: '微信没有响应，请再试一次' })),
    })
  })
}

/** Show a short text for a moment. Never the only place something important is said. */
export function toast(title: string): void {
  uni.showToast({ title, icon: 'none', duration: 2500 })
}

/** Buzz shortly, where the phone can. */
export function buzz(): void {
  // #ifdef MP-WEIXIN
  uni.vibrateShort({})
  // #endif
  // #ifdef H5
  // Before the first tap after a reload browsers refuse, and say so.
  if (navigator.userActivation?.hasBeenActive && 'vibrate' in navigator) navigator.vibrate(30)
  // #endif
}

export function copy(text: string, said: string): void {
  uni.setClipboardData({
    data: text,
    showToast: false,
    success: () => toast(said),
    fail: () => toast('没有复制成功'),
  })
}

/** Open the product anew, where a browser can. */
export function startAfresh(): void {
  // #ifdef H5
  location.reload()
  // #endif
}
