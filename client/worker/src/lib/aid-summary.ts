/** The application form read out: step by step, only what was filled in. */
import { DISPUTE_STEPS, HARDSHIP, nameOf } from './aid-choices'
import type { Form, Step } from './aid-form'
import { matterWord } from './aid-words'
import { masked } from './my-words'
import type { Conclusion } from './triage'

interface Fact {
  name: string
  value: string
}
export interface SummaryPart {
  step: Step
  title: string
  facts: Fact[]
}

export function summary(form: Form, conclusion: Conclusion | null): SummaryPart[] {
  const people = form.people_count ?? 1
  const facts: Record<Step, Fact[]> = {
    matter: [
      { name: '什么事', value: form.matter ? matterWord(form.matter) : '' },
      { name: '事情经过', value: form.reason ?? '' },
      { name: '您要什么', value: form.claims ?? '' },
      { name: '办到哪一步', value: nameOf(DISPUTE_STEPS, form.step) },
    ],
    person: [
      { name: '姓名', value: form.name ?? '' },
      { name: '身份证号', value: form.id_number ? masked(form.id_number) : '' },
      { name: '手机号', value: form.phone ?? '' },
      { name: '打电话', value: form.safe_to_call === false ? '不方便，先发消息' : '' },
    ],
    employer: [
      { name: '用人单位', value: form.employer_name ?? '' },
      { name: '地址', value: form.employer_address ?? '' },
      { name: '工种', value: form.occupation ?? '' },
    ],
    means: [
      { name: '情况', value: nameOf(HARDSHIP, form.hardship) },
      { name: '经济困难', value: meansText(form, conclusion) },
    ],
    people: [
      { name: '人数', value: `${people}人` },
      { name: '代表', value: (form.representatives ?? []).map((each) => each.name).join('、') },
    ],
  }
  const titles: Record<Step, string> = {
    matter: '什么事',
    person: '我',
    employer: '单位',
    means: '家里情况',
    people: '几个人',
  }
  return (Object.keys(facts) as Step[]).map((step) => ({
    step,
    title: titles[step],
    facts: facts[step].filter(({ value }) => value),
  }))
}

function meansText(form: Form, conclusion: Conclusion | null): string {
  if (conclusion?.means.means === 'exempt') return `不用证明（${conclusion.means.article}）`
  return form.is_pledged ? '写了个人诚信承诺' : '还没有说明'
}
