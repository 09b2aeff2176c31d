/**
 * The `details` of a refusal as messages by form field: {"lessons": {"0": {"ends_at": [..]}}} -> "lessons.0.ends_at".
 * Numbers, states and times in it are not messages.
 */

export type FieldErrors = Record<string, string>

export function fieldErrors(details: Record<string, unknown>, prefix = ''): FieldErrors {
  const found: FieldErrors = {}
  for (const [name, value] of Object.entries(details)) {
    const path = prefix ? `${prefix}.${name}` : name
    if (Array.isArray(value)) {
      const said = value.filter((one) => typeof one === 'string')
      if (said.length) found[path] = said.join('；')
    } else if (value && typeof value === 'object')
      Object.assign(found, fieldErrors(value as Record<string, unknown>, path))
  }
  return found
}

/** Messages for which the form has no field: shown above it, so that none is lost. */
export function homeless(errors: FieldErrors, fields: readonly string[]): string[] {
  return Object.entries(errors)
    .filter(([path]) => !fields.some((field) => path === field || path.startsWith(`${field}.`)))
    .map(([, said]) => said)
}

/** Why a person may not book, one line each, with what can be done about it. */
export function reasonsOf(details: Record<string, unknown>): string[] {
  if (!Array.isArray(details.reasons)) return []
  return (details.reasons as { detail?: string; next_step?: string }[]).map(({ detail, next_step }) =>
    [detail, next_step].filter(Boolean).join('。'),
  )
}
