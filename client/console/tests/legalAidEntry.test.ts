import { expect, it } from 'vitest'
import { blankEntry, entryOrder } from '@/pages/legal-aid/lib/enterCase'

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
