/** Totals of a lesson's sheet. */

export interface Line {
  is_booked?: boolean
  state: string | null
  is_doubtful: boolean
  is_confirmed: boolean
}

export interface Totals {
  expected: number
  present: number
  late: number
  left_early: number
  made_up: number
  excused: number
  absent: number
  unmarked: number
  /** Somebody should look whether they are really here. */
  doubtful: number
}

const COUNTED = ['present', 'late', 'left_early', 'made_up', 'excused', 'absent'] as const

export function totalsOf(lines: readonly Line[]): Totals {
  const found: Totals = {
    expected: lines.length, present: 0, late: 0, left_early: 0, made_up: 0, excused: 0, absent: 0, unmarked: 0, doubtful: 0,
  } // prettier-ignore
  for (const line of lines) {
    const counted = COUNTED.find((state) => state === line.state)
    if (counted) found[counted] += 1
    else found.unmarked += 1
    if (line.is_doubtful && !line.is_confirmed) found.doubtful += 1
  }
  return found
}

/** Who has come, however late. */
export function arrived({ present, late, left_early, made_up }: Totals): number {
  return present + late + left_early + made_up
}
