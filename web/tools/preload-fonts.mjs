/**
 * Adds `<link rel="preload">` to index.html for the built font files whose name matches.
 * @param {readonly RegExp[]} names
 * @returns {import('vite').Plugin}
 */
export function preloadFonts(names) {
  return {
    name: 'tertulia:preload-fonts',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler(_html, { bundle }) {
        return Object.keys(bundle ?? {})
          .filter((file) => file.endsWith('.woff2') && names.some((name) => name.test(file)))
          .map((file) => ({
            tag: 'link',
            injectTo: 'head',
            attrs: {
              rel: 'preload',
              as: 'font',
              type: 'font/woff2',
              href: `/${file}`,
              crossorigin: '',
            },
          }))
      },
    },
  }
}
