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
      { title: '培训记录', note: '课时、考勤、结业', page: '/pages/record/index' },
      { title: '技能证书', note: '登记了，工会核验后算数', page: '/pages/certificates/index' },
      { title: '消息', note: '报名结果和通知', page: '/pages/inbox/index' },
    ],
  },
  {
    title: '维权',
    rows: [{ title: '法律援助', note: '欠薪、工伤、辞退，工会免费帮', page: '/pages/legal-aid/index' }],
  },
  {
    title: '我的信息',
    rows: [
      { title: '个人资料', note: '看资料，改职业、手机号', page: '/pages/profile/index' },
      { title: '身份认证', note: '认证后才能报名', page: '/pages/binding/index' },
      { title: '我的数据', note: '存了什么、下载、更正、谁看过', page: '/pages/my-data/index' },
      { title: '授权', note: '同意过什么，随时能撤回', page: '/pages/consents/index' },
      { title: '微信提醒', note: '报名结果发到微信', page: '/pages/subscriptions/index' },
      { title: '登录管理', note: '在哪些手机登录着', page: '/pages/sign-ins/index' },
      { title: '注销账号', page: '/pages/closure/index' },
    ],
  },
]
