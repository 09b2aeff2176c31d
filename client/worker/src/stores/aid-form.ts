/** The application that is being filled in: what the server has of it, what is not sent yet, and sending that. */
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { call } from '@/api/client'
import { ApiError, asApiError } from '@/api/errors'
import {
  bodyOf, changed, partOf, shownForm, stepOf, verdict, type Drafts, type Form, type Step,
} from '@/lib/aid-form' // prettier-ignore
import type { CaseLine, CaseView } from '@/lib/aid-words'
import { newKey } from '@/lib/keys'
import { drop, keep, recall } from '@/lib/storage'
import { nearest, type Conclusion } from '@/lib/triage'
import { useSession } from './session'

const CASE = '/api/v1/me/legal-aid/cases/{case_id}'
type Answered = Promise<CaseLine>
type How = { path: { case_id: string }; body: never; key: string }
const SAVE: Record<Step, (how: How) => Answered> = {
  matter: (how) => call('put', `${CASE}/matter`, how),
  person: (how) => call('put', `${CASE}/person`, how),
  employer: (how) => call('put', `${CASE}/employer`, how),
  means: (how) => call('put', `${CASE}/means`, how),
  people: (how) => call('put', `${CASE}/people`, how),
}
const STEPS = Object.keys(SAVE) as Step[]

/** `saved`: the server has it. `kept`: only this phone has it, for want of signal. `asked`: two wrote into it. */
export type Saved = 'saved' | 'kept' | 'asked'

