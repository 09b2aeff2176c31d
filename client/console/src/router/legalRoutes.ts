/** The pages of legal aid: its desk and cases, consultation, supervision, what is settled for them. */

import {
  Avatar,
  Bell,
  Briefcase,
  Calendar,
  ChatLineSquare,
  DataLine,
  Files,
  List,
  Reading,
  SetUp,
  Timer,
} from '@element-plus/icons-vue'
import type { PageRow } from './routes'

// A row a line: it is read as a table.
// prettier-ignore
export const LEGAL_PAGES: PageRow[] = [
  { path: '/legal-aid', name: 'legal-desk', title: '援助窗口', menu: '法律援助', icon: Briefcase, operations: ['show_desk'], page: () => import('@/pages/legal-aid/DeskPage.vue') },
  { path: '/legal-aid/cases', name: 'legal-cases', title: '援助案件', menu: '法律援助', icon: Files, operations: ['list_cases'], page: () => import('@/pages/legal-aid/CaseList.vue') },
  { path: '/legal-aid/cases/new', name: 'legal-case-new', title: '登记申请', parent: 'legal-cases', operations: ['enter_case'], page: () => import('@/pages/legal-aid/EnterCase.vue') },
  { path: '/legal-aid/cases/:id([0-9a-f-]+)', name: 'legal-case', title: '案件', parent: 'legal-cases', operations: ['get_case'], page: () => import('@/pages/legal-aid/CasePage.vue') },
  { path: '/legal-aid/tasks', name: 'legal-tasks', title: '我的待办', menu: '法律援助', icon: List, operations: ['list_my_tasks'], page: () => import('@/pages/legal-aid/MyTasks.vue') },
  { path: '/legal-aid/absences', name: 'legal-absences', title: '请假代班', menu: '法律援助', icon: Avatar, operations: ['list_covers'], page: () => import('@/pages/legal-aid/AbsenceList.vue') },
  { path: '/consultations', name: 'consultations', title: '法律咨询', menu: '法律援助', icon: ChatLineSquare, operations: ['list_consultations'], page: () => import('@/pages/consultations/ConsultationList.vue') },
  { path: '/consultations/:id([0-9a-f-]+)', name: 'consultation', title: '咨询', parent: 'consultations', operations: ['get_consultation'], page: () => import('@/pages/consultations/ConsultationPage.vue') },
  { path: '/published-answers', name: 'published-answers', title: '公开的答复', menu: '法律援助', icon: Reading, operations: ['publish_answer'], page: () => import('@/pages/consultations/PublishedList.vue') },
  { path: '/labour-tips', name: 'labour-tips', title: '劳动法律监督', menu: '法律援助', icon: Bell, operations: ['list_tips'], page: () => import('@/pages/labour-tips/TipList.vue') },
  { path: '/labour-tips/:id([0-9a-f-]+)', name: 'labour-tip', title: '线索', parent: 'labour-tips', operations: ['get_tip'], page: () => import('@/pages/labour-tips/TipPage.vue') },
  { path: '/legal-clocks', name: 'legal-clocks', title: '期限一览', menu: '法律援助', icon: Timer, operations: ['get_aid_settings'], page: () => import('@/pages/legal-settings/ClockTable.vue') },
  { path: '/legal-settings', name: 'legal-settings', title: '援助设置', menu: '法律援助', icon: SetUp, operations: ['get_aid_settings'], page: () => import('@/pages/legal-settings/SettingsPage.vue') },
  { path: '/legal-statistics', name: 'legal-statistics', title: '援助统计', menu: '法律援助', icon: DataLine, operations: ['download_legal_aid_statistics'], page: () => import('@/pages/legal-statistics/StatisticsPage.vue') },
  { path: '/holidays', name: 'holidays', title: '节假日', menu: '法律援助', icon: Calendar, operations: ['enter_holidays', 'get_aid_settings', 'list_tips'], page: () => import('@/pages/holidays/HolidayPage.vue') },
]
