/** Whether the phone has a connection. True until it says otherwise. */
import { defineStore } from 'pinia'
import { ref } from 'vue'

export const useNetwork = defineStore('network', () => {
  const isOnline = ref(true)

  function listen(): void {
    uni.getNetworkType({ success: ({ networkType }) => (isOnline.value = networkType !== 'none') })
    uni.onNetworkStatusChange(({ isConnected }) => (isOnline.value = isConnected))
    // #ifdef H5
    // Where a browser does not name the kind of its connection, uni takes any for one that stands.
    window.addEventListener('online', () => (isOnline.value = true))
    window.addEventListener('offline', () => (isOnline.value = false))
    // #endif
  }

  return { isOnline, listen }
})
