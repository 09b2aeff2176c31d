/** A voice note: what happened, told instead of written. */
import { ApiError } from '@/api/errors'
import { sizeOf, type ChosenFile } from './choose'
import { newKey } from './keys'

export interface Recording {
  /** End it; what was said. Throws ApiError where nothing came of it. */
  stop: () => Promise<ChosenFile>
}

export const LONGEST_SECONDS = 300

// #ifdef H5
/** What browsers record and the server takes, the better first. */
const TYPES: ReadonlyArray<{ type: string; ending: string }> = [
  { type: 'audio/ogg;codecs=opus', ending: 'ogg' },
  { type: 'audio/mp4', ending: 'm4a' },
]

function recordable(): { type: string; ending: string } | undefined {
  if (typeof MediaRecorder === 'undefined' || !navigator.mediaDevices) return undefined
  return TYPES.find(({ type }) => MediaRecorder.isTypeSupported(type))
}
// #endif

/** Whether this phone records what the server takes; otherwise a recording is chosen as a file. */
export function canRecord(): boolean {
  // #ifdef H5
  return recordable() !== undefined
  // #endif
  // #ifdef MP-WEIXIN
  return true
  // #endif
}

/** Begin. Throws ApiError where the person did not allow it. */
export function record(): Promise<Recording> {
  // #ifdef H5
  return inBrowser()
  // #endif
  // #ifdef MP-WEIXIN
  return inWeChat()
  // #endif
}

// #ifdef H5
async function inBrowser(): Promise<Recording> {
  const way = recordable()
  const stream = way && (await navigator.mediaDevices.getUserMedia({ audio: true }).catch(() => null))
  if (!way || !stream) throw refused()
  const recorder = new MediaRecorder(stream, { mimeType: way.type, audioBitsPerSecond: 32_000 })
  const parts: Blob[] = []
  recorder.ondataavailable = ({ data }) => parts.push(data)
  const ended = new Promise<void>((resolve) => (recorder.onstop = () => resolve()))
  recorder.start()
  return {
    stop: async () => {
      if (recorder.state !== 'inactive') recorder.stop()
      await ended
      for (const track of stream.getTracks()) track.stop()
      const file = new Blob(parts, { type: way.type })
      if (!file.size) throw nothing()
      return { file, name: `录音.${way.ending}`, size: file.size }
    },
  }
}
// #endif

// #ifdef MP-WEIXIN
let latest = ''

async function inWeChat(): Promise<Recording> {
  const recorder = wx.getRecorderManager()
  // The same one serves all recordings: an older one's end is not this one's.
  const mark = newKey()
  latest = mark
  const ended = new Promise<string>((resolve, reject) => {
    recorder.onStop(({ tempFilePath }) => latest === mark && resolve(tempFilePath))
    recorder.onError(() => latest === mark && reject(nothing()))
  })
  // Who leaves the page before the end hears of no error.
  ended.catch(() => undefined)
  await new Promise<void>((resolve, reject) =>
    wx.authorize({ scope: 'scope.record', success: () => resolve(), fail: () => reject(refused()) }),
  )
  recorder.start({
    duration: LONGEST_SECONDS * 1000,
    sampleRate: 16_000,
    numberOfChannels: 1,
    encodeBitRate: 48_000,
    format: 'mp3',
  })
  return {
    stop: async () => {
      recorder.stop()
      const file = await ended
      return { file, name: '录音.mp3', size: await sizeOf(file) }
    },
  }
}
// #endif

function refused(): ApiError {
  return new ApiError({
    code: 'client.no_microphone',
    detail: '不能用话筒',
    next_step: '请在手机设置里允许使用话筒，或者选一段录好的音',
  })
}

function nothing(): ApiError {
  return new ApiError({ code: 'client.nothing_recorded', detail: '没有录上，请再试一次' })
}
