// The trainer's pages in the package WeChat would get: marks made while nothing is answered are kept and arrive once,
// the code is shown with and without an answer.
const assert = require('node:assert')
const { before, test } = require('node:test')
const { boot } = require('./harness.cjs')
const office = require('./office.cjs')

const PERSONA = `worker-0${100 + Math.floor(Math.random() * 99)}`
const MARKS = /\/attendance$/
let app
let staff
let planned

before(async () => {
  staff = await office.signIn()
  planned = await office.publishClass(staff)
  app = await boot(PERSONA)
  for (let waited = 0; !app.storage['gongyun:me'] && waited < 10_000; waited += 50) await app.sleep(50)
})

const roster = () =>
  office
    .get(`/api/v1/staff/training/lessons/${planned.lessons[0].id}/roster`, staff)
    .then((found) => found.lines)

test('the office signs in by account and is led to the lessons of the day', async () => {
  const class_ = await app.open('pages/class/index', { id: String(planned.id) })
  await class_.until('立即报名')
  await class_.tap('立即报名')
  await class_.until('报上了')

  const page = await app.open('pages/sign-in/index')
  await page.tap('讲师和工作人员')
  await page.type('city', 0)
  await page.type(process.env.STAFF_PASSWORD, 1)
  await page.tap('登录')
  for (let waited = 0; waited < 10_000; waited += 50) {
    if (app.log.some(([name, url]) => name === 'redirectTo' && url === '/pages/lessons/index')) break
    await app.sleep(50)
  }
  const lessons = await app.open('pages/lessons/index')
  await lessons.until(planned.title)
})

test('marks that are not answered are kept on the phone, and arrive once', async () => {
  const page = await app.open('pages/lesson/index', { id: String(planned.lessons[0].id) })
  await page.until('没登记 1')
  app.phone.cut = (sent) => sent.method === 'PUT' && MARKS.test(sent.path)
  await page.tap('到课')
  await page.until('1条待发送')
  const kept = Object.keys(app.storage).filter((key) => key.startsWith('gongyun:marks:'))
  assert.equal(kept.length, 1)
  const [{ client_id }] = JSON.parse(app.storage[kept[0]]).marks

  // The batch reached the server, only its answer was lost: the same record again changes nothing.
  await page.tap('现在发送')
  await page.until('已发出，还没收到答复')
  app.phone.cut = () => false
  await app.sleep(4000)
  if (page.text().includes('现在发送')) await page.tap('现在发送')
  await page.until('1条已记上')
  const answered = JSON.parse(app.storage[kept[0]]).marks
  assert.deepEqual(
    answered.map((each) => [each.client_id, each.answer.result]),
    [[client_id, 'applied']],
  )
  const [line] = await roster()
  assert.deepEqual([line.state, line.source], ['present', 'trainer'])
})

test('the code is shown, and the same one without an answer', async () => {
  const lesson = planned.lessons[0].id
  const page = await app.open('pages/lesson/code', { id: String(lesson) })
  await page.until('秒后换新码')
  const said = async () => {
    const { digits } = await office.get(`/api/v1/staff/training/lessons/${lesson}/code`, staff)
    return `${digits.slice(0, 3)} ${digits.slice(3)}`
  }
  await page.until(await said(), 35_000)
  for (let waited = 0; !app.storage[`gongyun:cache:code-key:${lesson}`] && waited < 5000; waited += 50)
    await app.sleep(50)

  app.phone.cut = () => true
  const again = await app.open('pages/lesson/code', { id: String(lesson) })
  await again.until('用本机算的码')
  assert.ok(again.text().includes(await said()))
})
