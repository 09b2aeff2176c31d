/** A browser's own name as people say it: Chrome（Windows）. */

const BROWSERS: [RegExp, string][] = [
  [/MicroMessenger/i, '微信'],
  [/Edg/, 'Edge'],
  [/Firefox/, 'Firefox'],
  [/QQBrowser/, 'QQ浏览器'],
  [/Chrome|Chromium/, 'Chrome'],
  [/Safari/, 'Safari'],
]
const SYSTEMS: [RegExp, string][] = [
  [/Windows/, 'Windows'],
  [/HarmonyOS|OpenHarmony/, '鸿蒙'],
  [/Android/, '安卓'],
  [/iPhone|iPad/, 'iOS'],
  [/Mac OS/, 'Mac'],
  [/Linux|X11/, 'Linux'],
]

export function sayDevice(agent: string | null): string {
  if (!agent) return '未知设备'
  const find = (known: [RegExp, string][]) => known.find(([pattern]) => pattern.test(agent))?.[1]
  const [browser, system] = [find(BROWSERS), find(SYSTEMS)]
  if (!browser) return agent.slice(0, 40)
  return system ? `${browser}（${system}）` : browser
}
