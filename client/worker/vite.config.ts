import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import uni from '@dcloudio/vite-plugin-uni'
import { defineConfig, type Plugin } from 'vite'

const FONT = fileURLToPath(
  new URL('node_modules/wot-design-uni/components/wd-icon/wd-icons.ttf', import.meta.url),
)
/** uni's shadows below the head of a page, which no page of ours has; its style sheet fetches one all the same. */
const REMOTE_SHADOW = /url\(\s*["']?https:\/\/cdn\.dcloud\.net\.cn[^)]*\)/g
/** Where `npm run dev:h5` finds the product. */
const API = process.env.API_BASE || 'http://127.0.0.1:8000'
const REMOTE_FACE = /@font-face\s*\{[^}]*at\.alicdn\.com[^}]*\}/g

/** No page of ours asks a foreign host for anything: the icon font comes with the package, uni's shadow pictures go. */
function nothingFromElsewhere(): Plugin {
  const isMiniProgram = process.env.UNI_PLATFORM === 'mp-weixin'
  const inlined = () =>
    `@font-face{font-family:wd-icons;src:url(data:font/ttf;base64,${readFileSync(FONT).toString('base64')}) format("truetype")}`
  return {
    name: 'nothing-from-elsewhere',
    enforce: 'post',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        for (const file of Object.values(bundle)) {
          if (file.type !== 'asset' || typeof file.source !== 'string') continue
          // In H5 wot brings a second, local @font-face of the same name; a mini-program cannot load a local file.
          file.source = file.source
            .replace(REMOTE_FACE, isMiniProgram ? inlined : '')
            .replace(REMOTE_SHADOW, 'none')
        }
      },
    },
  }
}

/** The service worker lies beside the page: a lower folder would not reach it. */
function opensWithoutSignal(): Plugin {
  return {
    name: 'opens-without-signal',
    generateBundle() {
      if (process.env.UNI_PLATFORM !== 'h5') return
      this.emitFile({
        type: 'asset',
        fileName: 'offline.js',
        source: readFileSync('src/h5/offline.js', 'utf-8'),
      })
    },
  }
}

export default defineConfig({
  plugins: [uni(), nothingFromElsewhere(), opensWithoutSignal()],
  css: { preprocessorOptions: { scss: { silenceDeprecations: ['legacy-js-api'] } } },
  build: { target: 'es2018', sourcemap: false },
  server: { proxy: { '/api': API, '/sandbox': API } },
})
