import dayjs from 'dayjs'
import 'dayjs/locale/zh-cn'
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import { onSession, tokens } from './api/client'
import App from './App.vue'
import { router } from './router'
import { useSession } from './stores/session'
import { useTheme } from './stores/theme'
import 'element-plus/theme-chalk/dark/css-vars.css'
import 'element-plus/es/components/message/style/css'
import 'element-plus/es/components/message-box/style/css'
import './styles/tokens.css'
import './styles/base.css'

dayjs.locale('zh-cn')
const app = createApp(App).use(createPinia())
useTheme()
const session = useSession()

onSession(
  (reason) => {
    session.forget()
    session.farewell = reason.message
    void router.push({ name: 'sign-in', query: { next: router.currentRoute.value.fullPath } })
  },
  (code) => {
    session.duty = code === 'auth.must_change_password' ? 'password' : 'totp'
  },
)
// Another tab signed out, or in as somebody else: nothing of the former person stays on this screen.
tokens.watch(() => window.location.reload())

app.use(router).mount('#app')
