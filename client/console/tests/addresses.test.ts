import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const SOURCE = join(import.meta.dirname, '../src')
const CONTRACT = join(import.meta.dirname, '../../openapi.json')
const plain = (address: string) => address.replace(/\$?\{[^}]*\}/g, '{}').replace(/(\?.*|(?<!\/)\{\})$/, '')

function written(): string[] {
  const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|vue)$/.test(name) && !name.endsWith('schema.d.ts'))
    .map((name) => readFileSync(join(SOURCE, name), 'utf8'))
  return files.flatMap((text) =>
    [...text.matchAll(/[`'"](\/api\/v1\/[^`'"\s]*)[`'"]/g)].map((found) => plain(found[1]!)),
  )
}

it('every address a page asks is one of the API, those put together by hand too', () => {
  const known = new Set(Object.keys(JSON.parse(readFileSync(CONTRACT, 'utf8')).paths).map(plain))
  const asked = [...new Set(written())]
  expect(asked.length).toBeGreaterThan(50)
  // `sheet.${format}`: one of its formats will do.
  const isOf = (address: string) =>
    known.has(address) || (address.endsWith('.') && [...known].some((each) => each.startsWith(address)))
  expect(asked.filter((address) => !isOf(address))).toEqual([])
})
