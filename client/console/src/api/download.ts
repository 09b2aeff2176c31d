/** Files that need a token: fetched, then handed to the browser as a download or shown in a tab of their own. */

import { fetchFile } from './client'

export async function download(path: string, fallback: string): Promise<void> {
  const { blob, name } = await fetchFile(path)
  const address = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = address
  link.download = name || fallback
  link.click()
  // The browser has taken it over by then; at once would be too soon for some.
  setTimeout(() => URL.revokeObjectURL(address), 60_000)
}
