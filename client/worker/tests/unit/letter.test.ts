import { describe, expect, it, vi } from 'vitest'
import { call } from '@/api/client'
import { keepTokens } from '@/api/tokens'
import { useLetter } from '@/composables/letter'
import { passing, problem, server, storage } from './fake'

const EMPTY = { words: '' }
const DRAFT = 'gongyun:draft:note'

async function tried(
  letter: ReturnType<typeof useLetter<{ words: string }>>,
  fate: 'lost' | 'kept',
): Promise<string> {
  let used = ''
  const sending = letter.send(async (key) => {
    used = key
    if (fate === 'lost') throw new Error('lost')
  })
  await sending.catch(() => undefined)
  return used
}

describe('a letter', () => {
  it('is there again after the page was closed', () => {
    useLetter('note', EMPTY).form.words = '工资条找到了'
    expect(useLetter('note', EMPTY).form.words).toBe('工资条找到了')
  })

  it('is sent again with the same key, also after the page was closed', async () => {
    const letter = useLetter('note', EMPTY)
    letter.form.words = '工资条找到了'
    const first = await tried(letter, 'lost')
    expect(await tried(letter, 'lost')).toBe(first)
    expect(await tried(useLetter('note', EMPTY), 'lost')).toBe(first)
  })

  it('that was changed is another one', async () => {
    const letter = useLetter('note', EMPTY)
    letter.form.words = '一'
    const first = await tried(letter, 'lost')
    letter.form.words = '二'
    expect(await tried(letter, 'lost')).not.toBe(first)
  })

  it('leaves nothing on the phone once it is accepted', async () => {
    const letter = useLetter('note', EMPTY)
    letter.form.words = '一'
    const first = await tried(letter, 'kept')
    expect(letter.form.words).toBe('')
    expect(storage.has(DRAFT)).toBe(false)
    letter.form.words = '一'
    expect(await tried(letter, 'lost')).not.toBe(first)
  })
})

describe('what is asked as nobody', () => {
  const TIPS = '/api/v1/labour-tips'
  const body = { matter: 'wages' as const, employer_name: '某茶厂', words: '拖欠工资' }

  it('carries no token, though somebody is signed in', async () => {
    keepTokens({ access_token: 'a1', refresh_token: 'r1', expires_in: 3600 })
    server.on(`POST ${TIPS}`, () => ({ status: 201, body: { number: 'XS1', claim_code: 'C' } }))
    await call('post', TIPS, { body, key: 'k1', asNobody: true })
    expect(server.calls).toHaveLength(1)
    expect(Object.keys(server.calls[0].header).sort()).toEqual(['Content-Type', 'Idempotency-Key'])
  })

  it('is sent again with the same key, and ends no sign-in', async () => {
    vi.useFakeTimers()
    keepTokens({ access_token: 'a1', refresh_token: 'r1', expires_in: 3600 })
    let count = 0
    server.on(`POST ${TIPS}`, () => ((count += 1) < 3 ? 'lost' : problem(401, 'auth.required')))
    const sent = call('post', TIPS, { body, key: 'k1', asNobody: true })
    await expect(passing(sent)).rejects.toMatchObject({ code: 'auth.required' })
    expect(server.calls.map((each) => each.header['Idempotency-Key'])).toEqual(['k1', 'k1', 'k1'])
    expect(storage.has('gongyun:tokens')).toBe(true)
  })
})
