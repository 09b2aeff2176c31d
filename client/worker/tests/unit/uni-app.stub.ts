// '@dcloudio/uni-app' needs uni's own build of Vue; under vitest its hooks become plain ones.
import { onBeforeMount, onMounted, onUnmounted } from 'vue'

type Hook = (argument?: unknown) => unknown
let query: Record<string, string> = {}

/** What the next page mounted is opened with. */
export function openWith(given: Record<string, string>): void {
  query = given
}
export const onLaunch = (hook: Hook): void => void onBeforeMount(() => void hook())
export const onLoad = (hook: Hook): void => void onBeforeMount(() => void hook(query))
export const onShow = (hook: Hook): void => void onMounted(() => void hook())
export const onReady = onShow
export const onHide = (hook: Hook): void => void onUnmounted(() => void hook())
export const onUnload = onHide
export const onPullDownRefresh = (_hook: Hook): void => undefined
export const onReachBottom = (_hook: Hook): void => undefined
