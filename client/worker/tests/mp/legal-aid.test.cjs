// Into legal aid in the package WeChat would get: what happened, what comes out, an application with a photo, handed in.
const assert = require('node:assert/strict')
const { readFileSync } = require('node:fs')
const path = require('node:path')
const { before, test } = require('node:test')
const { boot } = require('./harness.cjs')

const PERSONA = `worker-0${100 + Math.floor(Math.random() * 99)}`
/** A picture as a camera takes one is more than one piece; zeros after the end of the picture are not looked at. */
const PICTURE = readFileSync(path.resolve(__dirname, '../../src/static/tabs/home.png'))
const PHOTO = Buffer.concat([PICTURE, Buffer.alloc(400_000)])

let app

before(async () => {
  app = await boot(PERSONA)
  app.phone.photo = PHOTO
  for (let waited = 0; !app.storage['gongyun:me'] && waited < 10_000; waited += 50) await app.sleep(50)
})

const wentTo = (page) =>
  app.log
    .filter(([name, url]) => ['navigateTo', 'redirectTo'].includes(name) && url?.startsWith(page))
    .map(([, url]) => url)
    .pop()

test('the entry leads to the questions', async () => {
  const page = await app.open('pages/legal-aid/index')
  await page.until('我遇到了什么事')
  await page.until('12348')
  await page.tap('拖欠工资')
  assert.equal(wentTo('/pages/legal-aid/triage'), '/pages/legal-aid/triage?matter=wages')
})

test('the questions come one by one, survive a closing, and end in what to do', async () => {
  const page = await app.open('pages/legal-aid/triage', { matter: 'wages' })
  await page.until('还在这家单位')
  await page.tap('还在')
  await page.tap('没有，跳过')
  await page.tap('还没开始')
  await page.until('从农村来打工')
  const again = await app.open('pages/legal-aid/triage')
  await again.until('从农村来打工')
  await again.tap('是')
  await again.tap('都没有')
  await again.tap('就我一个')
  await again.tap('不是')
  await again.until('法律援助法第四十二条第三项')
  await again.until('不用证明')
  await again.tap('申请援助')
  for (let waited = 0; !wentTo('/pages/legal-aid/apply') && waited < 5000; waited += 50) await app.sleep(50)
  assert.match(wentTo('/pages/legal-aid/apply') ?? '', /case=[0-9a-f-]{36}$/)
})

test('the application is filled in, a photo sent over a lost signal, and handed in', async () => {
  const id = wentTo('/pages/legal-aid/apply').split('case=')[1]
  const page = await app.open('pages/legal-aid/apply', { case: id })
  await page.until('事情经过')
  const [reason, claims] = page.all('textarea')
  await page.fire(reason, 'input', { value: '干了三个月活，一分钱没给' })
  await page.fire(claims, 'input', { value: '要回三个月工资9000元' })
  await page.tap('下一步')
  await page.until('身份已认证')
  await page.tap('下一步')
  await page.until('写全名')
  await page.type('普洱某建筑公司')
  await page.tap('下一步')
  await page.until('要不要证明经济困难')
  await page.tap('下一步')
  await page.until('就我一个人')
  await page.tap('下一步')
  await page.until('要准备的材料')

  let isCut = false
  app.phone.cut = ({ path: sent }) => sent.endsWith('/pieces') && !isCut && (isCut = true)
  await page.tap('上传')
  await page.until('从相册选')
  await page.tap('从相册选')
  await page.until('已有1份', 30_000)
  const starts = app.log.filter(([name]) => name === 'upload').map(([, , form]) => Number(form.start))
  assert.ok(starts.length >= 3, `sent again what was lost: ${starts}`)
  assert.ok(starts.at(-1) > 0, `in pieces: ${starts}`)

  await page.tap('下一步')
  await page.until('普洱某建筑公司')
  await page.tap('提交申请')
  await page.until('申请已收到')
  assert.match(page.text(), /\d{6}-\d{4}-\d{4}/)
})
