import { expect, it } from 'vitest'
import { whyClosed } from '@/pages/legal-aid/lib/caseQueues'
import { fieldErrors, homeless } from '@/lib/details'
import { blankEntry, ENTRY_FIELDS, entryOrder } from '@/pages/legal-aid/lib/enterCase'

it('an application written down leaves empty fields out', () => {
  const entry = {
    ...blankEntry(),
    nodeId: 3,
    matter: 'wages',
    receivedOn: '2026-11-28',
    form: { reason: ' 没给钱 ', household_people: '4', step: null, address: '' },
    flags: { is_pledged: true },
  }
  expect(entryOrder(entry)).toMatchObject({ node_id: 3, person_id: null })
  expect(entryOrder(entry).form).toEqual({ reason: '没给钱', household_people: 4, is_pledged: true })
})

it('ten and more are entered with who speaks for them, fewer without', () => {
  const one = { name: ' 岩温 ', phone: '13900007777', id_number: '' }
  const entry = {
    ...blankEntry(),
    several: { help_wanted: ['代理仲裁'] },
    form: { hardship: 'low_income', limitation_clock: 'arbitration_wages' },
    people: '10',
    representatives: [one, { name: '', phone: '', id_number: '' }],
  }
  expect(entryOrder(entry).form).toEqual({
    hardship: 'low_income',
    limitation_clock: 'arbitration_wages',
    help_wanted: ['代理仲裁'],
    people_count: 10,
    representatives: [{ name: '岩温', phone: '13900007777', id_number: null }],
  })
  expect(entryOrder({ ...entry, people: '9' }).form).not.toHaveProperty('representatives')
  expect(entryOrder({ ...entry, people: '' }).form).not.toHaveProperty('people_count')
})

it('an application begins with nothing of the one before', () => {
  const first = blankEntry()
  first.form.reason = '没给钱'
  first.representatives.push({ name: '岩温', phone: '13900007777', id_number: '' })
  expect(blankEntry()).toMatchObject({ form: {}, representatives: [] })
  expect(blankEntry().form).toEqual({})
})

it('a closed line sends nobody to ask herself', () => {
  const line = (state: string, ended_at: string | null, handler_name: string | null) =>
    whyClosed({ case: { state, ended_at }, handler_name, node_name: '思茅区总工会' })
  expect(line('working', null, '李律师')).toBe('不能打开，找李律师')
  expect(line('submitted', null, null)).toBe('不能打开，找思茅区总工会')
  expect(line('objecting', null, null)).toBe('异议由审查机关看')
  expect(line('withdrawn', '2026-11-20T01:00:00Z', null)).toBe('已经结束，不再打开')
})

it('what the form lacks stands at its field, however the API names it', () => {
  const errors = fieldErrors({ representatives: ['请推举代表'], form: { reason: ['必填'] }, other: ['别的'] })
  expect(homeless(errors, ENTRY_FIELDS)).toEqual(['别的'])
})