export const useAidForm = defineStore('aid-form', () => {
  const session = useSession()
  const opened = ref<CaseView | null>(null)
  const drafts = ref<Drafts>({})
  /** What the triage's answers come to today: papers, means check, time limits. */
  const conclusion = ref<Conclusion | null>(null)
  /** A step that was changed elsewhere since it was changed here. */
  const conflict = ref<{ step: Step; theirs: Form; mine: Form } | null>(null)

  const form = computed<Form>(() => shownForm(opened.value?.form ?? {}, drafts.value))
  const unsent = computed(() => STEPS.filter((step) => drafts.value[step]))

  function keyOf(what: string, caseId: string): string {
    return `aid:${what}:${session.me?.person.id ?? 0}:${caseId}`
  }

  function setDrafts(next: Drafts): void {
    drafts.value = next
    if (!opened.value) return
    const key = keyOf('form', opened.value.case.id)
    if (Object.keys(next).length) keep(key, next)
    else drop(key)
  }

  /** The drafts but this one. */
  function but(step: Step): Drafts {
    const { [step]: _gone, ...rest } = drafts.value
    return rest
  }

  /** This case from now on, with what of it waits on this phone. */
  function take(view: CaseView): CaseView {
    if (opened.value?.case.id !== view.case.id) {
      conclusion.value = null
      conflict.value = null
    }
    opened.value = view
    const kept = recall<Drafts>(keyOf('form', view.case.id)) ?? {}
    const held = STEPS.filter((step) => kept[step] && verdict(kept[step], partOf(view.form, step)) !== 'drop')
    setDrafts(Object.fromEntries(held.map((step) => [step, kept[step]])))
    return view
  }

  /** The case, whole; without a signal as it was last seen here. Throws ApiError. */
  async function load(caseId: string): Promise<CaseView> {
    try {
      const view = await call('get', CASE, { path: { case_id: caseId } })
      keep(keyOf('seen', caseId), view)
      return take(view)
    } catch (thrown) {
      const seen = recall<CaseView>(keyOf('seen', caseId))
      if (!seen || !asApiError(thrown).isOffline) throw thrown
      return take(seen)
    }
  }

  /** What the triage says of this case, where it was asked. Quiet where that cannot be had. */
  async function judge(): Promise<void> {
    const told = opened.value?.form.triage as Record<string, string> | undefined
    if (!told) return
    const { matter, hardship, worker_category } = form.value
    const answers: Record<string, string> = { ...told, matter: matter ?? told.matter }
    if (hardship) answers.hardship = hardship
    if (worker_category) answers.migrant = worker_category === 'migrant' ? 'yes' : 'no'
    try {
      conclusion.value = await call('post', '/api/v1/legal-aid/triage', { body: { answers } })
    } catch (thrown) {
      asApiError(thrown)
    }
    if (opened.value?.case.state === 'draft') takeLimit()
  }

  /** The time limit goes with the case, so that the office sees how urgent it is. */
  function takeLimit(): void {
    const term = conclusion.value && nearest(conclusion.value.terms)
    if (
      !term ||
      (form.value.limitation_on === term.ends_on && form.value.limitation_clock === term.clock.code)
    )
      return
    change('matter', { limitation_clock: term.clock.code, limitation_on: term.ends_on })
  }

  /** Write something down: on the phone at once. */
  function change(step: Step, given: Form): void {
    setDrafts(changed(drafts.value, step, opened.value?.form ?? {}, given))
  }

  /** Send a step. Throws ApiError for what the server refuses; the words stay in any case. */
  async function save(step: Step): Promise<Saved> {
    for (let tries = 0; ; tries++) {
      const draft = drafts.value[step]
      const view = opened.value
      if (!draft || !view) return 'saved'
      const theirs = partOf(view.form, step)
      const found = verdict(draft, theirs)
      if (found === 'drop') {
        setDrafts(but(step))
        return 'saved'
      }
      if (found === 'ask') {
        conflict.value = { step, theirs, mine: draft.part }
        return 'asked'
      }
      const body = { ...bodyOf(draft.part, step), version: view.case.version } as never
      try {
        const line = await SAVE[step]({ path: { case_id: view.case.id }, body, key: newKey() })
        arrived(step, draft.part, line)
        return 'saved'
      } catch (thrown) {
        const refusal = asApiError(thrown)
        if (refusal.isPassing) return 'kept'
        // Another phone, or a lost answer of this one, was faster: look what is there now.
        if (refusal.code !== 'legal_aid.stale' || tries > 2) throw thrown
        await load(view.case.id)
      }
    }
  }

  function arrived(step: Step, part: Form, line: CaseLine): void {
    const view = opened.value
    if (!view || view.case.id !== line.id) return
    const others = Object.entries(view.form).filter(([name]) => stepOf(name) !== step)
    opened.value = { ...view, case: line, form: { ...Object.fromEntries(others), ...part } }
    const now = drafts.value[step]
    // What was typed while it was on its way goes on waiting.
    if (now && verdict({ base: part, part: now.part }, part) === 'send')
      setDrafts({ ...drafts.value, [step]: { base: part, part: now.part } })
    else setDrafts(but(step))
  }

  /** Settle a step that two wrote into. */
  function settle(isMine: boolean): void {
    const found = conflict.value
    conflict.value = null
    if (!found) return
    if (isMine) setDrafts({ ...drafts.value, [found.step]: { base: found.theirs, part: found.mine } })
    else setDrafts(but(found.step))
  }

  /** Send every step that waits; what became of the first that did not arrive. Throws ApiError. */
  async function saveAll(): Promise<Saved> {
    for (const step of unsent.value) {
      const became = await save(step)
      if (became !== 'saved') return became
    }
    return 'saved'
  }

  /** Hand it in. A second time, after a lost answer, it is the same deed. Throws ApiError. */
  async function submit(): Promise<void> {
    const view = opened.value
    if (!view) return
    const kept = keyOf('submit', view.case.id)
    const key = recall<string>(kept) ?? newKey()
    keep(kept, key)
    try {
      const line = await call('post', `${CASE}/submit`, {
        path: { case_id: view.case.id },
        body: { version: view.case.version },
        key,
      })
      opened.value = { ...view, case: line }
    } catch (thrown) {
      if (!(thrown instanceof ApiError) || thrown.isPassing) throw thrown
      drop(kept)
      await load(view.case.id)
      if (opened.value?.case.state === 'draft') throw thrown
    }
    drop(kept)
    drop(keyOf('seen', view.case.id))
    setDrafts({})
  }

  return {
    opened, form, unsent, conclusion, conflict, load, take, judge, change, save, saveAll, settle, submit,
  } // prettier-ignore
})
