// The main job in the package WeChat would get: signed in by itself, find a class, take a place, check in.
const assert = require('node:assert')
const { before, test } = require('node:test')
const { boot } = require('./harness.cjs')
const office = require('./office.cjs')

const PERSONA = `worker-0${100 + Math.floor(Math.random() * 99)}`
const BOOKING = /\/api\/v1\/training\/classes\/\d+\/bookings$/

let app
let staff
let planned
let me

before(async () => {
  staff = await office.signIn()
  planned = await office.publishClass(staff)
  app = await boot(PERSONA)
  for (let waited = 0; !app.storage['gongyun:me'] && waited < 10_000; waited += 50) await app.sleep(50)
  me = { Authorization: `Bearer ${JSON.parse(app.storage['gongyun:tokens']).access}` }
})

const bookings = async () => (await office.get('/api/v1/me/bookings?active=true', me)).items
const bookingKeys = () =>
  app.log
    .filter((each) => each[0] === 'request' && BOOKING.test(each[2]))
    .map((each) => each[3]['Idempotency-Key'])

test('WeChat says who it is: nobody types anything, and home greets by name', async () => {
  const page = await app.open('pages/index/index')
  await page.until('您好')
  const { person } = JSON.parse(app.storage['gongyun:me'])
  assert.ok(page.text().includes(person.name))
})

test('a class is found in the list and opened by a tap', async () => {
  const page = await app.open('pages/classes/index')
  await page.until(planned.title)
  await page.tap(planned.title)
  const [name, url] = app.log.findLast((each) => each[0] === 'navigateTo')
  assert.equal(name, 'navigateTo')
  assert.match(url, /^\/pages\/class\/index\?id=\d+$/)
})

test('the large button books, though the answer is lost once: the same receipt, one booking', async () => {
  const page = await app.open('pages/class/index', { id: String(planned.id) })
  await page.until('立即报名')
  let isCut = false
  app.phone.cut = (sent) => {
    if (isCut || sent.method !== 'POST' || !BOOKING.test(sent.path)) return false
    isCut = true
    return true
  }
  await page.tap('立即报名')
  await page.until('报上了')
  assert.ok(isCut)
  const [mine] = (await bookings()).filter((each) => each.class_id === planned.id)
  assert.equal(mine.state, 'booked')
  assert.ok(page.text().includes(mine.receipt.hash.slice(0, 12)))
  const keys = bookingKeys()
  assert.equal(keys.length, 2)
  assert.equal(new Set(keys).size, 1)
  assert.equal(app.storage['gongyun:grab:pending'], undefined)
})

test('the scanned code checks in', async () => {
  const lesson = planned.lessons[0].id
  app.phone.scanned = (await office.get(`/api/v1/staff/training/lessons/${lesson}/code`, staff)).code
  const page = await app.open('pages/check-in/index')
  await page.tap('扫码签到')
  await page.until('✓')
  assert.ok(page.text().includes(planned.title))
})

test('the six digits do as well, and say the same again', async () => {
  const lesson = planned.lessons[0].id
  const shown = await office.get(`/api/v1/staff/training/lessons/${lesson}/code`, staff)
  const page = await app.open('pages/check-in/index')
  await page.type(shown.digits)
  await page.tap('签到')
  await page.until('记为')
})

test('my bookings show it, and give it back after asking', async () => {
  const page = await app.open('pages/bookings/index')
  await page.until(planned.title)
  assert.ok(page.text().includes('已报名'))
  await page.tap('取消报名')
  await page.until('名额会马上让给候补的人')
  await page.fire(
    page.all('button').findLast((each) => each.textContent.includes('取消报名')),
    'tap',
  )
  for (let waited = 0; waited < 5000 && (await bookings()).length; waited += 200) await app.sleep(200)
  assert.deepEqual(await bookings(), [])
})

test('a printed code that is not ours says so', async () => {
  const page = await app.open('pages/ticket/index', { scene: '0123456789abcdef' })
  await page.until('这个码已失效')
})

test('the icon font is in the package: no style asks another host', () => {
  const { execFileSync } = require('node:child_process')
  const dist = require('node:path').resolve(__dirname, '../../dist/build/mp-weixin')
  const found = execFileSync('sh', [
    '-c',
    `grep -rlE "url\\\\(['\\"]?(https?:)?//" --include=*.wxss ${dist} || true`,
  ])
  assert.equal(found.toString(), '')
})
