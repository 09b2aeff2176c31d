// The compiled mini-program package, opened in jsdom: what WeChat would run, without WeChat. Its requests go to a
// running product (API_BASE), wx.login to that product's sandbox. Layout and canvas are not there; taps, texts,
// navigation, storage and the network are.
const path = require('node:path')
const { JSDOM } = require('jsdom')

const DIST = path.resolve(__dirname, '../../dist/build/mp-weixin')
const BASE = process.env.API_BASE || 'http://127.0.0.1:8000'
const FROM_JSDOM = [
  'document', 'navigator', 'HTMLElement', 'Element', 'Node', 'Event', 'CustomEvent', 'MutationObserver', 'TouchEvent',
] // prettier-ignore
const PHONE = {
  platform: 'devtools', brand: 'x', model: 'x', pixelRatio: 2, windowWidth: 390, windowHeight: 844, screenWidth: 390,
  screenHeight: 844, statusBarHeight: 20, language: 'zh_CN', version: '8.0.50', SDKVersion: '3.5.0', system: 'iOS 17',
  fontSizeSetting: 16, safeArea: { top: 0, bottom: 844, left: 0, right: 390, width: 390, height: 844 },
} // prettier-ignore

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

async function post(address, body, headers = {}) {
  const answer = await fetch(BASE + address, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
  return { status: answer.status, body: await answer.json().catch(() => null) }
}

/** Start the app on the phone of this persona of the sandbox. `cut` is asked of each request: whether its answer is lost. */
async function boot(persona) {
  const dom = new JSDOM('<!doctype html><html><body></body></html>', {
    url: 'http://localhost/',
    pretendToBeVisual: true,
  })
  const define = (name, value) =>
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true })
  define('window', dom.window)
  for (const name of FROM_JSDOM) define(name, dom.window[name])

  const storage = {}
  const log = []
  const pages = []
  const phone = { cut: () => false, scanned: '', isOnline: true, photo: null }
  /** What lies on the phone: path -> bytes. */
  const files = new Map()
  const recorded =
    (name) =>
    (options = {}) => {
      log.push([name, options.url ?? options.title ?? null])
      options.success?.({ errMsg: `${name}:ok` })
      options.complete?.({})
    }
  const wx = {
    canIUse: () => true,
    nextTick: (run) => setTimeout(run, 0),
    getStorageSync: (key) => storage[key] ?? '',
    setStorageSync: (key, value) => void (storage[key] = value),
    removeStorageSync: (key) => void delete storage[key],
    getStorageInfoSync: () => ({ keys: Object.keys(storage) }),
    getLaunchOptionsSync: () => ({}),
    getEnterOptionsSync: () => ({}),
    getAccountInfoSync: () => ({ miniProgram: {} }),
    getNetworkType: (options) => options.success?.({ networkType: phone.isOnline ? 'wifi' : 'none' }),
    login: async (options) => {
      const { body } = await post('/sandbox/wx/login', { persona })
      options.success?.({ code: body.code, errMsg: 'login:ok' })
    },
    scanCode: (options) => options.success?.({ result: phone.scanned }),
    requestSubscribeMessage: (options) =>
      options.success?.(Object.fromEntries(options.tmplIds.map((id) => [id, 'accept']))),
    request: (options) => {
      const sent = { method: options.method ?? 'GET', path: options.url.replace(/^https?:\/\/[^/]+/, '') }
      log.push(['request', sent.method, sent.path, options.header ?? {}])
      const body = options.data && sent.method !== 'GET' ? JSON.stringify(options.data) : undefined
      fetch(BASE + sent.path, { method: sent.method, headers: options.header, body })
        .then(async (answer) => {
          const text = await answer.text()
          if (phone.cut(sent)) throw new Error('cut')
          let data = text
          try {
            data = JSON.parse(text)
          } catch {
            // Not JSON: handed over as it is, like WeChat does.
          }
          options.success?.({ statusCode: answer.status, data, header: Object.fromEntries(answer.headers) })
        })
        .catch((error) => options.fail?.({ errMsg: `request:fail ${error.message}` }))
    },
  }
  Object.assign(wx, withFiles(files, phone, log))
  for (const name of [
    'getSystemInfoSync',
    'getAppBaseInfo',
    'getDeviceInfo',
    'getWindowInfo',
    'getSystemSetting',
    'getAppAuthorizeSetting',
  ])
    wx[name] = () => PHONE
  for (const name of [
    'onAppShow',
    'onAppHide',
    'offAppHide',
    'onError',
    'onThemeChange',
    'onNetworkStatusChange',
  ])
    wx[name] = () => undefined
  for (const name of [
    'navigateTo', 'switchTab', 'redirectTo', 'reLaunch', 'navigateBack', 'showToast', 'showModal', 'vibrateShort',
    'setClipboardData', 'stopPullDownRefresh', 'setNavigationBarTitle', 'pageScrollTo', 'makePhoneCall', 'addPhoneCalendar',
  ]) // prettier-ignore
    wx[name] = recorded(name)

  let app
  Object.assign(globalThis, {
    wx,
    App: (options) => {
      app = options
    },
    // uni's pages are components; a plain page would escape this harness.
    Page: () => {
      throw new Error('a plain Page cannot be opened here')
    },
    getApp: () => app,
    getCurrentPages: () => pages,
  })
  const simulate = require('miniprogram-simulate')
  const exparser = require('miniprogram-exparser')
  Object.assign(globalThis.wx, wx)
  require(path.join(DIST, 'app.js'))
  app.onLaunch?.({ path: '', query: {} })
  app.onShow?.({ path: '', query: {} })

  async function open(route, query = {}) {
    const loaded = simulate.load(path.join(DIST, route), 'page', { rootPath: DIST, compiler: 'official' })
    const component = simulate.render(loaded, {})
    const host = document.createElement('div')
    document.body.appendChild(host)
    component.attach(host)
    const instance = component.instance
    Object.assign(instance, { route, options: query })
    pages.push(instance)
    instance.onLoad?.(query)
    instance.onShow?.()
    instance.onReady?.()
    await sleep(50)
    return opened(host, instance, exparser)
  }

  return { open, log, phone, storage, files, sleep }
}

