/** In a browser a page's script is fetched when the page is first opened: too late in a room without signal. */
export function preload(pages: string[]): void {
  // #ifdef H5
  for (const url of pages) uni.preloadPage({ url, fail: () => undefined })
  // #endif
}
