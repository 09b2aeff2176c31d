import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const NATIVE = new Set([
  'view', 'text', 'image', 'scroll-view', 'picker', 'picker-view', 'button', 'input', 'textarea', 'switch', 'label',
]) // prettier-ignore

export default defineConfig({
  plugins: [
    vue({
      template: { compilerOptions: { isCustomElement: (tag) => NATIVE.has(tag) || tag.startsWith('wd-') } },
    }),
  ],
  css: { preprocessorOptions: { scss: { silenceDeprecations: ['legacy-js-api'] } } },
  resolve: { alias: { '@dcloudio/uni-app': at('./tests/unit/uni-app.stub.ts'), '@': at('./src') } },
  // The code of both targets is tested at once: #ifdef is the build's, and a mini-program's API base is not ours here.
  test: {
    environment: 'jsdom',
    env: { VITE_API_BASE: '' },
    include: ['tests/unit/**/*.test.ts'],
    setupFiles: ['tests/unit/setup.ts'],
  },
})
