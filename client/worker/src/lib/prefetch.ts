/** Once the first page stands, fetch the others' code and signs too: a page is then there when the signal is not. */
import { wait } from './wait'

const AFTER_MS = 4000
const BETWEEN_MS = 150
const TABS = ['home', 'classes', 'bookings', 'me']
// #ifdef H5
/** Held, so that the browser does not forget them. */
const pictures: HTMLImageElement[] = []
// #endif

export async function prefetchPages(): Promise<void> {
  // #ifdef H5
  await wait(AFTER_MS)
  for (const name of TABS.flatMap((tab) => [tab, `${tab}-on`])) {
    const picture = new Image()
    picture.src = `${import.meta.env.BASE_URL}static/tabs/${name}.png`
    pictures.push(picture)
  }
  for (const load of Object.values(import.meta.glob('../pages/**/index.vue'))) {
    // Without a signal the page asks for it again when it is opened.
    await load().catch(() => undefined)
    await wait(BETWEEN_MS)
  }
  // The pages' styles name the font of the small signs; it is fetched when one is drawn, or now.
  await document.fonts.load('16px wd-icons').catch(() => undefined)
  // #endif
}
