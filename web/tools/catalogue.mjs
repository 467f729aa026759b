/** How the catalogue is compiled; vite.config.ts and `npm run messages` share it. */

/** @type {import('@inlang/paraglide-js').CompilerOptions} */
export const catalogue = {
  project: './project.inlang',
  outdir: './src/i18n/paraglide',
  // The choice of language is ours (src/i18n/locale.ts): no cookie, no URL, no reload.
  strategy: ['globalVariable', 'baseLocale'],
  emitTsDeclarations: true,
  emitGitIgnore: false,
  emitPrettierIgnore: false,
  emitReadme: false,
  // Two compilations may run at once (a dev server and a test run): neither sweeps the other's files.
  cleanOutdir: false,
}
