/** The phone's own calendar: WeChat writes into it; a browser hands over an .ics file, which the calendar opens. */
import { toast } from './platform'
import { saveText } from './save'

export interface Appointment {
  title: string
  place: string
  at: number
  bring: string
}

const LENGTH_MS = 2 * 3_600_000
const HOURS_BEFORE = 24

/** `20261203T013000Z`. */
function stamp(ms: number): string {
  return `${new Date(ms).toISOString().replace(/[-:]/g, '').slice(0, 15)}Z`
}

/** Commas, semicolons and line ends as RFC 5545 wants them. */
function escaped(text: string): string {
  return text.replace(/[\\;,]/g, (sign) => `\\${sign}`).replace(/\r?\n/g, '\\n')
}

/** The appointment as an iCalendar file, with a reminder the day before. Nothing of the case is in it. */
export function icsOf(appointment: Appointment, now: number): string {
  const { title, place, at, bring } = appointment
  return [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Gongyun//Worker//ZH',
    'BEGIN:VEVENT',
    `UID:${stamp(at)}-hearing@gongyun`,
    `DTSTAMP:${stamp(now)}`,
    `DTSTART:${stamp(at)}`,
    `DTEND:${stamp(at + LENGTH_MS)}`,
    `SUMMARY:${escaped(title)}`,
    `LOCATION:${escaped(place)}`,
    `DESCRIPTION:${escaped(`带上${bring}`)}`,
    'BEGIN:VALARM',
    'ACTION:DISPLAY',
    `DESCRIPTION:${escaped(title)}`,
    `TRIGGER:-PT${HOURS_BEFORE}H`,
    'END:VALARM',
    'END:VEVENT',
    'END:VCALENDAR',
    '',
  ].join('\r\n')
}

export function addToPhoneCalendar(appointment: Appointment): void {
  // #ifdef MP-WEIXIN
  wx.addPhoneCalendar({
    title: appointment.title,
    startTime: Math.round(appointment.at / 1000),
    endTime: String(Math.round((appointment.at + LENGTH_MS) / 1000)),
    location: appointment.place,
    description: `带上${appointment.bring}`,
    alarm: true,
    alarmOffset: HOURS_BEFORE * 3600,
    success: () => toast('已记到手机日历'),
    fail: () => toast('没有记上，请允许写入日历'),
  })
  // #endif
  // #ifdef H5
  saveText(icsOf(appointment, Date.now()), `${appointment.title}.ics`, 'text/calendar')
  toast('已下载，点开就能加进日历')
  // #endif
}
