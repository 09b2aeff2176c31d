/** The pages of the office: people and their papers, accounts, imports, announcements, what administrators watch. */

import {
  Bell,
  ChatDotSquare,
  EditPen,
  Key,
  List,
  Message,
  Postcard,
  Promotion,
  Setting,
  UploadFilled,
  User,
  View,
} from '@element-plus/icons-vue'
import type { PageRow } from './routes'

// A row a line: it is read as a table.
// prettier-ignore
export const OFFICE_PAGES: PageRow[] = [
  { path: '/inbox', name: 'inbox', title: '消息', menu: '总览', icon: Message, operations: ['list_messages'], page: () => import('@/pages/inbox/InboxPage.vue') },
  { path: '/account', name: 'account', title: '我的账号', page: () => import('@/pages/account/AccountHome.vue') },

  { path: '/people', name: 'people', title: '人员', menu: '人员', icon: User, operations: ['list_people'], page: () => import('@/pages/people/PeopleList.vue') },
  { path: '/people/:id(\\d+)', name: 'person', title: '人员', parent: 'people', operations: ['get_person'], page: () => import('@/pages/people/PersonPage.vue') },
  { path: '/certificates', name: 'certificates', title: '证书核验', menu: '人员', icon: Postcard, operations: ['list_certificates'], page: () => import('@/pages/certificates/CertificateList.vue') },
  { path: '/binding-cases', name: 'binding-cases', title: '身份申诉', menu: '人员', icon: ChatDotSquare, operations: ['list_binding_cases'], page: () => import('@/pages/desk/CaseList.vue') },
  { path: '/binding-cases/:id(\\d+)', name: 'binding-case', title: '身份申诉', parent: 'binding-cases', operations: ['get_binding_case'], page: () => import('@/pages/desk/CasePage.vue') },
  { path: '/corrections', name: 'corrections', title: '信息更正', menu: '人员', icon: EditPen, operations: ['list_corrections'], page: () => import('@/pages/desk/CorrectionList.vue') },
  { path: '/imports', name: 'imports', title: '表格导入', menu: '人员', icon: UploadFilled, operations: ['list_imports'], page: () => import('@/pages/imports/ImportList.vue') },
  { path: '/imports/:id([0-9a-f-]+)', name: 'import', title: '导入', parent: 'imports', operations: ['get_import'], page: () => import('@/pages/imports/ImportPage.vue') },

  { path: '/announcements', name: 'announcements', title: '公告', menu: '信息', icon: Bell, operations: ['list_staff_announcements'], page: () => import('@/pages/announcements/AnnouncementList.vue') },
  { path: '/announcements/new', name: 'announcement-new', title: '写公告', parent: 'announcements', operations: ['create_announcement'], page: () => import('@/pages/announcements/AnnouncementForm.vue') },
  { path: '/announcements/:id(\\d+)/edit', name: 'announcement-edit', title: '修改', parent: 'announcement', operations: ['change_announcement'], page: () => import('@/pages/announcements/AnnouncementForm.vue') },
  { path: '/announcements/:id(\\d+)', name: 'announcement', title: '公告', parent: 'announcements', operations: ['get_staff_announcement'], page: () => import('@/pages/announcements/AnnouncementPage.vue') },

  { path: '/accounts', name: 'accounts', title: '账号与授权', menu: '管理', icon: Key, operations: ['list_accounts'], page: () => import('@/pages/accounts/AccountList.vue') },
  { path: '/accounts/:id(\\d+)', name: 'staff-account', title: '账号', parent: 'accounts', operations: ['get_account'], page: () => import('@/pages/accounts/AccountPage.vue') },
  { path: '/policy', name: 'policy', title: '谁能做什么', menu: '管理', icon: View, operations: ['show_policy'], page: () => import('@/pages/policy/PolicyPage.vue') },
  { path: '/node-settings', name: 'node-settings', title: '工会设置', menu: '管理', icon: Setting, operations: ['get_node_settings'], page: () => import('@/pages/policy/NodeSettings.vue') },
  { path: '/audit', name: 'audit', title: '审计', menu: '管理', icon: List, operations: ['list_audit_entries'], page: () => import('@/pages/audit/AuditList.vue') },
  { path: '/outbox', name: 'outbox', title: '投递', menu: '管理', icon: Promotion, operations: ['list_outbox'], page: () => import('@/pages/outbox/OutboxList.vue') },
]
