/** Once the first page stands, fetch the others' code too: a page is then there when the signal is not. */
import { wait } from './wait'

const AFTER_MS = 4000
const BETWEEN_MS = 150

export async function prefetchPages(): Promise<void> {
  // #ifdef H5
  await wait(AFTER_MS)
  for (const load of Object.values(import.meta.glob('../pages/**/index.vue'))) {
    // Without a signal the page asks for it again when it is opened.
    await load().catch(() => undefined)
    await wait(BETWEEN_MS)
  }
  // #endif
}
