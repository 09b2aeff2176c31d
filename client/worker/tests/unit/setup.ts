// A `uni` for every test: storage in memory, and a server that answers what the test puts into it.
import { afterEach, beforeEach, vi } from 'vitest'
import { createPinia, setActivePinia } from 'pinia'
import { dropTokens } from '@/api/tokens'
import { server, storage } from './fake'

beforeEach(() => {
  storage.clear()
  server.reset()
  vi.stubGlobal('uni', {
    getStorageSync: (key: string) => storage.get(key) ?? '',
    setStorageSync: (key: string, value: unknown) => storage.set(key, value),
    removeStorageSync: (key: string) => storage.delete(key),
    getStorageInfoSync: () => ({ keys: [...storage.keys()] }),
    request: server.request,
    navigateTo: vi.fn(),
    redirectTo: vi.fn(),
    switchTab: vi.fn(),
    navigateBack: vi.fn(),
    showToast: vi.fn(),
    stopPullDownRefresh: vi.fn(),
    setNavigationBarTitle: vi.fn(),
    getNetworkType: vi.fn(),
    onNetworkStatusChange: vi.fn(),
  })
  vi.stubGlobal('wx', {
    getFileSystemManager: () => ({ getSavedFileList: vi.fn(), removeSavedFile: vi.fn() }),
  })
  vi.stubGlobal('getCurrentPages', () => [{}])
  dropTokens()
  setActivePinia(createPinia())
})

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})
