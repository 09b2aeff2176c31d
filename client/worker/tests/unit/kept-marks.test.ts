import { describe, expect, it } from 'vitest'
import {
  afterSending, answerText, batchOf, beforeSending, isTroubled, isWaiting, waitingFor, withMark, withoutAnswered,
  withoutMark, type ItemAnswer, type KeptMark,
} from '@/lib/kept-marks' // prettier-ignore

const AT = Date.UTC(2026, 10, 28, 11, 30)

function mark(worker: number, id: string, more: Partial<KeptMark> = {}): KeptMark {
  return {
    worker_id: worker,
    client_id: id,
    name: '张三',
    deed: { state: 'present' },
    at: AT,
    isRough: false,
    isTried: false,
    answer: null,
    ...more,
  }
}

function answer(id: string, more: Partial<ItemAnswer> = {}): ItemAnswer {
  return { client_id: id, result: 'applied', state: 'present', code: '', detail: '', next_step: '', ...more }
}

describe('keeping', () => {
  it('lets the last word about a person count, as long as none was sent', () => {
    const kept = withMark([mark(1, 'a'), mark(2, 'b')], mark(1, 'c', { deed: { state: 'late' } }))
    expect(kept.map((each) => each.client_id)).toEqual(['b', 'c'])
    expect(waitingFor(kept, 1)?.client_id).toBe('c')
  })

  it('keeps a word that may have reached the server beside the new one', () => {
    const kept = withMark([mark(1, 'a', { isTried: true })], mark(1, 'b'))
    expect(kept.map((each) => each.client_id)).toEqual(['a', 'b'])
  })

  it('takes back only what was never sent', () => {
    expect(withoutMark([mark(1, 'a')], 'a')).toEqual([])
    expect(withoutMark([mark(1, 'a', { isTried: true })], 'a')).toHaveLength(1)
  })
})

describe('sending', () => {
  it('sends the same record again, byte for byte, until it is answered', () => {
    const first = beforeSending([mark(1, 'a', { isRough: true })], 90_000)
    const again = beforeSending(first, 5_000_000)
    expect(batchOf(again)).toEqual(batchOf(first))
    expect(batchOf(first)).toEqual([
      { worker_id: 1, client_id: 'a', at: '2026-11-28T11:31:30.000Z', state: 'present' },
    ])
  })

  it('leaves a time alone that was the server’s already, or cannot be put right', () => {
    expect(batchOf(beforeSending([mark(1, 'a')], 90_000))[0].at).toBe('2026-11-28T11:30:00.000Z')
    expect(batchOf(beforeSending([mark(1, 'a', { isRough: true })], null))[0].at).toBe(
      '2026-11-28T11:30:00.000Z',
    )
  })

  it('sends a leaving with its time instead of a state', () => {
    const [item] = batchOf(beforeSending([mark(1, 'a', { deed: { isLeaving: true } })], 0))
    expect(item).toEqual({ worker_id: 1, client_id: 'a', at: item.at, left_at: item.at })
  })

  it('sends five hundred at once and leaves the rest waiting', () => {
    const many = Array.from({ length: 501 }, (_, index) => mark(index + 1, `m${index}`))
    const ready = beforeSending(many, 0)
    expect(batchOf(ready)).toHaveLength(500)
    const answered = afterSending(
      ready,
      batchOf(ready).map((each) => answer(each.client_id)),
    )
    expect(answered.filter(isWaiting)).toHaveLength(1)
    expect(batchOf(beforeSending(answered, 0)).map((each) => each.client_id)).toEqual(['m500'])
  })

  it('goes on waiting for what was not answered', () => {
    const kept = afterSending(beforeSending([mark(1, 'a'), mark(2, 'b')], 0), [answer('a')])
    expect(kept.filter(isWaiting).map((each) => each.client_id)).toEqual(['b'])
  })

  it('does not send again what was answered, and keeps a refusal through the next batch', () => {
    const answered = afterSending(beforeSending([mark(1, 'a'), mark(2, 'b')], 0), [
      answer('a'),
      answer('b', {
        result: 'refused',
        state: null,
        code: 'attendance.sheet_sealed',
        detail: '签到表已封存',
      }),
    ])
    const next = beforeSending(withMark(answered, mark(3, 'c')), 0)
    expect(batchOf(next).map((each) => each.client_id)).toEqual(['c'])
    expect(next.filter(isTroubled).map((each) => each.client_id)).toEqual(['b'])
  })
})

describe('answers', () => {
  it('are told in words', () => {
    const told = (given: ItemAnswer, deed: KeptMark['deed'] = { state: 'present' }) =>
      answerText(mark(1, 'a', { deed, answer: given }))
    expect(told(answer('a'))).toBe('已记为到课')
    expect(told(answer('a', { state: 'absent' }), { isLeaving: true })).toBe('按班次规定记为缺课')
    expect(told(answer('a', { result: 'unchanged' }))).toBe('原来就是到课')
    const outranked = answer('a', {
      result: 'unchanged',
      state: 'excused',
      code: 'attendance.outranked',
      detail: '保留原记录',
    })
    expect(told(outranked)).toBe('保留原记录（现在是请假）')
    expect(told(answer('a', { result: 'refused', state: null, code: 'x', detail: '签到表已封存' }))).toBe(
      '没有记上：签到表已封存',
    )
    expect(answerText(mark(1, 'a'))).toBe('待发送')
    expect(answerText(mark(1, 'a', { isTried: true }))).toBe('已发出，还没收到答复')
  })

  it('are put away once read; what waits stays', () => {
    const kept = [mark(1, 'a', { answer: answer('a') }), mark(2, 'b', { answer: answer('b') }), mark(3, 'c')]
    expect(withoutAnswered(kept).map((each) => each.client_id)).toEqual(['c'])
    expect(withoutAnswered(kept, 'a').map((each) => each.client_id)).toEqual(['b', 'c'])
  })
})
