/** What is reached from 我的, in groups. A new page of that kind gets its row here. */
export interface MenuRow {
  title: string
  note?: string
  page: string
  /** Only for who may keep attendance in this sign-in. */
  forTrainers?: boolean
}

export const MENU: Array<{ title: string; rows: MenuRow[] }> = [
  {
    title: '讲课',
    rows: [
      { title: '今天的课', note: '名单、签到码、点名', page: '/pages/lessons/index', forTrainers: true },
    ],
  },
  {
    title: '上课',
    rows: [
      { title: '课程表', note: '我的课都在哪天', page: '/pages/calendar/index' },
      { title: '上课签到', note: '扫码，或输入六位数字', page: '/pages/check-in/index' },
      { title: '消息', note: '报名结果和通知', page: '/pages/inbox/index' },
    ],
  },
  {
    title: '我的信息',
    rows: [{ title: '身份认证', note: '认证后才能报名', page: '/pages/binding/index' }],
  },
]
