/** What is shown once, saved for good: as a text by a browser, as a picture by both. */
import { toast } from './platform'

/** Have the browser save a text as a file; WeChat has no such thing, there it is copied or kept as a picture. */
export function saveText(text: string, name: string, type = 'text/plain'): void {
  // #ifdef H5
  saveAs(new Blob([text], { type: `${type};charset=utf-8` }), name)
  // #endif
}

/** Lines of text as a picture: among the browser's downloads, or in WeChat in the phone's album. */
export function savePicture(lines: ReadonlyArray<string>, name: string): void {
  const [width, height] = [720, 160 + lines.length * 72]
  // #ifdef H5
  const sheet = document.createElement('canvas')
  Object.assign(sheet, { width, height })
  drawn(sheet.getContext('2d') as CanvasRenderingContext2D, lines, width, height)
  sheet.toBlob((picture) => picture && saveAs(picture, name))
  // #endif
  // #ifdef MP-WEIXIN
  const canvas = wx.createOffscreenCanvas({ type: '2d', width, height })
  drawn(canvas.getContext('2d') as CanvasRenderingContext2D, lines, width, height)
  wx.canvasToTempFilePath({
    canvas: canvas as never,
    success: ({ tempFilePath }) =>
      wx.saveImageToPhotosAlbum({
        filePath: tempFilePath,
        success: () => toast('已存到相册'),
        fail: () => toast('没有存上，请允许保存到相册，或者抄下来'),
      }),
    fail: () => toast('没有存上，请复制或者抄下来'),
  })
  // #endif
}

function drawn(
  pen: CanvasRenderingContext2D,
  lines: ReadonlyArray<string>,
  width: number,
  height: number,
): void {
  pen.fillStyle = '#ffffff'
  pen.fillRect(0, 0, width, height)
  pen.fillStyle = '#18211d'
  lines.forEach((line, at) => {
    pen.font = at === 1 ? 'bold 52px monospace' : '32px sans-serif'
    pen.fillText(line, 48, 120 + at * 72, width - 96)
  })
}

// #ifdef H5
function saveAs(content: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(content)
  link.download = name
  link.click()
  URL.revokeObjectURL(link.href)
}
// #endif
