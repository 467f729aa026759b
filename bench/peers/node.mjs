// The original: `socket.io` as its documentation sets it up, WebSocket only, no compression.
import { createServer } from 'node:http'
import { Server } from 'socket.io'

const http = createServer()
const io = new Server(http, {
  transports: JSON.parse(process.env.TRANSPORTS ?? '["websocket"]'),
  perMessageDeflate: false,
  serveClient: false,
})
io.on('connection', (socket) => {
  socket.join('lobby')
  socket.on('say', (text) => io.to('lobby').emit('msg', text))
})
// With --expose-gc: what is garbage does not count as memory.
process.on('SIGUSR2', () => globalThis.gc?.())
http.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => console.log(http.address().port))
