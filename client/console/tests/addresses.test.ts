import { expect, it } from 'vitest'

const SOURCES: Record<string, string> = import.meta.glob('../src/**/*.{ts,vue}', {
  query: '?raw',
  import: 'default',
  eager: true,
})
const CONTRACT: Record<string, string> = import.meta.glob('../../openapi.json', {
  query: '?raw',
  import: 'default',
  eager: true,
})
const plain = (address: string) => address.replace(/\$?\{[^}]*\}/g, '{}').replace(/(\?.*|(?<!\/)\{\})$/, '')

function written(): string[] {
  return Object.entries(SOURCES)
    .filter(([name]) => !name.endsWith('schema.d.ts'))
    .flatMap(([, text]) =>
      [...text.matchAll(/[`'"](\/api\/v1\/[^`'"\s]*)[`'"]/g)].map((found) => plain(found[1]!)),
    )
}

it('every address a page asks is one of the API, those put together by hand too', () => {
  const known = new Set(Object.keys(JSON.parse(Object.values(CONTRACT)[0]!).paths as object).map(plain))
  const asked = [...new Set(written())]
  expect(asked.length).toBeGreaterThan(50)
  // `sheet.${format}`: one of its formats will do.
  const isOf = (address: string) =>
    known.has(address) || (address.endsWith('.') && [...known].some((each) => each.startsWith(address)))
  expect(asked.filter((address) => !isOf(address))).toEqual([])
})
