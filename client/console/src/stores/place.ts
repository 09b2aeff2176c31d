/** Where one is: the name of the thing that is open, for breadcrumbs and the window's title. */

import { defineStore } from 'pinia'
import { ref } from 'vue'

export const usePlace = defineStore('place', () => {
  /** Page name -> what it shows now, e.g. a class's title. */
  const names = ref<Record<string, string>>({})

  /** A page whose files could not be fetched: its address, to try again. */
  const unreached = ref('')

  function name(page: string, said: string): void {
    names.value = { ...names.value, [page]: said }
  }

  return { names, name, unreached }
})
