/** Who is signed in on this phone. */
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { call } from '@/api/client'
import { ApiError } from '@/api/errors'
import { dropTokens, isSignedIn as hasTokens, keepTokens, onEnd, type Tokens } from '@/api/tokens'
import type { MeView } from '@/api/types'
import { dropKeptFiles } from '@/lib/kept-files'
import { wechatCode } from '@/lib/platform'
import { drop, dropAll, keep, recall } from '@/lib/storage'

/** What of a person's stays on the phone and goes when she signs out. */
const PERSONAL = ['me', 'cache:', 'draft:', 'grab:', 'check-in:']
/** What outlives a sign-in that ran out, because nobody else is shown it, and goes when the person herself leaves. */
const OWN = ['triage', 'aid:']

const TEACHING = new Set(['trainer', 'training_staff'])
type Duty = 'password' | 'totp'

export const useSession = defineStore('session', () => {
  const isSignedIn = ref(hasTokens())
  const me = ref<MeView | null>(recall<MeView>('me'))
  /** Why the last sign-in ended, to be said where one signs in again. */
  const endedBecause = ref('')

  const isVerified = computed(() => me.value?.person.is_verified ?? false)
  /** Whether this sign-in may keep attendance: a trainer's, or training staff's. */
  const isTrainer = computed(() => me.value?.roles.some((each) => TEACHING.has(each.role)) ?? false)
  /** What a staff sign-in has to do before any other door opens. */
  const duty = ref<Duty | null>(null)

  async function admit(signedIn: Promise<Tokens>): Promise<void> {
    const tokens = await signedIn
    forget()
    keepTokens(tokens)
    isSignedIn.value = true
    endedBecause.value = ''
    try {
      await loadMe()
    } catch (thrown) {
      // The sign-in stands; a trainer who has to change her password first is told so by each page.
      if (!(thrown instanceof ApiError)) throw thrown
    }
  }

  /** Sign in with the code of wx.login (in H5: of the sandbox's finger). Throws ApiError. */
  function byWeChat(code: string): Promise<void> {
    return admit(call('post', '/api/v1/auth/wechat', { body: { code } }))
  }

  function byPhone(phone: string, code: string): Promise<void> {
    return admit(call('post', '/api/v1/auth/phone/sign-in', { body: { phone, code } }))
  }

  async function byAccount(account: string, password: string, totp: string): Promise<void> {
    const body = { account, password, totp: totp || undefined }
    const signedIn = await call('post', '/api/v1/auth/staff', { body })
    await admit(Promise.resolve(signedIn))
    duty.value = signedIn.must_change ? 'password' : signedIn.must_enrol ? 'totp' : null
  }

  /** Become the person of the roster; the sign-in is another one afterwards. Throws ApiError. */
  function bind(claim: { name: string; id_number: string; phone: string }): Promise<void> {
    return admit(call('post', '/api/v1/me/binding', { body: claim, retries: 0 }))
  }

  /** In a mini-program nobody types anything: WeChat knows who it is. Quiet where it does not work out. */
  async function bySilence(): Promise<void> {
    if (isSignedIn.value) return
    // #ifdef MP-WEIXIN
    try {
      await byWeChat(await wechatCode())
    } catch (thrown) {
      if (!(thrown instanceof ApiError)) throw thrown
    }
    // #endif
  }

  async function loadMe(): Promise<void> {
    me.value = await call('get', '/api/v1/me')
    keep('me', me.value)
  }

  async function signOut(): Promise<void> {
    try {
      await call('post', '/api/v1/auth/logout', { timeout: 5000 })
    } catch (thrown) {
      // Signed out here in any case; without a signal the server's side ends when it runs out.
      if (!(thrown instanceof ApiError)) throw thrown
    }
    leave()
  }

  /** Whoever takes the phone next finds nothing of this person. */
  function leave(): void {
    forget()
    dropNamed(OWN)
    void dropKeptFiles()
  }

  function forget(): void {
    dropTokens()
    dropNamed(PERSONAL)
    me.value = null
    duty.value = null
    isSignedIn.value = false
  }

  onEnd((code) => {
    forget()
    endedBecause.value = code === 'auth.signed_out' ? '您的账号已在别处退出' : '登录已过期'
  })

  return {
    isSignedIn, me, endedBecause, isVerified, isTrainer, duty,
    byWeChat, byPhone, byAccount, bind, bySilence, loadMe, signOut, forget, leave,
  } // prettier-ignore
})

function dropNamed(names: readonly string[]): void {
  for (const name of names) {
    if (name.endsWith(':')) dropAll(name)
    else drop(name)
  }
}
