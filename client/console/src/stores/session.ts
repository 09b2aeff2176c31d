/** Who is signed in, and which of the API's operations their roles open (as the API itself tells: GET /staff/policy). */

import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { api, ask, tokens, type View } from '@/api/client'
import { ApiError } from '@/api/problem'
import { openDoors } from '@/lib/doors'
import { forgetSealed } from '@/pages/legal-aid/lib/sealedDrafts'

export type Duty = 'password' | 'totp'

export const useSession = defineStore('session', () => {
  const me = ref<View<'MeView'> | null>(null)
  const policy = ref<View<'PolicyView'> | null>(null)
  const duty = ref<Duty | null>(null)
  /** Why the last sign-in ended, for the sign-in page. */
  const farewell = ref('')
  let loading: Promise<void> | null = null

  const doors = computed(() => openDoors(policy.value?.doors ?? [], me.value?.roles ?? []))
  const name = computed(() => me.value?.person.name ?? '')
  const personId = computed(() => tokens.read()?.personId ?? 0)
  /** The unions this person works for, each with the roles held there. */
  const scopes = computed(() => {
    const found = new Map<number, { id: number; name: string; roles: string[] }>()
    for (const { role, node } of me.value?.roles ?? []) {
      const scope = found.get(node.id) ?? { ...node, roles: [] }
      scope.roles.push(role)
      found.set(node.id, scope)
    }
    return [...found.values()]
  })

  function isSignedIn(): boolean {
    return tokens.read() !== null
  }

  /** Whether any of these operations opens; none named opens to all who are signed in. */
  function may(...operations: string[]): boolean {
    return operations.length === 0 || operations.some((operation) => doors.value.has(operation))
  }

  /** Know who is asking. Harmless when known already. Throws ApiError. */
  async function load(): Promise<void> {
    if (me.value && policy.value) return
    loading ??= fetchAll().finally(() => (loading = null))
    await loading
  }

  async function fetchAll(): Promise<void> {
    me.value = await ask(api.GET('/api/v1/me'))
    try {
      policy.value = await ask(api.GET('/api/v1/staff/policy'))
    } catch (thrown) {
      // A duty shuts every other door until it is done: the guard leads there.
      if (!duty.value) throw thrown
    }
  }

  /** Sign in. Throws ApiError: `auth.totp_missing` where the account has an authenticator as well. */
  async function signIn(
    account: string,
    password: string,
    totp: string | null,
    tabOnly: boolean,
  ): Promise<void> {
    const body = { account, password, ...(totp ? { totp } : {}) }
    const said = await ask(api.POST('/api/v1/auth/staff', { body }))
    forget()
    farewell.value = ''
    tokens.begin(
      {
        access: said.access_token,
        refresh: said.refresh_token,
        expiresAt: Date.now() + said.expires_in * 1000,
        personId: said.person.id,
      },
      tabOnly,
    )
    duty.value = said.must_change ? 'password' : said.must_enrol ? 'totp' : null
  }

  /** End the sign-in here and at the server; here even where the server cannot be reached. */
  async function signOut(): Promise<void> {
    try {
      if (isSignedIn()) await ask(api.POST('/api/v1/auth/logout'))
    } catch (thrown) {
      if (!(thrown instanceof ApiError)) throw thrown
    } finally {
      tokens.clear()
      forget()
    }
  }

  function forget(): void {
    forgetSealed(sessionStorage)
    me.value = null
    policy.value = null
    duty.value = null
  }

  return {
    me,
    policy,
    duty,
    farewell,
    name,
    personId,
    scopes,
    isSignedIn,
    may,
    load,
    signIn,
    signOut,
    forget,
  }
})
