/**
 * Every page, one row each: address, title, whom it opens to, where it stands in the menu. A page is shown to whoever
 * may call one of its `operations` (operation ids of the API; which roles that means is the API's to say).
 */

import { Calendar, CircleCheck, Collection, House, Tickets } from '@element-plus/icons-vue'
import type { Component } from 'vue'
import { LEGAL_PAGES } from './legalRoutes'
import { OFFICE_PAGES } from './officeRoutes'

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

export const SECTIONS = ['总览', '培训', '法律援助', '人员', '信息', '管理'] as const
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

  {
    path: '/classes',
    name: 'classes',
    title: '班次',
    menu: '培训',
    icon: Tickets,
    operations: ['list_staff_classes'],
    page: () => import('@/pages/classes/ClassList.vue'),
  },
  {
    path: '/classes/new',
    name: 'class-new',
    title: '新建班次',
    parent: 'classes',
    operations: ['create_class'],
    page: () => import('@/pages/classes/ClassForm.vue'),
  },
  {
    path: '/classes/:id(\\d+)/edit',
    name: 'class-edit',
    title: '修改',
    parent: 'class',
    operations: ['change_class'],
    page: () => import('@/pages/classes/ClassForm.vue'),
  },
  {
    path: '/classes/:id(\\d+)',
    name: 'class',
    title: '班次',
    parent: 'classes',
    operations: ['get_staff_class'],
    page: () => import('@/pages/class/ClassPage.vue'),
    tabs: [
      {
        path: '',
        name: 'class-overview',
        title: '概况',
        page: () => import('@/pages/class/ClassOverview.vue'),
      },
      {
        path: 'roster',
        name: 'class-roster',
        title: '名单与候补',
        operations: ['list_roster'],
        page: () => import('@/pages/class/ClassRoster.vue'),
      },
      {
        path: 'attendance',
        name: 'class-attendance',
        title: '考勤',
        operations: ['get_lesson_roster'],
        page: () => import('@/pages/class/ClassAttendance.vue'),
      },
      {
        path: 'trainers',
        name: 'class-trainers',
        title: '教师',
        operations: ['appoint_trainers'],
        page: () => import('@/pages/class/ClassTrainers.vue'),
      },
      {
        path: 'rush',
        name: 'class-rush',
        title: '抢课日',
        operations: ['show_rush_day'],
        page: () => import('@/pages/class/ClassRush.vue'),
      },
    ],
  },
  {
    path: '/lessons',
    name: 'lessons',
    title: '课次与考勤',
    menu: '培训',
    icon: Calendar,
    operations: ['list_lessons'],
    page: () => import('@/pages/lessons/LessonList.vue'),
  },
  {
    path: '/lessons/:id(\\d+)',
    name: 'lesson',
    title: '签到表',
    parent: 'lessons',
    operations: ['get_lesson_roster'],
    page: () => import('@/pages/lessons/LessonSheet.vue'),
  },
  {
    path: '/lessons/:id(\\d+)/screen',
    name: 'lesson-screen',
    title: '大屏签到码',
    frame: 'bare',
    operations: ['show_code'],
    page: () => import('@/pages/lessons/LessonScreen.vue'),
  },
  {
    path: '/courses',
    name: 'courses',
    title: '课程',
    menu: '培训',
    icon: Collection,
    operations: ['list_staff_courses'],
    page: () => import('@/pages/courses/CourseList.vue'),
  },
  {
    path: '/courses/new',
    name: 'course-new',
    title: '新建课程',
    parent: 'courses',
    operations: ['create_course'],
    page: () => import('@/pages/courses/CourseForm.vue'),
  },
  {
    path: '/courses/:id(\\d+)',
    name: 'course-edit',
    title: '修改课程',
    parent: 'courses',
    operations: ['change_course'],
    page: () => import('@/pages/courses/CourseForm.vue'),
  },
  {
    path: '/approvals',
    name: 'approvals',
    title: '待审批',
    menu: '培训',
    icon: CircleCheck,
    operations: ['list_approvals'],
    page: () => import('@/pages/classes/ApprovalList.vue'),
  },

  ...LEGAL_PAGES,

  ...OFFICE_PAGES,

  { path: '/:rest(.*)*', name: 'lost', title: '没有这个页面', page: () => import('@/pages/LostPage.vue') },
]
