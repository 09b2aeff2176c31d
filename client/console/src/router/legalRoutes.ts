/** The pages of legal aid: its desk and cases, consultation, supervision, what is settled for them. */

import { Briefcase, Files } from '@element-plus/icons-vue'
import type { PageRow } from './routes'

// A row a line: it is read as a table.
// prettier-ignore
export const LEGAL_PAGES: PageRow[] = [
  { path: '/legal-aid', name: 'legal-desk', title: '援助窗口', menu: '法律援助', icon: Briefcase, operations: ['show_desk'], page: () => import('@/pages/legal-aid/DeskPage.vue') },
  { path: '/legal-aid/cases', name: 'legal-cases', title: '援助案件', menu: '法律援助', icon: Files, operations: ['list_cases'], page: () => import('@/pages/legal-aid/CaseList.vue') },
]
