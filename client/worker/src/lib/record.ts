/** What a class of mine came to, in words. */
import type { LessonMode, MyTrainingLine } from '@/api/types'
import { modeWord, type Said } from './words'

type Line = Pick<MyTrainingLine, 'hours' | 'completion' | 'completion_percent' | 'lessons'>

export function outcomeOf(line: Pick<Line, 'completion' | 'lessons'>): Said {
  if (line.completion)
    return line.completion.is_completed ? { word: '已结业', tone: 'good' } : { word: '没有结业', tone: 'bad' }
  return line.lessons.some((each) => each.state !== null)
    ? { word: '学习中', tone: 'info' }
    : { word: '还没开始', tone: 'quiet' }
}

/** `12 / 40 课时`, by mode, and how many are needed. */
export function hoursFacts(line: Line): Array<{ name: string; value: string }> {
  const { planned, attended, by_mode } = line.hours
  const needed = Math.ceil((planned * line.completion_percent) / 100)
  const facts = [{ name: '已上', value: `${attended} / ${planned} 课时` }]
  const modes = Object.entries(by_mode).filter(([, hours]) => hours > 0)
  if (modes.length > 1)
    for (const [mode, hours] of modes)
      facts.push({ name: `其中${modeWord(mode as LessonMode)}`, value: `${hours} 课时` })
  facts.push({ name: '结业要', value: `${needed} 课时（${line.completion_percent}%）` })
  return facts
}
