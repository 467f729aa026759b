import { fileURLToPath } from 'node:url'
import { paraglideVitePlugin } from '@inlang/paraglide-js'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'
import { catalogue } from './tools/catalogue.mjs'
import { chunks } from './tools/chunks.mjs'
import { preloadFonts } from './tools/preload-fonts.mjs'
import { serviceWorker } from './tools/service-worker.mjs'

const api = process.env.TERTULIA_API ?? 'http://127.0.0.1:8000'
// Only the two faces every first paint uses; the others arrive when text asks for them.
const words = /source-sans-3-latin-wght-normal/
const headings = /alegreya-latin-wght-normal/

/** What it takes to read and write without a network; any other part is kept at its first use. */
const reading = [
  'app/shell/(signed-in|shell|switcher|shortcut-help)',
  'app/(row-actions|switcher-sources|thread-panel|updates)',
  'features/accounts/(front|sign-in)-page',
  'features/drafts/(drafts-page|remote-draft)',
  'features/emoji/(picker|reaction-picker)',
  'features/forwards/forwarded-from',
  'features/messages/(earlier|mention-others)',
  'features/polls/poll-card',
  'features/rooms/(api|preferences-api)',
  'features/scheduled/(later-bell|send-later-button)',
  'features/slash/commands',
  'features/voice/voice-body',
  'sync/socket',
  'ui/(OpenMenu|Popover|Tips)',
].map((path) => new RegExp(`/src/${path}\\.tsx?$`))

export default defineConfig({
  plugins: [
    // Tests find the catalogue compiled by `npm run messages`.
    process.env.VITEST ? [] : paraglideVitePlugin(catalogue),
    react(),
    tailwindcss(),
    preloadFonts([words, headings]),
    serviceWorker({ fonts: [words], entries: reading }),
  ],
  resolve: {
    alias: {
      '@': fileURLToPath(new URL('./src', import.meta.url)),
      'react-remove-scroll': fileURLToPath(new URL('./src/ui/no-scroll-lock.ts', import.meta.url)),
    },
  },
  build: {
    manifest: true,
    // light-dark(), oklch() and :has() without a polyfill; see styles/tokens.css.
    target: ['chrome123', 'safari17.5', 'firefox121'],
    cssTarget: ['chrome123', 'safari17.5', 'firefox121'],
    modulePreload: { polyfill: false },
    // data: URLs would need a looser Content-Security-Policy.
    assetsInlineLimit: 0,
    // The player's library is one piece of 580 kB, fetched with the first film and never before.
    chunkSizeWarningLimit: 600,
    rolldownOptions: { output: { codeSplitting: { groups: chunks } } },
  },
  server: {
    host: '127.0.0.1',
    proxy: {
      '/api': { target: api, changeOrigin: false },
      '/socket.io': { target: api, ws: true, changeOrigin: false },
    },
  },
  test: {
    environment: 'happy-dom',
    setupFiles: ['./src/test-setup.ts'],
    include: ['{src,worker}/**/*.test.{ts,tsx}', 'tools/**/*.test.ts'],
    restoreMocks: true,
  },
})
