/** Whether the phone has a connection. True until it says otherwise. */
import { defineStore } from 'pinia'
import { ref } from 'vue'

export const useNetwork = defineStore('network', () => {
  const isOnline = ref(true)

  function listen(): void {
    uni.getNetworkType({ success: ({ networkType }) => (isOnline.value = networkType !== 'none') })
    uni.onNetworkStatusChange(({ isConnected }) => (isOnline.value = isConnected))
  }

  return { isOnline, listen }
})
