/// <reference types="vite/client" />

interface ImportMetaEnv {
  /** Where the mini-program finds the API, e.g. https://gongyun.example.org; H5 is served by the API itself. */
  readonly VITE_API_BASE?: string
}

declare module '*.vue' {
  import type { DefineComponent } from 'vue'
  const component: DefineComponent<Record<string, never>, Record<string, never>, unknown>
  export default component
}
