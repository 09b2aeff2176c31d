import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { bodyOf, changed, missing, partOf, shownForm, slips, verdict } from '@/lib/aid-form'
import { recall } from '@/lib/storage'
import { useAidForm } from '@/stores/aid-form'
import { passing, problem, server } from './fake'

const CASE = '/api/v1/me/legal-aid/cases/c1'

function view(version: number, form: Record<string, unknown>, state = 'draft') {
  return { case: { id: 'c1', version, state }, form, files: [] }
}

describe('a step', () => {
  it('is sent whole: what is empty as null, what was not shown as it was', () => {
    const body = bodyOf({ matter: 'wages', reason: ' 没给钱 ', limitation_on: '2026-12-04' }, 'matter')
    expect(body).toMatchObject({
      matter: 'wages',
      reason: '没给钱',
      limitation_on: '2026-12-04',
      claims: null,
    })
    expect(Object.keys(body)).toHaveLength(8)
  })

  it('keeps what the server had when its first change was made', () => {
    const drafts = changed(
      changed({}, 'means', { hardship: 'none' }, { income: '3000' }),
      'means',
      {},
      { income: '' },
    )
    expect(drafts.means).toEqual({ base: { hardship: 'none' }, part: { hardship: 'none' } })
    expect(shownForm({ hardship: 'none', name: '张三' }, drafts)).toEqual({ hardship: 'none', name: '张三' })
  })

  it('is sent, dropped or asked about by what became of it elsewhere', () => {
    const draft = { base: { reason: '旧' }, part: { reason: '我的' } }
    expect(verdict(draft, { reason: '旧' })).toBe('send')
    expect(verdict(draft, { reason: '我的' })).toBe('drop')
    expect(verdict(draft, { reason: '别处的' })).toBe('ask')
  })

  it('tells what is missing before anything is handed in', () => {
    const form = { matter: 'wages', reason: 'x', claims: 'x', name: 'x', phone: 'x' } as const
    expect(missing(form).map((each) => each.field)).toEqual(['employer_name'])
    const group = { ...form, employer_name: 'x', people_count: 12 }
    expect(missing(group).map((each) => each.field)).toEqual(['representatives'])
    const few = { ...group, people_count: 3, representatives: [{ name: '李', phone: '1', id_number: null }] }
    expect(missing(few).map((each) => each.field)).toEqual(['people_count'])
    expect(partOf(few, 'people')).toEqual({ people_count: 3, representatives: few.representatives })
  })
})

describe('a slip of the finger', () => {
  const TODAY = '2026-11-28'
  it('is told of a number that cannot be one, and of nothing that was left empty', () => {
    expect(slips({}, 'person', TODAY)).toEqual({})
    expect(slips({ id_number: '11010519491231002x', phone: '13900001234' }, 'person', TODAY)).toEqual({})
    expect(slips({ id_number: '110105194912310021', phone: '1390000' }, 'person', TODAY)).toEqual({
      id_number: '号码有误，请逐位核对',
      phone: '须为11位，以1开头',
    })
  })
  it('is told of days that cannot be', () => {
    const faults = (started_on: string, ended_on: string) =>
      Object.keys(slips({ started_on, ended_on }, 'employer', TODAY))
    expect(faults('2025-03-04', '2026-01-01')).toEqual([])
    expect(faults('2025-03-04', '2025-03-03')).toEqual(['ended_on'])
    expect(faults('2025.3.4', '2099-01-01')).toEqual(['started_on', 'ended_on'])
  })
  it('names the representative it is in', () => {
    const [good, bad] = ['13900001234', '139'].map((phone) => ({ name: '王', phone, id_number: null }))
    expect(slips({ representatives: [good] }, 'people', TODAY)).toEqual({})
    expect(slips({ representatives: [good, bad] }, 'people', TODAY).representatives).toContain(
      '代表2的手机号',
    )
    expect(slips({ representatives: [{ ...good, name: ' ' }] }, 'people', TODAY).representatives).toContain(
      '代表1的姓名',
    )
  })
})

