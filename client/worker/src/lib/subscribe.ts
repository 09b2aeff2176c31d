/** Asking to be told by WeChat: on a tap, for the templates the server names for this moment. */
import { call } from '@/api/client'
import { asApiError } from '@/api/errors'

type Moment = 'book' | 'request' | 'inbox'

export function canSubscribe(): boolean {
  // #ifdef MP-WEIXIN
  return true
  // #endif
  // #ifndef MP-WEIXIN
  return false
  // #endif
}

/** Whether it was asked; what was accepted is reported. A no is fine, the inbox has everything. */
export async function askToSubscribe(moment: Moment): Promise<boolean> {
  try {
    const { moments } = await call('get', '/api/v1/me/subscriptions')
    const tmplIds = moments.find((each) => each.moment === moment)?.template_ids ?? []
    if (!tmplIds.length) return true
    const answers = await requested(tmplIds)
    const accepted = tmplIds.filter((id) => answers[id] === 'accept')
    if (accepted.length) await call('post', '/api/v1/me/subscriptions', { body: { accepted } })
    return true
  } catch (thrown) {
    asApiError(thrown)
    return false
  }
}

function requested(tmplIds: string[]): Promise<Record<string, string>> {
  return new Promise((resolve) => {
    uni.requestSubscribeMessage({
      tmplIds,
      success: (given) => resolve(given as unknown as Record<string, string>),
      // Switched off in WeChat's settings: nothing was accepted.
      fail: () => resolve({}),
    })
  })
}
