/** Which operations somebody's roles open, by the table the API gives out. */

interface Door {
  operation: string
  roles: string[]
}

/** Roles nobody is granted: whoever is signed in passes such a door. */
const EVERYBODY = ['worker']

export function openDoors(doors: readonly Door[], held: readonly { role: string }[]): Set<string> {
  const roles = new Set([...EVERYBODY, ...held.map(({ role }) => role)])
  return new Set(
    doors.filter((door) => door.roles.some((role) => roles.has(role))).map(({ operation }) => operation),
  )
}
