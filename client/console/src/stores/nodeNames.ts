/** Names of unions seen on the way, by id: the API tells a list's rows by name, an address only has the number. */

import { defineStore } from 'pinia'
import { ref } from 'vue'
import { keep, readKept } from '@/lib/savedFilters'

const KEY = 'gongyun.console.nodes'
const MOST = 300

export const useNodeNames = defineStore('node names', () => {
  const names = ref<Record<string, string>>(readKept(sessionStorage, KEY, {}))

  function learn(nodes: Iterable<{ id: number; name: string } | null | undefined>): void {
    const fresh = [...nodes].filter((node) => node && names.value[node.id] !== node.name)
    if (!fresh.length) return
    const all = { ...names.value, ...Object.fromEntries(fresh.map((node) => [node!.id, node!.name])) }
    names.value = Object.fromEntries(Object.entries(all).slice(-MOST))
    keep(sessionStorage, KEY, names.value)
  }

  function nameOf(id: number | string | null | undefined): string {
    return id ? (names.value[String(id)] ?? `工会（编号 ${id}）`) : ''
  }

  return { names, learn, nameOf }
})
