/** In a browser: what uni's own parts leave out for people who do not see, or use no pointer. */
const PRESSED_BY_KEYS = '[role="button"],[role="radio"],[role="switch"],[role="link"],[role="tab"]'

export function startAccessibility(): void {
  // #ifdef H5
  document.addEventListener('keydown', press)
  dress()
  new MutationObserver(dress).observe(document.body, { childList: true, subtree: true })
  // #endif
}

// #ifdef H5
/** Whatever has a button's role is pressed by Enter and Space too. */
function press(event: KeyboardEvent): void {
  const target = event.target as HTMLElement | null
  if ((event.key !== 'Enter' && event.key !== ' ') || !target?.matches(PRESSED_BY_KEYS)) return
  event.preventDefault()
  target.click()
}

/** uni draws a tab bar and a way back that say nothing of what they are; a picture in them repeats the words beside it. */
function dress(): void {
  for (const item of document.querySelectorAll('.uni-tabbar__item:not([role])')) name(item, 'link')
  for (const back of document.querySelectorAll('.uni-page-head-btn:not([role])')) {
    name(back, 'button')
    back.setAttribute('aria-label', '返回')
  }
  // What one of our own pictures says stands on its frame, the <image>.
  for (const picture of document.querySelectorAll('uni-tabbar img:not([alt]), uni-image img:not([alt])'))
    picture.setAttribute('alt', '')
}

function name(element: Element, role: string): void {
  element.setAttribute('role', role)
  element.setAttribute('tabindex', '0')
}
// #endif
