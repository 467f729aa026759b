// The driver on standard input and output: [number, verb, ...arguments] in, [number, result] out.

import { createInterface } from 'node:readline'
import { io } from 'socket.io-client'
import './driver.js'

const { openDriver, wire } = globalThis
const driver = openDriver(io)

createInterface({ input: process.stdin })
  .on('line', async (line) => {
    const [number, verb, ...args] = wire.unpack(line)
    const result = (await driver[verb](...args)) ?? null
    process.stdout.write(`${wire.pack([number, result])}\n`)
  })
  .on('close', () => process.exit())
