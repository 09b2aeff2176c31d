/** The router: made of the table of pages, guarded by who is asking. */

import { createRouter, createWebHistory, type RouteLocationNormalized, type RouteRecordRaw } from 'vue-router'
import { asApiError } from '@/api/problem'
import { usePlace } from '@/stores/place'
import { useSession } from '@/stores/session'
import { PAGES, type PageRow } from './routes'

declare module 'vue-router' {
  interface RouteMeta {
    row: PageRow
    /** Set by the guard where the page does not open: shown instead of it. */
    refusal?: 'forbidden' | 'unreachable'
  }
}

function record(row: PageRow): RouteRecordRaw {
  const children = row.tabs?.map(record)
  const own = {
    path: row.path,
    component: row.page as RouteRecordRaw['component'],
    props: true,
    meta: { row },
  }
  // A page with tabs is named by its first tab, which has the same address.
  return (children ? { ...own, children } : { ...own, name: row.name }) as RouteRecordRaw
}

export const router = createRouter({
  history: createWebHistory(import.meta.env.BASE_URL),
  routes: PAGES.map(record),
  scrollBehavior: (to, from, kept) => kept ?? (to.path === from.path ? false : { top: 0 }),
})

const DUTY_PAGES = { password: 'first-password', totp: 'first-totp' } as const

router.beforeEach(async (to) => {
  const session = useSession()
  const { frame } = to.meta.row
  if (frame === 'open') return session.isSignedIn() && !session.duty ? { name: 'overview' } : true
  if (!session.isSignedIn())
    return { name: 'sign-in', query: to.fullPath === '/' ? {} : { next: to.fullPath } }
  const refusal = await refusalOf(to)
  if (session.duty) return to.name === DUTY_PAGES[session.duty] ? true : { name: DUTY_PAGES[session.duty] }
  if (!session.isSignedIn()) return { name: 'sign-in', query: { next: to.fullPath } }
  if (frame === 'duty') return { name: 'overview' }
  to.meta.refusal = refusal
  return true
})

async function refusalOf(to: RouteLocationNormalized): Promise<'forbidden' | 'unreachable' | undefined> {
  const session = useSession()
  if (session.duty) return undefined
  try {
    await session.load()
  } catch (thrown) {
    asApiError(thrown)
    return 'unreachable'
  }
  const rows = to.matched.map(({ meta }) => meta.row)
  return rows.every((row) => session.may(...(row.operations ?? []))) ? undefined : 'forbidden'
}

const RELOADED = 'gongyun.console.reloaded'

/**
 * A page's files could not be fetched. Either a release has replaced them: who still has the old start page gets the
 * new one, once; or there is no network: the page says so and can be tried again.
 */
router.onError((error, to) => {
  if (!/dynamically imported module|Importing a module script failed|preload CSS/i.test(String(error))) return
  void fetch(import.meta.env.BASE_URL, { cache: 'no-store' })
    .then((response) => response.ok && sessionStorage.getItem(RELOADED) !== to.fullPath)
    .catch(() => false)
    .then((isReplaced) => {
      if (!isReplaced) usePlace().unreached = to.fullPath
      else {
        sessionStorage.setItem(RELOADED, to.fullPath)
        window.location.assign(router.resolve(to).href)
      }
    })
})

router.afterEach((_to, _from, failure) => {
  if (!failure) usePlace().unreached = ''
})
