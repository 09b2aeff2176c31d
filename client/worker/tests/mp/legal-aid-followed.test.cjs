// After filing, in the package WeChat would get: a case with its hearing, a message, an answer, a tip of nobody's.
const assert = require('node:assert/strict')
const { before, test } = require('node:test')
const { boot } = require('./harness.cjs')

/** Of the demo data: a case in hand with a hearing and messages. */
const PERSONA = 'worker-0052'

let app

before(async () => {
  app = await boot(PERSONA)
  for (let waited = 0; !app.storage['gongyun:me'] && waited < 10_000; waited += 50) await app.sleep(50)
})

/** The query of the last page that was gone to. */
function askedFor(page) {
  const [, url] = app.log.filter(([name, to]) => name === 'navigateTo' && to?.startsWith(page)).pop()
  return Object.fromEntries(
    url
      .split('?')[1]
      .split('&')
      .map((each) => each.split('=')),
  )
}

test('a case tells its hearing, and puts it into the phone calendar', async () => {
  const list = await app.open('pages/aid-case/list')
  await list.until('看进度')
  await list.tap('看进度')
  const page = await app.open('pages/aid-case/index', askedFor('/pages/aid-case/index'))
  await page.until('仲裁开庭')
  await page.until('办理进度')
  await page.tap('记到手机日历')
  assert.deepEqual(
    app.log.filter(([name]) => name === 'addPhoneCalendar'),
    [['addPhoneCalendar', '仲裁开庭']],
  )
})

test('a message is written to the handler', async () => {
  const page = await app.open('pages/aid-case/messages', askedFor('/pages/aid-case/index'))
  await page.until('示例法律援助员')
  const words = `工资条找到了${Date.now()}`
  await page.fire(page.all('textarea')[0], 'input', { value: words })
  await page.tap('发送')
  await page.until(words)
  assert.equal(app.storage[Object.keys(app.storage).find((each) => each.includes('aid-message'))], undefined)
})

test('a published answer is read', async () => {
  const list = await app.open('pages/answers/index')
  await list.until('看答复')
  await list.tap('看答复')
  const page = await app.open('pages/answers/answer', askedFor('/pages/answers/answer'))
  await page.until('律师答复')
})

test('a tip of nobody carries no token, and its code opens it', async () => {
  const page = await app.open('pages/tips/give')
  await page.until('匿名提交')
  await page.tap('拖欠工资')
  const [employer] = page.all('input')
  await page.fire(employer, 'input', { value: '示例茶厂' })
  await page.fire(page.all('textarea')[0], 'input', { value: '拖欠工资两个月' })
  await page.tap('匿名提交')
  await page.until('只显示这一次')
  const [code] = page.text().match(/[0-9A-Z]{4}(-[0-9A-Z]{4}){3}/)
  const claim = await app.open('pages/tips/claim')
  await claim.type(code.toLowerCase())
  await claim.tap('查进展')
  await claim.until('已收到您的线索')
  const requests = app.log.filter(([name]) => name === 'request')
  const asNobody = requests.filter(([, , path]) => path.startsWith('/api/v1/labour-tips'))
  assert.equal(asNobody.length, 2)
  for (const [, , , header] of asNobody) assert.equal(header.Authorization, undefined)
  const named = requests.find(([, , path]) => path === '/api/v1/me/legal-aid/cases')
  assert.match(named[3].Authorization, /^Bearer /)
})
