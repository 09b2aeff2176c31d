import vue from '@vitejs/plugin-vue'
import { ElementPlusResolver } from 'unplugin-vue-components/resolvers'
import Components from 'unplugin-vue-components/vite'
import { defineConfig } from 'vite'

export default defineConfig({
  base: '/console/',
  resolve: { alias: { '@': new URL('./src', import.meta.url).pathname } },
  // Element Plus is taken in by what the templates use; its types come from element-plus/global (tsconfig.json).
  plugins: [vue(), Components({ dirs: [], resolvers: [ElementPlusResolver()], dts: false })],
  build: {
    // Nothing is written into the page as data: the policy of the page allows pictures of its own host alone.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8000' } },
})
