/** The sandbox's people, where one runs: never in production. */
import { send } from '@/api/transport'

/** Whether the product runs with a sandbox in WeChat's place. */
export async function hasSandbox(): Promise<boolean> {
  try {
    await send({ method: 'GET', url: '/sandbox/texts', headers: {}, timeout: 5000 })
    return true
  } catch {
    // Not there, or not to be reached: nothing is offered.
    return false
  }
}

/** A code as wx.login would give it to this persona. Throws ApiError. */
export async function sandboxCode(persona: string): Promise<string> {
  const answer = await send({
    method: 'POST',
    url: '/sandbox/wx/login',
    headers: { 'Content-Type': 'application/json' },
    body: { persona },
    timeout: 10_000,
  })
  return (answer.body as { code: string }).code
}
