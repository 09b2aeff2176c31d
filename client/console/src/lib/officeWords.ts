/** Words of the office side: desks, accounts, imports, announcements, audit, delivery. */

import type { Tone, Word } from './words'

type Words = Record<string, Word>

const word = (said: string, tone: Tone = 'calm'): Word => ({ said, tone })

export const VERIFIED = { yes: word('已认证', 'good'), no: word('未认证') }

export const CERTIFICATE_STATES = { confirmed: word('已核验', 'good'), waiting: word('待核验', 'warn') }

export const CASE_KINDS: Record<string, string> = {
  bound_elsewhere: '身份被别的微信占用',
  new_phone: '换了手机号',
  lost_account: '原来的微信登不上',
  not_listed: '名单里没有我',
}

export const CASE_STATES: Words = {
  open: word('待处理', 'warn'),
  moved: word('已改绑', 'good'),
  refused: word('未通过', 'bad'),
}

export const CORRECTION_FIELDS: Record<string, string> = {
  name: '姓名',
  id_number: '身份证号',
  employer: '用人单位',
  membership: '会籍',
  training: '培训记录',
  other: '其他',
}

export const CORRECTION_STATES: Words = {
  open: word('待处理', 'warn'),
  accepted: word('已采纳', 'good'),
  refused: word('未采纳', 'bad'),
}

export const IMPORT_KINDS: Record<string, string> = { union_nodes: '工会组织', workers: '职工名单' }

export const IMPORT_STATES: Words = {
  checking: word('核对中', 'busy'),
  ready: word('待确认', 'warn'),
  refused: word('读不了', 'bad'),
  applying: word('写入中', 'busy'),
  applied: word('已写入', 'good'),
  discarded: word('已放弃'),
}

export const ANNOUNCEMENT_STATES: Words = {
  draft: word('草稿'),
  scheduled: word('定时待发', 'warn'),
  sending: word('发送中', 'busy'),
  sent: word('已发完', 'good'),
  cancelled: word('已撤销', 'bad'),
}

export const OUTBOX_STATES: Words = {
  dead: word('死信', 'bad'),
  unclear: word('结果不明', 'warn'),
  due: word('待投递', 'busy'),
  done: word('已投递', 'good'),
}

export const CHANNELS: Record<string, string> = { staff: '管理台', wechat: '微信小程序', phone: '手机验证码' }

/** Beginnings of the trail's actions, for the filter. */
export const AUDIT_AREAS: Record<string, string> = {
  'auth.': '登录与拒绝',
  'identity.': '身份、账号、授权',
  'personal_data.': '个人信息',
  'skills.': '证书核验',
  'imports.': '表格导入',
  'organisations.': '工会与设置',
  'training.': '课程与班次',
  'booking.': '报名',
  'mark.': '考勤更正',
  'attendance.': '考勤',
  'announcement.': '公告',
  'outbox.': '投递',
  'audit.': '查看审计记录',
  'keys.': '密钥',
  'retention.': '到期清理',
  'legal_aid.': '法律援助',
}

