// One Socket.IO client in a test's hands, the same in Node and in a page: plain script, no module.
// Verbs take and give JSON. Bytes travel as {"$bytes": base64}. Everything a socket is told is
// kept in order; what befalls the connection is told as well, under names with a `$`.

globalThis.openDriver = (io) => {
  const sockets = new Map() // by namespace; all of one address share a connection
  const told = [] // {namespace, name, args}
  let waiting = [] // looks at `told` again whenever something was added

  const of = (namespace) => sockets.get(namespace)

  function tell(namespace, name, args) {
    told.push({ namespace, name, args })
    waiting = waiting.filter((look) => !look())
  }

  const heard = (namespace, name) =>
    told.filter((one) => one.namespace === namespace && one.name === name).map((one) => one.args)

  function listen(socket, namespace) {
    const engine = socket.io
    socket.on('connect', () => tell(namespace, '$connect', [socket.id, socket.recovered]))
    socket.on('connect_error', (e) =>
      tell(namespace, '$connect_error', [e.message, e.data ?? null]),
    )
    socket.on('disconnect', (reason) => tell(namespace, '$disconnect', [reason]))
    socket.onAny((name, ...args) => {
      // A server that asks for an answer gives a callback last.
      const answer = typeof args.at(-1) === 'function' ? args.pop() : null
      tell(namespace, name, args)
      if (name === 'sum') answer(args[0] + args[1])
      if (name === 'mirror') answer(...args)
    })
    engine.on('open', () => {
      tell(namespace, '$open', [engine.engine.transport.name])
      engine.engine.on('upgrade', (transport) => tell(namespace, '$upgrade', [transport.name]))
    })
    engine.on('reconnect_attempt', () => tell(namespace, '$attempt', []))
  }

  return {
    /** Returns at once: `until` `$connect` or `$connect_error`. */
    connect(url, namespace, options) {
      const socket = io(url + namespace, options)
      sockets.set(namespace, socket)
      listen(socket, namespace)
    },

    /** The arguments of the first `count` events of this name, once they are there. */
    until(namespace, name, count) {
      return new Promise((resolve) => {
        const look = () => {
          const found = heard(namespace, name)
          if (found.length >= count) resolve(found.slice(0, count))
          return found.length >= count
        }
        if (!look()) waiting.push(look)
      })
    },

    emit(namespace, name, args) {
      of(namespace).emit(name, ...args)
    },

    emitVolatile(namespace, name, args) {
      of(namespace).volatile.emit(name, ...args)
    },

    /** `{answer}`, or `{timeout: true}`. */
    async ask(namespace, name, args, milliseconds) {
      const patient = of(namespace).timeout(milliseconds)
      try {
        return { answer: await patient.emitWithAck(name, ...args) }
      } catch {
        return { timeout: true }
      }
    },

    /**
     * Say 1 to `count` under `name` from the moment it is connected, a few at each turn, and at
     * least a third of them after the upgrade. How many were said before it.
     */
    async countAcrossUpgrade(namespace, name, count) {
      const socket = of(namespace)
      await this.until(namespace, '$connect', 1)
      let before = 0
      for (let number = 1; number <= count; number += 1) {
        if (heard(namespace, '$upgrade').length === 0) before = number
        if (before > (count * 2) / 3) await this.until(namespace, '$upgrade', 1)
        socket.emit(name, number)
        if (number % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 0))
      }
      return before
    },

    heard,

    async speaks(namespace, transport) {
      const socket = of(namespace)
      if (socket.io.engine.transport.name !== transport) await this.until(namespace, '$upgrade', 1)
      if (socket.io.engine.transport.name !== transport) throw new Error('another transport')
    },

    state(namespace) {
      const socket = of(namespace)
      return {
        id: socket.id ?? null,
        connected: socket.connected,
        recovered: socket.recovered,
        transport: socket.io.engine?.transport?.name ?? null,
      }
    },

    /** The network goes: no goodbye of ours reaches the server. */
    drop(namespace) {
      of(namespace).io.engine.close()
    },

    disconnect(namespace) {
      of(namespace).disconnect()
    },

    connectAgain(namespace) {
      of(namespace).connect()
    },
  }
}

/** JSON with bytes in it, both ways. */
globalThis.wire = {
  pack: (value) =>
    JSON.stringify(value, function (key, shown) {
      const raw = this[key] // before Buffer's own toJSON
      const view = raw instanceof ArrayBuffer ? new Uint8Array(raw) : raw
      if (!ArrayBuffer.isView(view)) return shown
      const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
      let text = ''
      for (let at = 0; at < bytes.length; at += 4096) {
        text += String.fromCharCode(...bytes.subarray(at, at + 4096))
      }
      return { $bytes: btoa(text) }
    }),

  unpack: (text) =>
    JSON.parse(text, (_, value) => {
      if (typeof value?.$bytes !== 'string') return value
      return Uint8Array.from(atob(value.$bytes), (letter) => letter.charCodeAt(0)).buffer
    }),
}
