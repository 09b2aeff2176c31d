/** Light, dark, or as the system has it. */

import { defineStore } from 'pinia'
import { computed, ref, watchEffect } from 'vue'

export type Theme = 'system' | 'light' | 'dark'

const KEY = 'gongyun.console.theme'

export const useTheme = defineStore('theme', () => {
  const kept = localStorage.getItem(KEY)
  const theme = ref<Theme>(kept === 'light' || kept === 'dark' ? kept : 'system')
  const system = window.matchMedia('(prefers-color-scheme: dark)')
  const isSystemDark = ref(system.matches)
  system.addEventListener('change', (event) => (isSystemDark.value = event.matches))

  const isDark = computed(() => theme.value === 'dark' || (theme.value === 'system' && isSystemDark.value))

  watchEffect(() => {
    document.documentElement.classList.toggle('dark', isDark.value)
    document.documentElement.classList.toggle('light', !isDark.value)
  })

  function choose(next: Theme): void {
    theme.value = next
    if (next === 'system') localStorage.removeItem(KEY)
    else localStorage.setItem(KEY, next)
  }

  return { theme, isDark, choose }
})
