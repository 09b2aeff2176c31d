/** In a browser whatever has a button's role is pressed by Enter and Space too. */
export function startKeyboard(): void {
  // #ifdef H5
  document.addEventListener('keydown', (event) => {
    const target = event.target as HTMLElement | null
    if (event.key !== 'Enter' && event.key !== ' ') return
    if (!target?.matches('[role="button"],[role="radio"],[role="switch"],[role="link"],[role="tab"]')) return
    event.preventDefault()
    target.click()
  })
  // #endif
}
