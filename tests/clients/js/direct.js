// One upload past the server by an unmodified Uppy: node direct.js <web's package.json> <plan>
// Says in lines of JSON: {asked} of our routes, {part}, and at the end {done} or {failed}.
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

const require = createRequire(process.argv[2])
const plan = JSON.parse(process.argv[3])
const load = (name) => import(pathToFileURL(require.resolve(name)))
const say = (what) => process.stdout.write(`${JSON.stringify(what)}\n`)
const send = globalThis.fetch

// A browser's cookie; Uppy's plug-in for S3 has no place for other credentials.
globalThis.fetch = (url, options = {}) => {
  const { pathname } = new URL(url)
  say({ asked: `${options.method ?? 'GET'} ${pathname.replace(/.*\/direct/, '')}` })
  const headers = { ...options.headers, Authorization: `Bearer ${plan.token}` }
  return send(url, { ...options, headers })
}

// What Node lacks of a browser.
globalThis.XMLHttpRequest = class {
  upload = {}
  status = 0
  statusText = ''
  #aborter = new AbortController()
  #headers = {}
  open(method, url) {
    this.#aborter = new AbortController()
    this.request = { method, url }
  }
  setRequestHeader(name, value) {
    this.#headers[name] = value
  }
  getResponseHeader(name) {
    return this.answer?.headers.get(name) ?? null
  }
  abort() {
    this.#aborter.abort()
  }
  async send(body) {
    const { method, url } = this.request
    const bytes = body instanceof FormData ? body : new Uint8Array(await body.arrayBuffer())
    try {
      const { signal } = this.#aborter
      this.answer = await send(url, { method, headers: this.#headers, body: bytes, signal })
      this.responseText = await this.answer.text()
    } catch (error) {
      if (error.name !== 'AbortError') this.onerror?.(error)
      return
    }
    this.status = this.answer.status
    this.statusText = this.responseText
    this.upload.onprogress?.({
      lengthComputable: true,
      loaded: body.size ?? 1,
      total: body.size ?? 1,
    })
    this.onload?.()
  }
}

const { default: Uppy } = await load('@uppy/core')
const { default: AwsS3 } = await load('@uppy/aws-s3')
const uppy = new Uppy()
uppy.use(AwsS3, { companionEndpoint: plan.endpoint, shouldUseMultipart: plan.way === 'parts' })
const data = new Blob([new Uint8Array(plan.size).fill(7)], { type: 'video/mp4' })
uppy.addFile({ name: 'film.mp4', type: 'video/mp4', data, meta: { size: plan.size } })
uppy.on('s3-multipart:part-uploaded', (file, part) => {
  say({ part: part.PartNumber })
  if (part.PartNumber !== plan.pauseAfter) return
  uppy.pauseResume(file.id)
  setTimeout(() => uppy.pauseResume(file.id), 0)
})
uppy.on('upload-error', (_file, error) => say({ failed: String(error) }))
uppy.on('upload-success', (_file, answer) => say({ done: answer.body }))
await uppy.upload()
