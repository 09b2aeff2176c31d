/** A text as a QR code, drawn as one SVG path: no picture to load, sharp at any size. */

import qrcode from 'qrcode-generator'

export interface Drawing {
  /** Modules a side, with the quiet zone. */
  size: number
  path: string
}

const QUIET = 3

export function drawQr(text: string): Drawing {
  const code = qrcode(0, 'M')
  code.addData(text)
  code.make()
  const count = code.getModuleCount()
  let path = ''
  for (let row = 0; row < count; row++)
    for (let column = 0; column < count; column++)
      if (code.isDark(row, column)) path += `M${column + QUIET} ${row + QUIET}h1v1h-1z`
  return { size: count + 2 * QUIET, path }
}
