import { createPinia } from 'pinia'
import { createSSRApp } from 'vue'
import App from './App.vue'
import { followReleases, openWithoutSignal } from './lib/release'
// #ifdef H5
import HomePage from './pages/index/index.vue'
// #endif

export function createApp() {
  followReleases()
  openWithoutSignal()
  const app = createSSRApp(App)
  app.use(createPinia())
  // #ifdef H5
  // So that home comes with the first file: on a slow line each further request costs more than its bytes.
  app.component('HomePage', HomePage)
  // #endif
  return { app }
}
