// Runs before the first paint, so that a dark evening does not open with a white flash.
// A file and not an inline script: the Content-Security-Policy then needs no hash.
// Twin of src/app/apply-preferences.ts, which keeps the attributes right afterwards.
;(() => {
  const root = document.documentElement
  let saved = {}
  try {
    saved = JSON.parse(localStorage.getItem('tertulia.preferences') || '{}').state || {}
  } catch {
    // Private mode or a damaged value: the system's choices are good ones.
  }
  if (saved.theme === 'light' || saved.theme === 'dark') root.dataset.theme = saved.theme
  if (saved.density === 'compact') root.dataset.density = 'compact'
  if (saved.textSize === 'small' || saved.textSize === 'large') root.dataset.text = saved.textSize
  if (saved.motion === 'reduced') root.dataset.motion = 'reduced'
  if (typeof saved.locale === 'string' && saved.locale !== 'system') root.lang = saved.locale
})()
