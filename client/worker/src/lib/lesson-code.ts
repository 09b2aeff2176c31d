/** The rotating code of a lesson, reckoned on the phone from the lesson's own key, as `CodeKeyView` in the API's
 * description has it: for a room without signal. */
import { hmac } from '@noble/hashes/hmac'
import { sha256 } from '@noble/hashes/sha2'

export interface LessonKey {
  lesson_id: number
  /** 32 bytes, base64url. */
  key: string
  step_seconds: number
}

export interface ShownCode {
  /** What the QR holds. */
  code: string
  /** The six digits to type. */
  digits: string
  /** When the next one follows, ms since 1970. */
  expiresAt: number
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const MAC_BYTES = 10
const DIGITS_BYTES = 8
const MILLION = 1_000_000

/** The code at an instant of the server's time, ms since 1970. */
export function codeAt(lesson: LessonKey, now: number): ShownCode {
  const key = bytesOf(lesson.key)
  const stepMs = lesson.step_seconds * 1000
  const step = Math.floor(now / stepMs)
  const mac = digest(key, `scan|${step}`).slice(0, MAC_BYTES)
  return {
    code: `${lesson.lesson_id}.${step}.${base64url(mac)}`,
    digits: sixDigits(digest(key, `digits|${step}`)),
    expiresAt: (step + 1) * stepMs,
  }
}

// The messages are ASCII; WeChat knows no TextEncoder.
function digest(key: Uint8Array, message: string): Uint8Array {
  return hmac(
    sha256,
    key,
    Uint8Array.from(message, (letter) => letter.charCodeAt(0)),
  )
}

/** The first 8 bytes as a big-endian number modulo a million, without numbers of more than 53 bits. */
function sixDigits(bytes: Uint8Array): string {
  let rest = 0
  for (const byte of bytes.slice(0, DIGITS_BYTES)) rest = (rest * 256 + byte) % MILLION
  return String(rest).padStart(6, '0')
}

function base64url(bytes: Uint8Array): string {
  let text = ''
  let held = 0
  let bits = 0
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xffff
    for (bits += 8; bits >= 6; bits -= 6) text += ALPHABET[(held >> (bits - 6)) & 63]
  }
  return bits ? text + ALPHABET[(held << (6 - bits)) & 63] : text
}

function bytesOf(text: string): Uint8Array {
  const bytes: number[] = []
  let held = 0
  let bits = 0
  for (const letter of text) {
    held = ((held << 6) | ALPHABET.indexOf(letter)) & 0xffff
    bits += 6
    if (bits >= 8) {
      bits -= 8
      bytes.push((held >> bits) & 255)
    }
  }
  return Uint8Array.from(bytes)
}
