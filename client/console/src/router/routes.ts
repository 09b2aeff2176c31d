/**
 * Every page, one row each: address, title, whom it opens to, where it stands in the menu. A page is shown to whoever
 * may call one of its `operations` (operation ids of the API; which roles that means is the API's to say).
 */

import { House } from '@element-plus/icons-vue'
import type { Component } from 'vue'

export interface PageRow {
  /** Below /console/. */
  path: string
  name: string
  title: string
  page: () => Promise<unknown>
  /** Any of these opens the page; none: all who are signed in. */
  operations?: string[]
  /** In the menu under this heading. */
  menu?: Section
  icon?: Component
  /** The page one step up, for the breadcrumbs. */
  parent?: string
  /** `shell` with menu and head (the usual), `bare` fills the screen, `open` needs no sign-in. */
  frame?: 'shell' | 'bare' | 'open' | 'duty'
  /** Tabs of the page, each with its own address; the first stands for the page itself. */
  tabs?: PageRow[]
}

export const SECTIONS = ['总览', '培训', '人员', '信息', '管理'] as const
export type Section = (typeof SECTIONS)[number]

export const PAGES: PageRow[] = [
  {
    path: '/sign-in',
    name: 'sign-in',
    title: '登录',
    frame: 'open',
    page: () => import('@/pages/sign-in/SignIn.vue'),
  },
  {
    path: '/first-password',
    name: 'first-password',
    title: '修改初始密码',
    frame: 'duty',
    page: () => import('@/pages/sign-in/FirstPassword.vue'),
  },
  {
    path: '/first-totp',
    name: 'first-totp',
    title: '绑定动态口令',
    frame: 'duty',
    page: () => import('@/pages/sign-in/FirstTotp.vue'),
  },

  {
    path: '/',
    name: 'overview',
    title: '总览',
    menu: '总览',
    icon: House,
    page: () => import('@/pages/overview/OverviewPage.vue'),
  },

  { path: '/:rest(.*)*', name: 'lost', title: '没有这个页面', page: () => import('@/pages/LostPage.vue') },
]
