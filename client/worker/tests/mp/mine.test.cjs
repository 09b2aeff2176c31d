// Everybody's own pages in the package WeChat would get: each opens with what the server holds.
const { before, test } = require('node:test')
const { boot } = require('./harness.cjs')

const PERSONA = `worker-0${100 + Math.floor(Math.random() * 99)}`
const MINE = [
  ['pages/profile/index', '工会登记的信息'],
  ['pages/phone/index', '新手机号'],
  ['pages/wechat/index', '换了微信怎么办'],
  ['pages/my-data/index', '工云存了您的什么'],
  ['pages/my-data/copies', '要一份副本'],
  ['pages/my-data/corrections', '哪里登记错了'],
  ['pages/my-data/looks', '信息'],
  ['pages/consents/index', '签到时使用位置'],
  ['pages/consents/history', '同意'],
  ['pages/certificates/index', '登记一本证书'],
  ['pages/certificates/enter', '证书编号'],
  ['pages/sign-ins/index', '这部手机'],
  ['pages/closure/index', '申请注销账号'],
  ['pages/record/index', '课时'],
]

let app

before(async () => {
  app = await boot(PERSONA)
  for (let waited = 0; !app.storage['gongyun:me'] && waited < 10_000; waited += 50) await app.sleep(50)
})

for (const [route, words] of MINE)
  test(`${route} opens`, async () => {
    const page = await app.open(route)
    await page.until(words)
  })

test('a reminder is asked for by a tap, and counted', async () => {
  const page = await app.open('pages/subscriptions/index')
  await page.until('开启提醒')
  await page.tap('开启提醒')
  await page.until('还有1次')
})
