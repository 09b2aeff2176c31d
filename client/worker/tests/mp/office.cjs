// The union's office, for tests: plans classes and reads lesson codes, by the API. Needs STAFF_PASSWORD.
const { BASE, post } = require('./harness.cjs')

const inSeconds = (seconds) => new Date(Date.now() + seconds * 1000).toISOString()

async function signIn() {
  const given = await post('/api/v1/auth/staff', { account: 'city', password: process.env.STAFF_PASSWORD })
  if (given.status !== 200) throw new Error(`the office cannot sign in: ${JSON.stringify(given.body)}`)
  return { Authorization: `Bearer ${given.body.access_token}` }
}

async function get(address, headers) {
  return (await fetch(BASE + address, { headers })).json()
}

/** A published class whose window is open; its only lesson begins in ten minutes, so that its check-in is open too. */
async function publishClass(headers, { capacity = 3, waiting = 5, startsIn = 600 } = {}) {
  const courses = await get('/api/v1/staff/training/courses', headers)
  const body = {
    course_id: courses.items[0].id,
    place: '普洱市职工之家',
    capacity,
    waiting_capacity: waiting,
    opens_at: inSeconds(-60),
    closes_at: inSeconds(startsIn - 30),
    lessons: [
      {
        starts_at: inSeconds(startsIn),
        ends_at: inSeconds(startsIn + 3600),
        mode: 'on_site',
        room: '302',
        hours: 1,
      },
    ],
  }
  const made = await post('/api/v1/staff/training/classes', body, headers)
  if (made.status !== 201) throw new Error(JSON.stringify(made.body))
  const trainers = await get('/api/v1/staff/training/trainers', headers)
  await fetch(`${BASE}/api/v1/staff/training/classes/${made.body.id}/trainers`, {
    method: 'PUT',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify({ main_id: trainers.items[0].id }),
  })
  const published = await post(`/api/v1/staff/training/classes/${made.body.id}/publish`, {}, headers)
  if (published.status !== 200) throw new Error(JSON.stringify(published.body))
  return published.body
}

module.exports = { signIn, get, publishClass }
