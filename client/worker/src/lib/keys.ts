/** A new Idempotency-Key. It need not be secret, only never the same twice for one person; WeChat has no `crypto`. */
export function newKey(): string {
  let key = Date.now().toString(36)
  while (key.length < 32) key += Math.random().toString(36).slice(2)
  return key.slice(0, 32)
}