/** The camera, the phone's files, and sending one of them. */
function withFiles(files, phone, log) {
  let count = 0
  const put = (bytes) => {
    const path = `http://tmp/${(count += 1)}`
    files.set(path, bytes)
    return path
  }
  const found = (options, then) =>
    files.has(options.filePath)
      ? then(files.get(options.filePath))
      : options.fail?.({ errMsg: 'no such file' })
  const manager = {
    getFileInfo: (options) => found(options, (bytes) => options.success({ size: bytes.length })),
    saveFile: (options) => options.success({ savedFilePath: put(files.get(options.tempFilePath)) }),
    readFile: (options) =>
      found(options, (bytes) =>
        options.success({ data: bytes.subarray(options.position, options.position + options.length) }),
      ),
    writeFile: (options) => {
      files.set(options.filePath, options.data)
      options.success()
    },
    removeSavedFile: (options) => void files.delete(options.filePath),
    getSavedFileList: (options) =>
      options.success({ fileList: [...files.keys()].map((filePath) => ({ filePath })) }),
  }
  return {
    env: { USER_DATA_PATH: 'http://usr' },
    getFileSystemManager: () => manager,
    chooseMedia: (options) => options.success({ tempFiles: [{ tempFilePath: put(phone.photo) }] }),
    compressImage: (options) => options.success({ tempFilePath: options.src }),
    uploadFile: (options) => {
      const path = options.url.replace(/^https?:\/\/[^/]+/, '')
      log.push(['upload', path, options.formData])
      const form = new FormData()
      for (const [name, value] of Object.entries(options.formData)) form.append(name, value)
      form.append(options.name, new Blob([files.get(options.filePath)]), 'piece')
      fetch(BASE + path, { method: 'POST', headers: options.header, body: form })
        .then(async (answer) => {
          const data = await answer.text()
          if (phone.cut({ method: 'POST', path })) throw new Error('cut')
          options.success({ statusCode: answer.status, data })
        })
        .catch((error) => options.fail({ errMsg: `uploadFile:fail ${error.message}` }))
      return { onProgressUpdate: () => undefined }
    },
  }
}

function opened(host, instance, exparser) {
  const text = () => host.textContent
  const all = (tag) => [...host.querySelectorAll(`wx-${tag}`)]

  async function fire(element, name, detail = {}) {
    const event = exparser.Event.create(name, detail, {
      bubbles: true,
      capturePhase: true,
      composed: true,
      extraFields: { touches: [], changedTouches: [] },
    })
    exparser.Event.dispatchEvent(element.__wxElement, event)
    await sleep(80)
  }

  /** The innermost thing that can be tapped and says these words. */
  function saying(words) {
    const found = [...all('button'), ...all('view')].filter((each) => each.textContent.includes(words))
    return found.sort((one, other) => one.textContent.length - other.textContent.length)[0]
  }

  async function tap(words) {
    const element = all('button').find((each) => each.textContent.includes(words)) ?? saying(words)
    if (!element) throw new Error(`nothing says “${words}” in: ${text()}`)
    await fire(element, 'tap')
  }

  async function until(words, ms = 15_000) {
    for (const end = Date.now() + ms; Date.now() < end; await sleep(50)) if (text().includes(words)) return
    throw new Error(`“${words}” did not come; there is: ${text()}`)
  }

  const type = (words, index = 0) => fire(all('input')[index], 'input', { value: words })
  return { host, instance, text, all, fire, tap, type, until }
}

module.exports = { boot, post, sleep, BASE }