const ACTIONS: Record<string, string> = {
  'announcement.approved': '审核公告',
  'announcement.cancelled': '撤销公告',
  'announcement.changed': '修改公告',
  'announcement.created': '写公告',
  'announcement.sent': '发公告',
  'attendance.code_key': '取签到密钥',
  'attendance.confirm': '确认到场',
  'attendance.place': '定上课位置',
  'attendance.export': '导出考勤',
  'attendance.record': '登记考勤',
  'attendance.seal': '封存签到表',
  'audit.read': '查看审计记录',
  'auth.denied': '拒绝登录',
  'auth.door_denied': '拒绝越权请求',
  'auth.refresh_reused': '发现令牌被重复使用',
  'auth.sign_in_ended': '结束登录',
  'auth.signed_in': '登录',
  'auth.signed_out': '退出',
  'booking.paused': '暂停报名',
  'booking.removed': '移除报名',
  'booking.resumed': '恢复报名',
  'identity.account_disabled': '停用账号',
  'identity.account_enabled': '启用账号',
  'identity.account_opened': '开设账号',
  'identity.binding_denied': '身份认证未通过',
  'identity.bound': '身份认证',
  'identity.case_moved': '申诉通过，改绑',
  'identity.case_opened': '提出身份申诉',
  'identity.case_refused': '驳回申诉',
  'identity.password_changed': '修改密码',
  'identity.password_set': '重设密码',
  'identity.phone_proved': '验证手机',
  'identity.profile_changed': '修改资料',
  'identity.role_granted': '授予角色',
  'identity.role_withdrawn': '收回角色',
  'identity.staff_person_entered': '登记干部',
  'identity.totp_enrolled': '启用动态口令',
  'identity.totp_removed': '停用动态口令',
  'identity.totp_reset': '重置动态口令',
  'identity.work_changed': '更正工作信息',
  'imports.accepted': '确认导入',
  'imports.applied': '导入写完',
  'imports.discarded': '放弃导入',
  'imports.uploaded': '上传表格',
  'keys.rotation_started': '开始更换密钥',
  'mark.correct': '更正考勤',
  'organisations.holidays_entered': '登记节假日',
  'organisations.settings_changed': '修改工会设置',
  'outbox.resent': '重发死信',
  'personal_data.closure_requested': '申请注销',
  'personal_data.closure_withdrawn': '撤回注销',
  'personal_data.copy_requested': '申请个人信息副本',
  'personal_data.correction_decided': '处理更正申请',
  'personal_data.correction_requested': '申请更正',
  'personal_data.erased': '删除个人信息',
  'personal_data.read': '查看个人信息',
  'retention.run': '到期清理',
  'skills.certificate_confirmed': '核验证书',
  'skills.confirmation_withdrawn': '撤回核验',
  'training.class_approved': '审批班次',
  'training.class_cancelled': '取消班次',
  'training.class_changed': '修改班次',
  'training.class_copied': '复制班次',
  'training.class_created': '新建班次',
  'training.class_discarded': '删除班次草稿',
  'training.class_published': '发布班次',
  'training.class_sent_back': '退回班次',
  'training.class_submitted': '提交审批',
  'training.course_archived': '停用课程',
  'training.course_changed': '修改课程',
  'training.course_created': '新建课程',
  'training.course_restored': '恢复课程',
  'training.trainers_appointed': '安排教师',
  'training.hours_differ': '课时与课程不符',
  'training.trainer_busy': '教师时间冲突',
  'training.window_closed_early': '提前截止报名',
  'training.window_extended': '延长报名',
  'training.window_paused': '暂停报名',
  'training.window_reopened': '重新开放报名',
  'training.window_resumed': '恢复报名',
}

/** Names of what stands beside a deed in the trail. */
export const DETAILS: Record<string, string> = {
  about: '涉及人员',
  absent: '缺课',
  after: '改后',
  at: '时间',
  before: '改前',
  case_kind: '事由',
  channel: '渠道',
  class_id: '班次',
  closes_at: '截止',
  code: '原因代码',
  copied_from: '复制自班次',
  course_id: '课程',
  days: '天数',
  field: '字段',
  fields: '字段',
  found: '查到',
  is_changed: '有改动',
  items: '条数',
  kind: '种类',
  needs_approval: '要第二人审批',
  node_id: '工会',
  offering_id: '名额',
  page: '第几页',
  people: '涉及人员',
  person_ids: '人员',
  reached: '已送达',
  reason: '原因',
  role: '角色',
  rows: '行数',
  rows_bad: '错行',
  skipped: '跳过',
  state: '结果',
  subject_id: '对应人员',
  submitted_by: '提交人',
  version: '版本',
}

/** What an outbox row is for. */
const OUTBOX_KINDS: Record<string, string> = {
  announcement: '公告分发',
  notice: '站内消息',
  wechat_message: '微信提醒',
  wechat_event: '微信推送来的事件',
  'phone_code.send': '手机验证码',
  'import.check': '导入核对',
  'import.apply': '导入写入',
  'import.forget': '导入文件清除',
}

export function sayOutboxKind(kind: string): string {
  return OUTBOX_KINDS[kind] ?? kind
}

const SUBJECTS: Record<string, string> = {
  person: '人员',
  people: '人员名单',
  account: '账号',
  announcement: '公告',
  class: '班次',
  training_class: '班次',
  course: '课程',
  lesson: '课次',
  booking: '报名',
  node: '工会',
  import: '导入',
  outbox: '投递',
  audit: '审计记录',
  data_correction: '更正申请',
  binding_case: '身份申诉',
  skill_certificate: '证书',
  skill_certificates: '证书名单',
  sign_in: '登录',
}

/** What the trail calls a deed, in words; its code where nobody has written one. */
export function sayAction(action: string): string {
  return ACTIONS[action] ?? action
}

export function saySubject(kind: string): string {
  return SUBJECTS[kind] ?? kind
}
