import type { Plugin } from 'vite'

/** Adds `<link rel="preload">` to index.html for the built font files whose name matches. */
export function preloadFonts(names: readonly RegExp[]): Plugin {
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
            injectTo: 'head' as const,
            attrs: { rel: 'preload', as: 'font', type: 'font/woff2', href: `/${file}`, crossorigin: '' },
          }))
      },
    },
  }
}
