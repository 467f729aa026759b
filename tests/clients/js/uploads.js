// One upload by an unmodified client: node uploads.js <package.json of the web client> <plan>
// Says what happens in lines of JSON: {progress}, {retry}, {done, file, url}, {failed}.
import { createHash } from 'node:crypto'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

const require = createRequire(process.argv[2])
const plan = JSON.parse(process.argv[3])
const load = (name) => import(pathToFileURL(require.resolve(name)))
const say = (what) => process.stdout.write(`${JSON.stringify(what)}\n`)

// The same bytes for whoever knows the size: no two blocks alike.
const BLOCK = 4096
const bytes = Buffer.alloc(plan.size)
for (let at = 0; at < plan.size; at += BLOCK) {
  bytes.fill(createHash('sha256').update(String(at)).digest(), at, Math.min(plan.size, at + BLOCK))
}

const headers = { Authorization: `Bearer ${plan.token}` }
const retryDelays = [0, 200, 500, 1000, 1000, 2000, 2000, 3000, 3000, 3000, 3000, 3000]
const metadata = { room_id: plan.room, filename: 'film.bin', filetype: 'application/octet-stream' }

const outcome = {
  onProgress: (progress) => say({ progress }),
  onShouldRetry(error) {
    const status = error.originalResponse?.getStatus() ?? 0
    say({ retry: status })
    return status === 0 || status === 409 || status === 423 || status >= 500
  },
}

async function byTus() {
  const tus = await load('tus-js-client')
  const Upload = tus.Upload ?? tus.default.Upload
  const upload = new Upload(bytes, {
    endpoint: plan.endpoint,
    uploadUrl: plan.url ?? null,
    headers,
    retryDelays,
    metadata,
    ...outcome,
    onSuccess: ({ lastResponse }) =>
      say({ done: true, file: lastResponse.getHeader('Tertulia-File'), url: upload.url }),
    onError: (error) => say({ failed: String(error), url: upload.url }),
    ...plan.options,
  })
  if (plan.pauseAt) {
    // As somebody who stops in the middle, and goes on with what the client still knows.
    const { onProgress } = upload.options
    let paused = false
    upload.options.onProgress = (sent, total) => {
      onProgress(sent, total)
      if (paused || sent < plan.pauseAt) return
      paused = true
      upload.abort().then(() => {
        say({ paused: sent })
        upload.start()
      })
    }
  }
  upload.start()
}

async function byUppy() {
  const { default: Uppy } = await load('@uppy/core')
  const { default: Tus } = await load('@uppy/tus')
  const uppy = new Uppy({ allowMultipleUploadBatches: true })
  uppy.use(Tus, { endpoint: plan.endpoint, headers, retryDelays, ...outcome, ...plan.options })
  uppy.addFile({
    name: 'film.bin',
    type: 'application/octet-stream',
    data: bytes,
    size: bytes.length,
    meta: { room_id: plan.room },
  })
  let file = null
  uppy.on('upload-progress', (_file, { bytesUploaded }) => say({ progress: bytesUploaded }))
  uppy.on('upload-success', (_file, answer) => {
    file = answer.body?.xhr?.headers?.['tertulia-file'] ?? null
    say({ done: true, file, url: answer.uploadURL })
  })
  uppy.on('upload-error', (_file, error) => say({ failed: String(error) }))
  await uppy.upload()
}

await (plan.client === 'uppy' ? byUppy() : byTus())
