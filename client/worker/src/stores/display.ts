/** How large text is: the phone's own setting times the person's choice here, up to 200 %. */
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { keep, recall } from '@/lib/storage'

export const SIZES = [
  { scale: 1, name: '标准' },
  { scale: 1.25, name: '大' },
  { scale: 1.5, name: '特大' },
  { scale: 2, name: '最大' },
]
const USUAL_PX = 16
const MOST = 2

export const useDisplay = defineStore('display', () => {
  const chosen = ref(recall<number>('text-scale') ?? 1)
  const system = ref(1)
  const scale = computed(() => Math.min(MOST, Math.max(1, system.value * chosen.value)))
  /** For the root of a page: every text size below is multiplied by it. */
  const style = computed(() => `--scale:${scale.value}`)

  function measure(): void {
    // #ifdef H5
    const probe = document.createElement('div')
    probe.style.fontSize = 'medium'
    document.body.appendChild(probe)
    system.value = parseFloat(getComputedStyle(probe).fontSize) / USUAL_PX || 1
    probe.remove()
    // #endif
    // #ifdef MP-WEIXIN
    const { fontSizeSetting } = wx.getAppBaseInfo() as { fontSizeSetting?: number }
    system.value = (fontSizeSetting ?? USUAL_PX) / USUAL_PX
    // #endif
  }

  function choose(value: number): void {
    chosen.value = value
    keep('text-scale', value)
  }

  return { chosen, scale, style, measure, choose }
})
