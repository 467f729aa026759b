import { compile } from '@inlang/paraglide-js'
import { catalogue } from './catalogue.mjs'

await compile(catalogue)