describe('filling in', () => {
  beforeEach(() => vi.useFakeTimers())

  it('keeps unsent words over a lost signal and a restart, and sends them then', async () => {
    server.on(`GET ${CASE}`, () => ({ status: 200, body: view(1, { matter: 'wages' }) }))
    const form = useAidForm()
    await form.load('c1')
    form.change('matter', { reason: '三个月没给' })
    expect(await passing(form.save('matter'))).toBe('kept')

    setActivePinia(createPinia())
    const opened = useAidForm()
    await opened.load('c1')
    expect(opened.form).toEqual({ matter: 'wages', reason: '三个月没给' })
    server.on(`PUT ${CASE}/matter`, () => ({ status: 200, body: { id: 'c1', version: 2, state: 'draft' } }))
    expect(await opened.saveAll()).toBe('saved')
    const [sent] = server.made(`PUT ${CASE}/matter`).slice(-1)
    expect(sent.data).toMatchObject({ version: 1, matter: 'wages', reason: '三个月没给', claims: null })
    expect(opened.unsent).toEqual([])
    expect(recall('aid:form:0:c1')).toBeNull()
  })

  it('is there without any signal, as it was last seen', async () => {
    server.on(`GET ${CASE}`, () => ({ status: 200, body: view(1, { matter: 'wages' }) }))
    const form = useAidForm()
    await form.load('c1')
    form.change('employer', { employer_name: '某公司' })
    server.on(`GET ${CASE}`, () => 'lost')
    await passing(form.load('c1'))
    expect(form.form).toEqual({ matter: 'wages', employer_name: '某公司' })
  })

  it('sends a step again by itself where only another step was changed elsewhere', async () => {
    let there = view(1, { matter: 'wages' })
    server.on(`GET ${CASE}`, () => ({ status: 200, body: there }))
    server.on(`PUT ${CASE}/matter`, ({ data }) =>
      (data as { version: number }).version === 2
        ? { status: 200, body: { id: 'c1', version: 3, state: 'draft' } }
        : problem(409, 'legal_aid.stale', { details: { version: 2 } }),
    )
    const form = useAidForm()
    await form.load('c1')
    form.change('matter', { reason: '我写的' })
    there = view(2, { matter: 'wages', name: '张三' })
    expect(await form.save('matter')).toBe('saved')
    expect(form.form).toEqual({ matter: 'wages', reason: '我写的', name: '张三' })
    expect(form.opened?.case.version).toBe(3)
  })

  it('offers the newer where the same step was changed elsewhere', async () => {
    let there = view(1, { matter: 'wages', reason: '旧' })
    server.on(`GET ${CASE}`, () => ({ status: 200, body: there }))
    server.on(`PUT ${CASE}/matter`, ({ data }) =>
      (data as { version: number }).version === 2
        ? { status: 200, body: { id: 'c1', version: 3, state: 'draft' } }
        : problem(409, 'legal_aid.stale'),
    )
    const form = useAidForm()
    await form.load('c1')
    form.change('matter', { reason: '我的' })
    there = view(2, { matter: 'wages', reason: '别处的' })
    expect(await form.save('matter')).toBe('asked')
    expect(form.conflict).toMatchObject({
      step: 'matter',
      theirs: { reason: '别处的' },
      mine: { reason: '我的' },
    })

    form.settle(true)
    expect(await form.save('matter')).toBe('saved')
    expect(form.form.reason).toBe('我的')

    form.change('matter', { reason: '我的二' })
    there = view(9, { matter: 'wages', reason: '别处的二' })
    expect(await form.save('matter')).toBe('asked')
    form.settle(false)
    expect(form.form.reason).toBe('别处的二')
    expect(form.unsent).toEqual([])
  })

  it('takes a lost answer that the server had kept for done', async () => {
    server.on(`GET ${CASE}`, () => ({ status: 200, body: view(1, {}) }))
    const form = useAidForm()
    await form.load('c1')
    form.change('people', { people_count: 2 })
    server.on(`GET ${CASE}`, () => ({ status: 200, body: view(2, { people_count: 2 }) }))
    server.on(`PUT ${CASE}/people`, () => problem(409, 'legal_aid.stale'))
    expect(await form.save('people')).toBe('saved')
    expect(server.made(`PUT ${CASE}/people`)).toHaveLength(1)
  })

  it('hands it in with the same key until somebody knows what became of it', async () => {
    server.on(`GET ${CASE}`, () => ({ status: 200, body: view(4, { matter: 'wages' }) }))
    const form = useAidForm()
    await form.load('c1')
    await passing(form.submit().catch(() => undefined))
    server.on(`POST ${CASE}/submit`, () => ({
      status: 200,
      body: { id: 'c1', version: 5, state: 'submitted', number: '530802-2026-0001' },
    }))
    await form.submit()
    const keys = server.made(`POST ${CASE}/submit`).map((call) => call.header['Idempotency-Key'])
    expect(new Set(keys).size).toBe(1)
    expect(form.opened?.case.number).toBe('530802-2026-0001')
  })
})
